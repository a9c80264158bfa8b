// What a person may do, in one place. The server decides; these rules only say beforehand what it would say, so that a
// control can be disabled with its reason. Each answers null when it may be done, else the reason in words.
import type { Me, Member, Queue, Task } from "@/api/types";
import { lookUp } from "@/words/look-up";
import { stageOf, stagesOf } from "@/words/workflow";

/** The names of actions as the server sends them in `Me.permissions`. */
export type Action =
  | "task.read"
  | "task.comment"
  | "task.review"
  | "task.cancel"
  | "task.assign"
  | "task.reopen"
  | "task.override"
  | "task.explain"
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
  "task.override": "decide in place of a stage's rule",
  "task.explain": "see why a task went to whom",
  "queue.read": "read queues",
  "queue.write": "change queues",
  "member.read": "see who is a member",
  "member.manage": "manage members",
  "key.manage": "manage API keys",
  "event.read": "follow events",
  "audit.read": "read the audit log",
};

type Asking = Pick<Queue, "reviewer_ids" | "stages">;

/** Why I may not review in this queue. Its stages may ask others than the queue does, and so may who delegates to me. */
export function barToQueue(me: Me, queue: Asking, standsIn = false): string | null {
  const bar = barTo(me, "task.review");
  if (bar !== null || standsIn) return bar;
  if (stagesOf(queue).every((stage) => asks(queue, stage.reviewers, me.member.id) === false)) {
    return "You are not one of this queue's reviewers.";
  }
  return null;
}

/** Whether a stage asks a member; null when that depends on groups, whose members the server knows. */
function asks(
  queue: Asking,
  reviewers: ReturnType<typeof stagesOf>[number]["reviewers"],
  memberId: string,
): boolean | null {
  if (reviewers === null) return queue.reviewer_ids === null || queue.reviewer_ids.includes(memberId);
  if (reviewers.member_ids?.includes(memberId)) return true;
  return (reviewers.groups ?? []).length === 0 ? false : null;
}

/** Why I may not decide this task now. */
export function barToReview(
  me: Me,
  task: Task,
  queue: Asking & Pick<Queue, "allow_own_review">,
  standsIn = false,
): string | null {
  const closed = barOfState(task);
  if (closed !== null) return closed;
  const role = barTo(me, "task.review");
  if (role !== null) return role;
  const stage = stageOf(queue, task);
  const mine = (task.reviews ?? []).filter(
    (review) =>
      review.reviewer_id === me.member.id &&
      review.voided_at === null &&
      !review.surplus &&
      review.revision === task.revision,
  );
  if (mine.some((review) => review.stage === task.stage)) return REFUSALS.already_reviewed;
  if (task.created_by.kind === "member" && task.created_by.id === me.member.id && !queue.allow_own_review)
    return "You submitted this task: somebody else has to decide it.";
  if (stage.separate && mine.some((review) => review.stage < task.stage))
    return "You reviewed an earlier stage of this task: somebody else has to decide here.";
  // An escalation may name somebody whom the stage does not ask.
  const isNamed = standsIn || task.assignee_id === me.member.id;
  if (!isNamed && asks(queue, stage.reviewers, me.member.id) === false)
    return stage.reviewers === null
      ? "You are not one of this queue's reviewers."
      : "You are not one of this stage's reviewers.";
  // Where several review at the same time, the server knows whether a place is free.
  if (task.wanted > 1) return null;
  if (heldByOther(me, task)) return `${task.lease?.member_name ?? "Somebody"} is reviewing this task now.`;
  if (task.assignee_id !== null && task.assignee_id !== me.member.id) return REFUSALS.task_assigned;
  return null;
}

/** What the server's refusals to let me review come to, said plainly. */
export const REFUSALS = {
  already_reviewed: "Your review is in. The task waits for the other reviewers.",
  separation_of_duties:
    "You, or whom you act for, submitted this task or reviewed an earlier stage of it: somebody else has to decide here.",
  task_assigned: "This task is assigned to another reviewer.",
  not_a_reviewer: "You are not one of this stage's reviewers.",
  offer_ended: "This offer has ended: its time was over, or somebody decided, cancelled or revised the task.",
} as const;

/** The sentence for a refusal that stands whatever I enter; null for one that may pass by itself. */
export function barOfRefusal(code: string | null | undefined): string | null {
  return lookUp(REFUSALS, code) ?? null;
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
