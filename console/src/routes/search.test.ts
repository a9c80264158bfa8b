import { describe, expect, it } from "vitest";
import { loginSearch, reviewSearch, tasksSearch } from "./search";

describe("addresses", () => {
  it("drop what they do not understand", () => {
    expect(tasksSearch({ state: "nonsense", mine: "yes", queue: "refund" })).toEqual({
      state: undefined,
      queue: "refund",
      external_id: undefined,
      mine: undefined,
    });
    expect(reviewSearch({ tab: "<script>", view: "json", task: "" })).toEqual({
      queue: undefined,
      task: undefined,
      tab: undefined,
      view: "json",
    });
  });

  it("read an external id that is a number as text", () => {
    expect(tasksSearch({ external_id: 1042 }).external_id).toBe("1042");
  });

  it("lead back after login into this console only", () => {
    expect(loginSearch({ next: "/queue/refund?mine=true" }).next).toBe("/queue/refund?mine=true");
    for (const next of ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]) {
      expect(loginSearch({ next }).next).toBeUndefined();
    }
  });
});
