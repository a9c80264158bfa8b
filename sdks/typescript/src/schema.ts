/**
 * What the server answers, member for member as on the wire.
 *
 * Sources: docs/api.md. Members that a reply may leave empty are `null`, never missing.
 */

export type TaskState = 'pending' | 'queued' | 'reviewed' | 'cancelled' | 'expired';
export type Priority = 'low' | 'normal' | 'high' | 'urgent';
export type Timing = 'before' | 'after';
export type ReviewType = 'approval' | 'classification' | 'labeling' | 'scoring' | 'multiple_choice' | 'augmentation';

export interface Choice {
  key: string;
  label: string;
  description: string | null;
  data: Record<string, unknown> | null;
}

export type ReviewValue =
  | { type: 'approval'; approved: boolean }
  | { type: 'classification'; option: string | null }
  | { type: 'labeling'; labels: string[] }
  | { type: 'scoring'; score: number | null }
  | { type: 'multiple_choice'; choices: string[] }
  | { type: 'augmentation'; edited: boolean };

export interface Outcome {
  kind: 'decided' | 'cancelled' | 'expired';
  result: string[];
  value: ReviewValue | null;
  data: Record<string, unknown> | null;
  rule: string;
  at: string;
  reason: string | null;
}

export interface Lease {
  id: string;
  member_id: string;
  member_name: string;
  expires_at: string;
}

export interface Actor {
  kind: string;
  id: string;
  name: string | null;
}

export interface Task {
  id: string;
  organization_id: string;
  queue_id: string;
  queue_key: string;
  queue_version: number;
  batch_id: string | null;
  external_id: string | null;
  state: TaskState;
  revision: number;
  priority: Priority;
  data: Record<string, unknown>;
  context: Record<string, unknown>;
  metadata: Record<string, unknown>;
  choices: Choice[] | null;
  max_selections: number | null;
  summary: string | null;
  sla_deadline: string | null;
  assignee_id: string | null;
  created_by: Actor;
  outcome: Outcome | null;
  reviewed_at: string | null;
  created_at: string;
  updated_at: string;
  queue: Queue | null;
  reviews: Review[] | null;
  lease: Lease | null;
}

export interface Comment {
  id: string;
  task_id: string;
  author: Actor;
  body: string;
  created_at: string;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  message: string;
  hint: string | null;
  errors: Record<string, string[]>;
  entityId: string | null;
  retryAfter: number | null;
  request_id: string;
}

export interface ItemProblem {
  code: string;
  detail: string;
  /** The wrong places: JSON pointers into the item. */
  pointers: string[];
}

export interface BatchItem {
  index: number;
  status: 'created' | 'existing' | 'refused';
  task_id: string | null;
  external_id: string | null;
  problem: ItemProblem | null;
}

export interface Batch {
  id: string;
  queue_id: string;
  queue_key: string;
  total: number;
  pending: number;
  queued: number;
  reviewed: number;
  cancelled: number;
  expired: number;
  refused: number;
  created_at: string;
  items: BatchItem[];
}

export interface ReviewOption {
  id: string;
  label: string;
  display_order: number | null;
  description: string | null;
  color: string | null;
  hotkey: string | null;
}

export interface Scale {
  min: number;
  max: number;
  step: number;
  min_label: string | null;
  max_label: string | null;
}

export interface Queue {
  id: string;
  organization_id: string;
  key: string;
  version: number;
  name: string;
  description: string | null;
  timing: Timing;
  review_type: ReviewType;
  review_options: ReviewOption[];
  max_selections: number | null;
  result_required: boolean;
  feedback_required: 'never' | 'always' | 'when_empty' | 'when_rejected';
  assignment: string;
  sla_minutes: number | null;
  scale: Scale | null;
  allow_edits: boolean;
  data_schema: Record<string, unknown> | null;
  edit_schema: Record<string, unknown> | null;
  instructions: string | null;
  summary_template: string | null;
  reviewer_ids: string[] | null;
  open_count: number | null;
  deleted_at: string | null;
  created_at: string;
  updated_at: string;
}

export interface Reviewer {
  id: string;
  name: string;
  /** `human` or `ai`. */
  type: string;
}

export interface Review {
  id: string;
  task_id: string;
  queue_id: string;
  queue_key: string;
  stage: number;
  revision: number;
  reviewer_id: string;
  reviewer: Reviewer;
  result: string[];
  value: ReviewValue;
  data: Record<string, unknown>;
  patch: Record<string, unknown>[] | null;
  feedback: string | null;
  voided_at: string | null;
  created_at: string;
}
