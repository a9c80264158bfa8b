// What each address may carry after its "?". An address is written by people and by other programs: what is not understood
// is dropped, never trusted.
import type { TaskState } from "@/api/types";
import type { View } from "@/content/fields";

const STATES: readonly TaskState[] = ["pending", "queued", "reviewed", "cancelled", "expired"];

function text(value: unknown): string | undefined {
  // The router reads numbers and booleans out of an address; an external id such as 1042 is text all the same.
  if (typeof value === "string" && value !== "") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

function oneOf<T extends string>(value: unknown, allowed: readonly T[]): T | undefined {
  return allowed.find((candidate) => candidate === value);
}

export interface TurnSearch {
  mine?: true | undefined;
}

export function turnSearch(raw: Record<string, unknown>): TurnSearch {
  return raw.mine === true ? { mine: true } : {};
}

export interface QueueSearch {
  state?: TaskState | "all" | undefined;
  mine?: true | undefined;
}

export function queueSearch(raw: Record<string, unknown>): QueueSearch {
  return { state: oneOf(raw.state, [...STATES, "all"]), mine: raw.mine === true ? true : undefined };
}

export interface TasksSearch {
  state?: TaskState | undefined;
  queue?: string | undefined;
  external_id?: string | undefined;
  mine?: true | undefined;
}

export function tasksSearch(raw: Record<string, unknown>): TasksSearch {
  return {
    state: oneOf(raw.state, STATES),
    queue: text(raw.queue),
    external_id: text(raw.external_id),
    mine: raw.mine === true ? true : undefined,
  };
}

export type Tab = "content" | "comments" | "history" | "reviews" | "why";

export interface TaskSearch {
  tab?: Tab | undefined;
  view?: View | undefined;
}

export function taskSearch(raw: Record<string, unknown>): TaskSearch {
  return {
    tab: oneOf(raw.tab, ["content", "comments", "history", "reviews", "why"]),
    view: oneOf(raw.view, ["text", "markdown", "json"]),
  };
}

export interface ReviewSearch extends TaskSearch {
  queue?: string | undefined;
  task?: string | undefined;
}

export function reviewSearch(raw: Record<string, unknown>): ReviewSearch {
  return { queue: text(raw.queue), task: text(raw.task), ...taskSearch(raw) };
}

export interface LoginSearch {
  next?: string | undefined;
}

export function loginSearch(raw: Record<string, unknown>): LoginSearch {
  const next = text(raw.next);
  // Only a place in this console: an address of another host would make the login page a redirector.
  return { next: next !== undefined && /^\/(?![/\\])/.test(next) ? next : undefined };
}
