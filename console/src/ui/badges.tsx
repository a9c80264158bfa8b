// Small facts about a task: its priority and its state.
import type { Outcome, Priority, TaskState } from "@/api/types";

export function PriorityBadge({ priority }: { priority: Priority }) {
  if (priority === "normal") return null;
  return <span className={`badge badge--${priority}`}>{priority}</span>;
}

const STATES: Record<TaskState, string> = {
  pending: "pending",
  queued: "open",
  reviewed: "decided",
  cancelled: "cancelled",
  expired: "expired",
};

export function StateBadge({ state, outcome }: { state: TaskState; outcome?: Outcome | null }) {
  const result = state === "reviewed" ? outcome?.result.join(", ") : undefined;
  const kind = result === "approved" ? "good" : result === "rejected" ? "bad" : state;
  return (
    <span className={`badge badge--${kind}`}>{result === undefined || result === "" ? STATES[state] : result}</span>
  );
}

export const REVIEW_TYPES = {
  approval: "Approval",
  classification: "Classification",
  labeling: "Labeling",
  scoring: "Scoring",
  multiple_choice: "Multiple choice",
  augmentation: "Augmentation",
} as const;
