/**
 * What callers give, in camelCase, and its way into the wire's snake_case.
 *
 * Only the names of the members listed here are translated. Content (`data`, `context`, `metadata`, the insides of
 * `choices`) goes out as it is, and members that are not listed go out too, so that the server refuses a misspelt
 * one instead of its being dropped here.
 */

import type { Priority, TaskState } from './schema.js';
import type { Query } from './transport.js';

/** A JSON object. */
export type JsonObject = Record<string, unknown>;

/** One candidate of a `multiple_choice` task. */
export interface TaskChoiceInput {
  /** What a review's `result` holds when this is chosen. */
  key: string;
  label: string;
  description?: string | null | undefined;
  /** Fields that the console shows with the candidate. */
  data?: JsonObject | null | undefined;
}

/** A task of a batch: everything of a submit but the queue. */
export interface BatchTaskInput {
  /** The content to decide about; checked against the queue's `data_schema`. */
  data: JsonObject;
  /** Background for the reviewer. */
  context?: JsonObject | undefined;
  /** Attributes to filter by: texts, numbers, booleans. */
  metadata?: Record<string, string | number | boolean> | undefined;
  /** One line, at most 255 characters. Default: made from the queue's `summary_template`. */
  summary?: string | undefined;
  /** Your own id, unique in the queue: the same content again returns the first task, other content is refused. */
  externalId?: string | undefined;
  /** Candidates; required for `multiple_choice` queues, refused elsewhere. */
  choices?: readonly TaskChoiceInput[] | undefined;
  /** How many candidates may be chosen; `multiple_choice` only. */
  maxSelections?: number | undefined;
  /** Default `normal`. */
  priority?: Priority | undefined;
  /** When the decision is due; instead of `slaMinutes`. Default: from the queue. */
  deadline?: Date | string | undefined;
  /** Minutes until the decision is due, 1 to 525,600; instead of `deadline`. */
  slaMinutes?: number | undefined;
  /** The member who is to review it, a reviewer of the queue. */
  assigneeId?: string | undefined;
}

/** A task to submit. */
export interface SubmitInput extends BatchTaskInput {
  /** Key of the queue. */
  queueKey: string;
}

/** Tasks to submit in one call, 1 to 1,000. */
export interface SubmitBatchInput {
  /** Key of the queue of all of them. */
  queueKey: string;
  tasks: readonly BatchTaskInput[];
}

/** What a new revision changes; members left out stay as they are. */
export interface ReviseInput {
  data?: JsonObject | undefined;
  context?: JsonObject | undefined;
  metadata?: Record<string, string | number | boolean> | undefined;
  summary?: string | undefined;
  choices?: readonly TaskChoiceInput[] | undefined;
}

/** A place in a list. */
export interface PageFilter {
  /** Items per page, 1 to 100. Default 50. */
  limit?: number | undefined;
  /** `nextCursor` of an earlier page with the same filters. */
  cursor?: string | undefined;
}

/** Which tasks to list. */
export interface TaskFilter extends PageFilter {
  queueKey?: string | undefined;
  queueId?: string | undefined;
  state?: TaskState | readonly TaskState[] | undefined;
  externalId?: string | undefined;
  batchId?: string | undefined;
  /** A member's id, or `me` with a person's access token. */
  assigneeId?: string | undefined;
  /** Attributes that must be equal. */
  metadata?: Record<string, string | number | boolean> | undefined;
  createdAfter?: Date | string | undefined;
  createdBefore?: Date | string | undefined;
  reviewedAfter?: Date | string | undefined;
  reviewedBefore?: Date | string | undefined;
  /** `created_desc` (default), or `turn`: priority, deadline, age. */
  order?: 'created_desc' | 'turn' | undefined;
}

/** Which reviews to list. */
export interface ReviewFilter extends PageFilter {
  taskId?: string | undefined;
  queueKey?: string | undefined;
  queueId?: string | undefined;
  /** A member's id, or `me` with a person's access token. */
  reviewerId?: string | undefined;
  reviewerType?: 'ai' | 'human' | undefined;
  createdAfter?: Date | string | undefined;
  createdBefore?: Date | string | undefined;
  /** Reviews to skip; `cursor` is the steadier way. */
  offset?: number | undefined;
}

/** The members of an input with their names in snake_case, values untouched. */
export function toWire(input: object): JsonObject {
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [snakeCase(name), value]));
}

/** A filter as a query. `metadata: {a: 1}` becomes `metadata.a=1`, times become RFC 3339. */
export function toQuery(filter: object): Query {
  const query: Query = {};
  for (const [name, value] of Object.entries(filter)) {
    if (value instanceof Date) query[snakeCase(name)] = value.toISOString();
    else if (name === 'metadata') {
      for (const [attribute, text] of Object.entries(value ?? {})) query[`metadata.${attribute}`] = String(text);
    } else query[snakeCase(name)] = value;
  }
  return query;
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
