// What a person may do, in one place. The server decides; these rules only say beforehand what it would say, so that a
// control can be disabled with its reason. Each answers null when it may be done, else the reason in words.
import type { Me, Member, Queue, Task } from "@/api/types";

/** The names of actions as the server sends them in `Me.permissions`. */
export type Action =
  | "task.read"
  | "task.comment"
  | "task.review"
  | "task.cancel"
  | "task.assign"
  | "task.reopen"
  | "queue.read"
  | "queue.write"
  | "member.read"
  | "member.manage"
  | "key.manage"
  | "event.read"
  | "audit.read";

export function may(me: Me | null | undefined, action: Action): boolean {
  return me?.permissions.includes(action) ?? false;
}

/** Why I may not do this at all; null when I may. */
export function barTo(me: Me, action: Action): string | null {
  if (may(me, action)) return null;
  return `Your role (${me.member.role}) may not ${DEEDS[action]}.`;
}

const DEEDS: Record<Action, string> = {
  "task.read": "read tasks",
  "task.comment": "comment on tasks",
  "task.review": "review tasks",
  "task.cancel": "cancel tasks",
  "task.assign": "assign tasks",
  "task.reopen": "reopen tasks",
  "queue.read": "read queues",
  "queue.write": "change queues",
  "member.read": "see who is a member",
  "member.manage": "manage members",
  "key.manage": "manage API keys",
  "event.read": "follow events",
  "audit.read": "read the audit log",
};

/** Why I may not review in this queue. */
export function barToQueue(me: Me, queue: Pick<Queue, "reviewer_ids" | "name">): string | null {
  const bar = barTo(me, "task.review");
  if (bar !== null) return bar;
  if (queue.reviewer_ids !== null && !queue.reviewer_ids.includes(me.member.id)) {
    return "You are not one of this queue's reviewers.";
  }
  return null;
}

/** Why I may not decide this task now. */
export function barToReview(me: Me, task: Task, queue: Pick<Queue, "reviewer_ids" | "name">): string | null {
  const closed = barOfState(task);
  if (closed !== null) return closed;
  const bar = barToQueue(me, queue);
  if (bar !== null) return bar;
  if (heldByOther(me, task)) return `${task.lease?.member_name ?? "Somebody"} is reviewing this task now.`;
  if (task.assignee_id !== null && task.assignee_id !== me.member.id)
    return "This task is assigned to another reviewer.";
  return null;
}

/** Why I may not change this member. */
export function barToMember(me: Me, member: Member): string | null {
  const bar = barTo(me, "member.manage");
  if (bar !== null) return bar;
  if (member.role === "owner" && me.member.role !== "owner") return "Only an owner can change another owner.";
  return null;
}

/** Why I may not end this member's access. */
export function barToDisable(me: Me, member: Member): string | null {
  return barToMember(me, member) ?? (member.id === me.member.id ? "You cannot disable yourself." : null);
}

/** Why a task in this state cannot be decided; null while it is open. */
export function barOfState(task: Pick<Task, "state">): string | null {
  switch (task.state) {
    case "queued":
      return null;
    case "pending":
      return "This task is not open to reviewers yet.";
    case "reviewed":
      return "This task is decided.";
    case "cancelled":
      return "This task was cancelled.";
    case "expired":
      return "This task has expired.";
  }
}

export function heldByOther(me: Me, task: Pick<Task, "lease">): boolean {
  return task.lease !== null && task.lease.member_id !== me.member.id;
}

export function isOpen(task: Pick<Task, "state">): boolean {
  return task.state === "pending" || task.state === "queued";
}
