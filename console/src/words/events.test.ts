import { describe, expect, it } from "vitest";
import type { Event } from "@/api/types";
import { deedOf, namesMembers, principalOf, reviewsIn, standsFor } from "./events";

const names: Record<string, string> = { mem_1: "Ada", mem_2: "Jonas" };
const nameOf = (id: string) => names[id] ?? "a member";
const told = (type: string, detail: object = {}) => deedOf({ type, detail: { ...detail } }, nameOf);

describe("sentences of events", () => {
  it.each<[string, object, string]>([
    ["stage.opened", { stage: "legal", wanted: 2 }, "opened the stage legal, which wants 2 reviews"],
    [
      "stage.passed",
      { stage: "legal", why: "not_applicable" },
      "passed by the stage legal: its condition does not hold",
    ],
    ["stage.passed", { stage: "risk", why: "policy_decided" }, "decided the stage risk by policy"],
    [
      "stage.passed",
      { stage: "risk", why: "abstained", reason: "no such key" },
      "passed the stage risk on undecided: no such key",
    ],
    ["stage.completed", { stage: "legal", ended: "complete", reviews: 2 }, "completed the stage legal after 2 reviews"],
    [
      "stage.completed",
      { stage: "legal", ended: "disagreement", reviews: 2 },
      "completed the stage legal after 2 reviews, without agreement",
    ],
    ["stage.impossible", { missing: 1 }, "found too few reviewers left for the stage: 1 more is needed"],
    ["task.offered", { member_id: "mem_2", on_behalf_of: "mem_1" }, "offered it to Jonas on behalf of Ada"],
    ["offer.ended", { member_id: "mem_2", state: "expired" }, "let the offer to Jonas run out"],
    ["offer.ended", { member_id: "mem_2", state: "declined" }, "declined the offer to Jonas"],
    ["task.assigned", { assignee_id: "mem_2", cause: "escalation" }, "assigned it to Jonas, by escalation"],
    ["task.assigned", { assignee_id: null, before: "mem_2" }, "took it from Jonas"],
    ["task.unroutable", {}, "found nobody to offer it to"],
    ["skill.dropped", { skill: "swedish" }, "no longer asks for the skill swedish"],
    ["task.overflowed", { overflow_queue: "helpers" }, "asked the reviewers of helpers to help out"],
    ["task.moved", { from: "a", to: "b" }, "moved it from a to b"],
    [
      "task.prioritized",
      { before: "normal", priority: "high", cause: "ageing" },
      "changed the priority from normal to high, since it has waited long",
    ],
    ["task.overridden", {}, "decided it in place of the stage's rule"],
    ["sla.warning", { metric: "total", percent: 75 }, "warned at 75 % of the time: until the task is decided"],
    [
      "sla.breached",
      { metric: "time_to_decision", stage: "legal" },
      "noted that the time is used up: until the stage is decided (legal)",
    ],
    [
      "task.escalated",
      { action: "notify", member_ids: ["mem_1", "mem_2"], loop: 1, step: 0 },
      "escalated it (step 1, round 1): told Ada and Jonas",
    ],
    [
      "task.escalated",
      { skipped: "unnecessary", step: 1 },
      "left a step of the escalation out (step 2): somebody takes care of it",
    ],
    [
      "task.escalated",
      { cause: "unroutable", action: "notify", member_ids: [] },
      "escalated it: told nobody that nobody can be asked",
    ],
    ["member.availability", { member_id: "mem_1", parts: ["presence"], presence: "away" }, "is away"],
    [
      "member.availability",
      { member_id: "mem_1", parts: ["skills"], presence: "away" },
      "changed when Ada is available",
    ],
    ["resource.changed", { kind: "calendar", key: "berlin" }, "changed the calendar berlin"],
    ["review.submitted", { surplus: true }, "had a late review kept as surplus, which counts for nothing"],
  ])("%s %o", (type, detail, words) => {
    expect(told(type, detail)).toBe(words);
  });

  it("have words for every type of review operations, even with nothing in them", () => {
    const types = [
      "stage.opened stage.passed stage.completed stage.impossible task.offered offer.ended task.unroutable skill.dropped",
      "task.overflowed task.moved task.prioritized task.overridden sla.warning sla.breached task.escalated",
      "member.availability delegation.created delegation.revoked absence.created absence.revoked",
      "resource.changed resource.deleted",
    ]
      .join(" ")
      .split(" ");
    for (const type of types) {
      expect(told(type)).not.toBe(type);
      expect(told(type)).not.toMatch(/null|undefined|NaN|\[object/);
    }
  });

  it("take nothing that is of another kind than it ought to be, and no name of a prototype", () => {
    expect(told("sla.warning", { percent: "<b>", metric: {} })).toBe("warned: a promised time");
    expect(told("task.escalated", { member_ids: [{}, 7], action: "notify" })).toBe("escalated it: told nobody");
    expect(told("task.unheard_of")).toBe("task.unheard_of");
    expect(told("constructor")).toBe("constructor");
    expect(told("sla.breached", { metric: "constructor" })).toBe("noted that the time is used up: a promised time");
  });

  it("know when names are needed", () => {
    expect(namesMembers({ type: "task.offered", detail: { member_id: "mem_1" } })).toBe(true);
    expect(namesMembers({ type: "task.claimed", detail: { lease_id: "lea_1" } })).toBe(false);
  });
});

describe("the history of a task", () => {
  const event = (type: string, by: string, detail: object = {}, revision = 1) =>
    ({ type, revision, detail, actor: { id: by } }) as unknown as Event;
  const review = (by: string, detail: object = {}, revision = 1) =>
    event("review.submitted", by, { stage: 0, ...detail }, revision);

  it("counts the reviews that are in: one for each reviewer, of this stage and revision", () => {
    const task = { stage: 0, revision: 2 };
    expect(reviewsIn(task, [])).toBe(0);
    const all = [
      review("mem_1"),
      event("task.revised", "key_1", {}, 2),
      review("mem_1", {}, 2),
      review("mem_2", {}, 2),
      review("mem_2", {}, 2),
      review("mem_3", { stage: 1 }, 2),
      review("mem_4", { surplus: true }, 2),
    ];
    expect(reviewsIn(task, all)).toBe(2);
    expect(reviewsIn(task, [...all, event("task.reopened", "mem_9", {}, 2)])).toBe(0);
  });

  it("says for whom one acts, by the last word on it", () => {
    const first = event("task.offered", "system", { member_id: "mem_1", on_behalf_of: "mem_2" });
    expect(principalOf("mem_1", [first])).toBe("mem_2");
    expect(principalOf("mem_2", [first])).toBeNull();
    expect(principalOf("mem_1", [first, event("task.assigned", "mem_9", { assignee_id: "mem_1" })])).toBeNull();
  });
});

describe("an offer", () => {
  it("stands for seconds, then minutes, and then no longer", () => {
    const at = (seconds: number) => new Date(seconds * 1000).toISOString();
    expect(standsFor(at(130), 0)).toBe("2 min");
    expect(standsFor(at(59), 0)).toBe("60 seconds");
    expect(standsFor(at(41), 0)).toBe("50 seconds");
    expect(standsFor(at(3), 0)).toBe("10 seconds");
    expect(standsFor(at(0), 0)).toBeNull();
  });
});
