import { describe, expect, it } from "vitest";
import { titleOf } from "./title";

const outer = { staticData: {}, params: {} };

describe("the title of a screen", () => {
  it("is that of the innermost screen that has one", () => {
    const settings = { staticData: { title: "Settings" }, params: {} };
    expect(titleOf([outer, settings, outer])).toBe("Settings · Signoff");
    expect(titleOf([outer, settings, { staticData: { title: "Members" }, params: {} }])).toBe("Members · Signoff");
  });

  it("names what the address names", () => {
    const queue = {
      staticData: { title: ({ key }: Record<string, string>) => `Queue ${key}` },
      params: { key: "mails" },
    };
    expect(titleOf([outer, queue])).toBe("Queue mails · Signoff");
  });

  it("says when nothing is there", () => {
    expect(titleOf([outer])).toBe("Not found · Signoff");
  });
});
