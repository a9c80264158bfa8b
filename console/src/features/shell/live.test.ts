import { describe, expect, it } from "vitest";
import { keysOf } from "./live";

describe("what an event makes doubtful", () => {
  it("is the task, the lists and the counts when a task changes", () => {
    expect(keysOf({ type: "task.reviewed", task_id: "task_1" })).toEqual([["task", "task_1"], ["tasks"], ["queue"]]);
  });

  it("is the task alone for a comment", () => {
    expect(keysOf({ type: "task.commented", task_id: "task_1" })).toEqual([["task", "task_1"]]);
  });

  it("is nothing for what no screen shows", () => {
    expect(keysOf({ type: "audit.exported", task_id: null })).toEqual([]);
    expect(keysOf({ type: "login.failed", task_id: null })).toEqual([]);
  });
});
