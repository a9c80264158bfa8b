// A draft of a review: what it may hold for each review type, why it cannot be submitted yet, and the request it becomes.
import type { Choice, JsonObject, Queue, ReviewBody, ReviewOption, ReviewType, Scale, Task } from "@/api/types";
import { same } from "@/content/same";

/** What a reviewer has entered so far. */
export interface Draft {
  result: string[];
  /** The edited content; null while nothing is edited. */
  data: JsonObject | null;
  feedback: string;
}

export const EMPTY: Draft = { result: [], data: null, feedback: "" };
export const APPROVED = "approved";
export const REJECTED = "rejected";

type AskedQueue = Pick<
  Queue,
  | "review_type"
  | "review_options"
  | "max_selections"
  | "result_required"
  | "feedback_required"
  | "scale"
  | "allow_edits"
>;
type AskedTask = Pick<Task, "data" | "choices" | "max_selections">;

/** Something that can be selected, whatever it came from. */
export interface Selectable {
  id: string;
  label: string;
  description: string | null;
  color: string | null;
  /** The key that selects it; null when the keys have run out. */
  key: string | null;
  data: JsonObject | null;
}

const DEFAULT_SCALE: Scale = { min: 1, max: 5, step: 1, min_label: null, max_label: null };

/** What can be selected, in order, each with its key: its own, else its number. */
export function selectables(queue: AskedQueue, task: AskedTask): Selectable[] {
  if (queue.review_type === "multiple_choice") return (task.choices ?? []).map(fromChoice);
  if (queue.review_type === "scoring") return scores(queue).map(fromScore);
  if (queue.review_type === "augmentation") return [];
  const sorted = [...queue.review_options].sort((a, b) => (a.display_order ?? 0) - (b.display_order ?? 0));
  const taken = new Set(sorted.map((option) => option.hotkey));
  return sorted.map((option, index) => fromOption(option, index, taken));
}

function digit(index: number): string | null {
  return index < 10 ? String((index + 1) % 10) : null;
}

function fromOption(option: ReviewOption, index: number, taken: ReadonlySet<string | null>): Selectable {
  const own = option.hotkey ?? (option.id === APPROVED ? "a" : option.id === REJECTED ? "r" : null);
  const spare = digit(index);
  return {
    id: option.id,
    label: option.label,
    description: option.description,
    color: option.color,
    key: own ?? (taken.has(spare) ? null : spare),
    data: null,
  };
}

function fromChoice(choice: Choice, index: number): Selectable {
  return {
    id: choice.key,
    label: choice.label,
    description: choice.description ?? null,
    color: null,
    key: digit(index),
    data: choice.data ?? null,
  };
}

function fromScore(score: string, index: number): Selectable {
  // A score that is a digit has its own key, so that 4 means 4 on a scale that starts at 0 or 2.
  const key = /^\d$/.test(score) ? score : digit(index);
  return { id: score, label: score, description: null, color: null, key, data: null };
}

export function scaleOf(queue: AskedQueue): Scale {
  return queue.scale ?? DEFAULT_SCALE;
}

/** The scores of a scale that is short enough to show each as a button; none for a longer one. */
export function scores(queue: AskedQueue): string[] {
  const { min, max, step } = scaleOf(queue);
  const count = Math.floor((max - min) / step + 1e-9) + 1;
  if (count > 11) return [];
  return Array.from({ length: count }, (_, index) => write(min + index * step));
}

/** A score without the dust of binary fractions: 0.1 + 0.2 is 0.3. */
function write(score: number): string {
  return String(Math.round(score * 1e9) / 1e9);
}

export function maxSelections(queue: AskedQueue, task: AskedTask): number | null {
  return task.max_selections ?? queue.max_selections;
}

/** The selection after one more press on `id`. */
export function toggle(draft: Draft, id: string, most: number | null): Draft {
  if (draft.result.includes(id)) return { ...draft, result: draft.result.filter((other) => other !== id) };
  if (most === 1) return { ...draft, result: [id] };
  if (most !== null && draft.result.length >= most) return draft;
  return { ...draft, result: [...draft.result, id] };
}

/** Whether a press on an option is the whole review: approvals are decided by one press. */
export function decidesAtOnce(type: ReviewType): boolean {
  return type === "approval";
}

export function takesEdits(queue: AskedQueue): boolean {
  return queue.review_type === "augmentation" || queue.allow_edits;
}

export function isEdited(task: AskedTask, draft: Draft): boolean {
  return draft.data !== null && !same(task.data, draft.data);
}

export function feedbackNeeded(queue: AskedQueue, result: readonly string[]): boolean {
  switch (queue.feedback_required) {
    case "never":
      return false;
    case "always":
      return true;
    case "when_empty":
      return result.length === 0;
    case "when_rejected":
      return result.includes(REJECTED);
  }
}

/** Why this draft cannot be submitted; null when it can. */
export function barOfDraft(queue: AskedQueue, task: AskedTask, draft: Draft): string | null {
  if (queue.review_type === "scoring" && draft.result[0] !== undefined && !isOnScale(scaleOf(queue), draft.result[0])) {
    const { min, max, step } = scaleOf(queue);
    return `Give a score from ${min} to ${max} in steps of ${step}.`;
  }
  if (queue.review_type !== "augmentation" && draft.result.length === 0 && queue.result_required) {
    return queue.review_type === "scoring" ? "Give a score." : "Select an option.";
  }
  if (feedbackNeeded(queue, draft.result) && draft.feedback.trim() === "")
    return "Say why: this queue asks for feedback.";
  if (draft.result.includes(REJECTED) && queue.review_type === "approval" && isEdited(task, draft)) {
    return "A rejection carries no edits. Discard the edits, or approve with them.";
  }
  return null;
}

function isOnScale({ min, max, step }: Scale, text: string): boolean {
  const score = Number(text);
  if (text.trim() === "" || !Number.isFinite(score) || score < min || score > max) return false;
  const steps = (score - min) / step;
  return Math.abs(steps - Math.round(steps)) < 1e-9 * Math.max(1, Math.abs(steps));
}

/** The request that a draft becomes. */
export function toBody(queue: AskedQueue, task: AskedTask, draft: Draft, leaseId: string | null): ReviewBody {
  const edited = takesEdits(queue) && isEdited(task, draft) ? (draft.data ?? undefined) : undefined;
  const feedback = draft.feedback.trim() === "" ? undefined : draft.feedback;
  return {
    ...(queue.review_type === "augmentation" ? { data: edited ?? task.data } : { result: draft.result }),
    ...(queue.review_type !== "augmentation" && edited !== undefined ? { data: edited } : {}),
    ...(feedback === undefined ? {} : { feedback }),
    ...(leaseId === null ? {} : { lease_id: leaseId }),
  };
}

/** What was decided, in the words of the queue. */
export function verdictWords(queue: AskedQueue, task: AskedTask, result: readonly string[]): string {
  if (queue.review_type === "augmentation") return result[0] === "unchanged" ? "left unchanged" : "edited";
  if (result.length === 0) return "nothing selected";
  const labels = new Map(selectables(queue, task).map((option) => [option.id, option.label]));
  return result.map((id) => labels.get(id) ?? id).join(", ");
}
