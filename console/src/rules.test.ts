import { describe, expect, it } from "vitest";
import type { Me, Review, Stage, Task } from "@/api/types";
import { barOfRefusal, barToDisable, barToMember, barToQueue, barToReview } from "./rules";

const me: Me = {
  kind: "member",
  member: {
    id: "mem_1",
    email: "a@b.example",
    name: "Ada",
    role: "admin",
    state: "active",
    created_at: "",
    last_seen_at: null,
  },
  has_password: true,
  key: null,
  organization: { id: "org_1", name: "Org", created_at: "" },
  permissions: ["task.review", "member.manage"],
};
const queue = { reviewer_ids: null, stages: [], allow_own_review: false };
const task = {
  state: "queued",
  lease: null,
  assignee_id: null,
  stage: 0,
  wanted: 1,
  revision: 1,
  reviews: [],
  created_by: { kind: "agent", id: "key_1", name: "agent" },
} as unknown as Task;
const stage = (more: object) => ({ key: "legal", actor: "people", reviewers: null, separate: true, ...more }) as Stage;
const lease = { id: "lea_1", member_id: "mem_2", member_name: "Jonas", expires_at: "" };

describe("reviewing", () => {
  it("is open to whom the role, the queue and the task allow", () => {
    expect(barToReview(me, task, queue)).toBeNull();
    expect(barToReview(me, { ...task, assignee_id: "mem_1" }, queue)).toBeNull();
    expect(barToReview(me, { ...task, lease: { ...lease, member_id: "mem_1" } }, queue)).toBeNull();
  });

  it("is barred with the reason", () => {
    expect(barToReview({ ...me, permissions: [] }, task, queue)).toBe("Your role (admin) may not review tasks.");
    expect(barToReview(me, task, { ...queue, reviewer_ids: ["mem_2"] })).toBe(
      "You are not one of this queue's reviewers.",
    );
    expect(barToReview(me, { ...task, lease }, queue)).toBe("Jonas is reviewing this task now.");
    expect(barToReview(me, { ...task, assignee_id: "mem_2" }, queue)).toBe(
      "This task is assigned to another reviewer.",
    );
    for (const state of ["pending", "reviewed", "cancelled", "expired"] as const) {
      expect(barToReview(me, { ...task, state }, queue)).not.toBeNull();
    }
  });
});

describe("reviewing in stages", () => {
  const mine = (at: number, more: Partial<Review> = {}) =>
    ({ reviewer_id: "mem_1", stage: at, revision: 1, voided_at: null, surplus: false, ...more }) as Review;

  it("ends with one's own review, and bars from the stages after it", () => {
    expect(barToReview(me, { ...task, reviews: [mine(0)] }, queue)).toMatch(/^Your review is in/);
    const stages = [stage({ key: "first" }), stage({})];
    const second = { ...task, stage: 1, reviews: [mine(0)] };
    expect(barToReview(me, second, { ...queue, stages })).toMatch(/earlier stage/);
    expect(barToReview(me, second, { ...queue, stages: [stage({}), stage({ separate: false })] })).toBeNull();
  });

  it("does not count reviews that are void, surplus or of another revision", () => {
    for (const more of [{ voided_at: "2026-01-01T00:00:00Z" }, { surplus: true }, { revision: 2 }]) {
      expect(barToReview(me, { ...task, reviews: [mine(0, more)] }, queue)).toBeNull();
    }
  });

  it("is not for whoever submitted the task, unless the queue allows it", () => {
    const own = { ...task, created_by: { kind: "member", id: "mem_1", name: "Ada" } };
    expect(barToReview(me, own, queue)).toMatch(/^You submitted this task/);
    expect(barToReview(me, own, { ...queue, allow_own_review: true })).toBeNull();
  });

  it("asks whom the stage asks, and leaves groups and delegations to the server", () => {
    const named = (reviewers: object) => ({ ...queue, stages: [stage({ reviewers })] });
    expect(barToReview(me, task, named({ groups: [], member_ids: ["mem_2"] }))).toMatch(/this stage's reviewers/);
    expect(barToReview(me, task, named({ groups: ["legal"], member_ids: [] }))).toBeNull();
    expect(barToReview(me, task, named({ groups: [], member_ids: ["mem_2"] }), true)).toBeNull();
    expect(barToQueue(me, { ...queue, reviewer_ids: ["mem_2"] })).toMatch(/this queue's reviewers/);
    expect(barToQueue(me, named({ groups: ["legal"], member_ids: [] }))).toBeNull();
  });

  it("is open beside others where several review at once", () => {
    expect(barToReview(me, { ...task, wanted: 2, lease, assignee_id: "mem_2" }, queue)).toBeNull();
  });

  it("has a plain sentence for the refusals that stand", () => {
    for (const code of ["separation_of_duties", "already_reviewed", "task_assigned", "offer_ended"]) {
      expect(barOfRefusal(code)).not.toBeNull();
    }
    expect(barOfRefusal("task_leased")).toBeNull();
    expect(barOfRefusal("constructor")).toBeNull();
    expect(barOfRefusal(undefined)).toBeNull();
  });
});

describe("changing members", () => {
  it("leaves owners to owners, and nobody disables themselves", () => {
    const owner = { ...me.member, id: "mem_9", role: "owner" as const };
    expect(barToMember(me, owner)).toBe("Only an owner can change another owner.");
    expect(barToMember({ ...me, member: { ...me.member, role: "owner" } }, owner)).toBeNull();
    expect(barToDisable(me, me.member)).toBe("You cannot disable yourself.");
  });
});
