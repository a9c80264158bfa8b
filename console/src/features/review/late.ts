// A review that came too late to count. What was typed is not lost: it can be kept as surplus, under the lease under which it
// was written.
import type { ApiError } from "@/api/problem";
import type { Task } from "@/api/types";
import type { Draft } from "./verdict";

/** Refusals that say that the place of the review is gone, and not that something is wrong with it. */
const GONE: ReadonlySet<string> = new Set(["already_decided", "task_leased", "task_assigned"]);

interface Moment {
  task: Pick<Task, "state">;
  draft: Draft;
  /** The last lease under which the draft was written; null when there never was one. */
  leaseId: string | null;
  /** What the server said to the review; null before it is sent. */
  refusal: Pick<ApiError, "code"> | null;
  /** Somebody else holds the task now. */
  heldByOther: boolean;
  /** My review counts already. */
  mineIsIn: boolean;
}

/** Whether to offer to keep the draft as surplus. */
export function isLate({ task, draft, leaseId, refusal, heldByOther, mineIsIn }: Moment): boolean {
  if (leaseId === null || mineIsIn || !hasWork(draft)) return false;
  if (refusal !== null && GONE.has(refusal.code)) return true;
  return heldByOther || task.state === "reviewed";
}

/** Whether anything was entered that would be lost. */
export function hasWork(draft: Draft): boolean {
  return draft.result.length > 0 || draft.data !== null || draft.feedback.trim() !== "";
}
