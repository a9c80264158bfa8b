// Event types in words that follow a name.
const DEEDS: Record<string, string> = {
  "task.submitted": "submitted this task",
  "task.assigned": "assigned it",
  "task.claimed": "took it for review",
  "task.released": "gave it back",
  "task.skipped": "skipped it",
  "task.revised": "revised the content",
  "task.commented": "commented",
  "task.cancelled": "cancelled it",
  "task.expired": "let it expire",
  "task.reopened": "reopened it",
  "task.reviewed": "settled the decision",
  "review.submitted": "submitted a review",
};

export function deedOf(type: string): string {
  return DEEDS[type] ?? type;
}
