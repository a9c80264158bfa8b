// The queue form's entries as the person types them, and the request they become.
import type { Assignment, FeedbackRequired, Queue, QueueChange, ReviewOption, ReviewType } from "@/api/types";

export interface Entries {
  key: string;
  name: string;
  description: string;
  review_type: ReviewType;
  timing: "before" | "after";
  assignment: Assignment;
  options: OptionEntry[];
  max_selections: string;
  result_required: boolean;
  feedback_required: FeedbackRequired;
  allow_edits: boolean;
  sla_minutes: string;
  scale: { min: string; max: string; step: string; min_label: string; max_label: string };
  instructions: string;
  summary_template: string;
  data_schema: string;
  edit_schema: string;
  reviewer_ids: string[] | null;
}

export interface OptionEntry {
  id: string;
  label: string;
  description: string;
  color: string;
  hotkey: string;
}

export const NEW_OPTION: OptionEntry = { id: "", label: "", description: "", color: "", hotkey: "" };

export const NEW_QUEUE: Entries = {
  key: "",
  name: "",
  description: "",
  review_type: "approval",
  timing: "before",
  assignment: "manual",
  options: [],
  max_selections: "",
  result_required: true,
  feedback_required: "never",
  allow_edits: false,
  sla_minutes: "",
  scale: { min: "1", max: "5", step: "1", min_label: "", max_label: "" },
  instructions: "",
  summary_template: "",
  data_schema: "",
  edit_schema: "",
  reviewer_ids: null,
};

export function fromQueue(queue: Queue): Entries {
  return {
    key: queue.key,
    name: queue.name,
    description: queue.description ?? "",
    review_type: queue.review_type,
    timing: queue.timing,
    assignment: queue.assignment,
    options: [...queue.review_options]
      .sort((a, b) => (a.display_order ?? 0) - (b.display_order ?? 0))
      .map((option) => ({
        id: option.id,
        label: option.label,
        description: option.description ?? "",
        color: option.color ?? "",
        hotkey: option.hotkey ?? "",
      })),
    max_selections: queue.max_selections === null ? "" : String(queue.max_selections),
    result_required: queue.result_required,
    feedback_required: queue.feedback_required,
    allow_edits: queue.allow_edits,
    sla_minutes: queue.sla_minutes === null ? "" : String(queue.sla_minutes),
    scale: {
      min: String(queue.scale?.min ?? 1),
      max: String(queue.scale?.max ?? 5),
      step: String(queue.scale?.step ?? 1),
      min_label: queue.scale?.min_label ?? "",
      max_label: queue.scale?.max_label ?? "",
    },
    instructions: queue.instructions ?? "",
    summary_template: queue.summary_template ?? "",
    data_schema: queue.data_schema === null ? "" : JSON.stringify(queue.data_schema, null, 2),
    edit_schema: queue.edit_schema === null ? "" : JSON.stringify(queue.edit_schema, null, 2),
    reviewer_ids: queue.reviewer_ids,
  };
}

export function hasOptions(type: ReviewType): boolean {
  return type === "approval" || type === "classification" || type === "labeling";
}

export function hasSelections(type: ReviewType): boolean {
  return type === "labeling" || type === "multiple_choice";
}

/** The rules about feedback that make sense for what is asked. */
export function feedbackRules(entries: Pick<Entries, "review_type" | "result_required">): FeedbackRequired[] {
  if (entries.review_type === "approval") return ["never", "always", "when_rejected"];
  const mayBeEmpty = entries.review_type !== "augmentation" && !entries.result_required;
  return mayBeEmpty ? ["never", "always", "when_empty"] : ["never", "always"];
}

/** A key made of a name, as the server takes it. */
export function keyFor(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 63);
}

/** What is wrong with an entry that is to be JSON; null when nothing is, or it is empty. */
export function jsonFault(text: string): string | null {
  if (text.trim() === "") return null;
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : "This is not JSON.";
  }
}

/** The settings that both creating and changing a queue send. */
export function toChange(entries: Entries): QueueChange {
  const type = entries.review_type;
  const number = (text: string) => (text.trim() === "" ? null : Number(text));
  const orNull = (text: string) => (text.trim() === "" ? null : text);
  return {
    name: entries.name,
    description: orNull(entries.description),
    timing: entries.timing,
    assignment: entries.assignment,
    ...(hasOptions(type) && entries.options.length > 0
      ? { review_options: entries.options.map((option, index) => toOption(option, index)) }
      : {}),
    ...(hasSelections(type) ? { max_selections: number(entries.max_selections) } : {}),
    ...(type === "approval" || type === "augmentation" ? {} : { result_required: entries.result_required }),
    feedback_required: feedbackRules(entries).includes(entries.feedback_required) ? entries.feedback_required : "never",
    ...(type === "approval" ? { allow_edits: entries.allow_edits } : {}),
    sla_minutes: number(entries.sla_minutes),
    ...(type === "scoring"
      ? {
          scale: {
            min: Number(entries.scale.min),
            max: Number(entries.scale.max),
            step: Number(entries.scale.step),
            min_label: orNull(entries.scale.min_label),
            max_label: orNull(entries.scale.max_label),
          },
        }
      : {}),
    data_schema: parsed(entries.data_schema),
    ...(type === "augmentation" || type === "approval"
      ? { edit_schema: type === "approval" && !entries.allow_edits ? null : parsed(entries.edit_schema) }
      : {}),
    instructions: orNull(entries.instructions),
    summary_template: orNull(entries.summary_template),
    reviewer_ids: entries.reviewer_ids,
  };
}

function toOption(option: OptionEntry, index: number): ReviewOption {
  return {
    id: option.id,
    label: option.label,
    display_order: index,
    description: option.description.trim() === "" ? null : option.description,
    color: option.color.trim() === "" ? null : option.color,
    hotkey: option.hotkey.trim() === "" ? null : option.hotkey.toLowerCase(),
  };
}

function parsed(text: string): { [name: string]: unknown } | null {
  return text.trim() === "" ? null : (JSON.parse(text) as { [name: string]: unknown });
}
