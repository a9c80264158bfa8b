import { describe, expect, it } from "vitest";
import type { Me, Task } from "@/api/types";
import { barToDisable, barToMember, barToReview } from "./rules";

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
const queue = { name: "Refunds", reviewer_ids: null };
const task = { state: "queued", lease: null, assignee_id: null } as Task;
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

describe("changing members", () => {
  it("leaves owners to owners, and nobody disables themselves", () => {
    const owner = { ...me.member, id: "mem_9", role: "owner" as const };
    expect(barToMember(me, owner)).toBe("Only an owner can change another owner.");
    expect(barToMember({ ...me, member: { ...me.member, role: "owner" } }, owner)).toBeNull();
    expect(barToDisable(me, me.member)).toBe("You cannot disable yourself.");
  });
});
