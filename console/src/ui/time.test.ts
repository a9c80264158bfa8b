import { describe, expect, it } from "vitest";
import { length, remaining } from "./time";

describe("lengths of time", () => {
  it.each([
    [30_000, "under a minute"],
    [59 * 60_000, "59 min"],
    [60 * 60_000, "1 h"],
    [130 * 60_000, "2 h 10 min"],
    [15 * 3_600_000 + 60_000, "15 h"],
    [26 * 3_600_000, "1 d 2 h"],
    [30 * 86_400_000, "30 d"],
  ])("%i ms is %s", (milliseconds, text) => expect(length(milliseconds)).toBe(text));

  it("say what remains and what is past in words", () => {
    const now = Date.parse("2026-11-24T12:00:00Z");
    expect(remaining("2026-11-24T12:20:00Z", now)).toEqual({ text: "20 min left", urgency: "soon" });
    expect(remaining("2026-11-25T12:00:00Z", now)).toEqual({ text: "1 d left", urgency: "calm" });
    expect(remaining("2026-11-24T11:55:00Z", now)).toEqual({ text: "overdue by 5 min", urgency: "late" });
  });
});
