import { describe, expect, it } from "vitest";
import { keysOf } from "./live";

describe("what an event makes doubtful", () => {
  it("is the task, the lists and the counts when a task changes", () => {
    expect(keysOf({ type: "task.reviewed", task_id: "task_1" })).toEqual([
      ["task", "task_1"],
      ["tasks"],
      ["queue"],
      ["offer"],
    ]);
  });

  it("is the task alone for a comment", () => {
    expect(keysOf({ type: "task.commented", task_id: "task_1" })).toEqual([["task", "task_1"]]);
  });

  it("is what is offered to me, and the task, when an offer or a stage ends", () => {
    for (const type of ["task.offered", "offer.ended", "stage.completed", "skill.dropped", "sla.breached"]) {
      expect(keysOf({ type, task_id: "task_1" })).toContainEqual(["offer"]);
      expect(keysOf({ type, task_id: "task_1" })).toContainEqual(["task", "task_1"]);
    }
    expect(keysOf({ type: "sla.warning", task_id: "task_1" })).toEqual([["task", "task_1"]]);
  });

  it("is whether people are there when one says so", () => {
    expect(keysOf({ type: "member.availability", task_id: null })).toEqual([["availability"]]);
    expect(keysOf({ type: "absence.created", task_id: null })).toContainEqual(["absence"]);
  });

  it("is nothing for what no screen shows", () => {
    expect(keysOf({ type: "audit.exported", task_id: null })).toEqual([]);
    expect(keysOf({ type: "login.failed", task_id: null })).toEqual([]);
  });
});
