/**
 * Every way in which a call can end without an answer.
 *
 * A refusal by the server becomes the class of its status and keeps the problem's `code`, `hint` and `errors`.
 * What happened on this side of the wire has its own classes: `NetworkError`, `TimeoutError`. A wait whose task
 * ended without a decision throws `TaskCancelledError` or `TaskExpiredError`, so that code after the wait is reached
 * only by a decision.
 */

import type { Problem, Task } from './schema.js';

/** What an error knows besides its message. */
export interface ErrorDetails {
  /** Stable name of the problem, such as `unknown_option`; each of the server's has a page under docs/problems. */
  code: string;
  /** HTTP status, or `null` when no answer came. */
  status?: number | null;
  /** Id under which the server logged the request, or `null`. */
  requestId?: string | null;
  /** What to do about it, or `null`. */
  hint?: string | null;
  /** Messages by JSON pointer into the request's body. */
  errors?: Record<string, string[]>;
  /** Seconds after which the server asked to try again, or `null`. */
  retryAfter?: number | null;
  /** What caused it. */
  cause?: unknown;
}

/** Base of all errors that this package throws, except an abort, which throws the signal's own reason. */
export class SignoffError extends Error {
  readonly code: string;
  readonly status: number | null;
  readonly requestId: string | null;
  readonly hint: string | null;
  readonly errors: Record<string, string[]>;
  readonly retryAfter: number | null;

  constructor(message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = details.code;
    this.status = details.status ?? null;
    this.requestId = details.requestId ?? null;
    this.hint = details.hint ?? null;
    this.errors = details.errors ?? {};
    this.retryAfter = details.retryAfter ?? null;
  }
}

/** 400, 413, 415, 422: the request does not hold what it must; `errors` names the places. */
export class ValidationError extends SignoffError {}

/** 401: there is no API key, or it is wrong, expired or revoked. */
export class AuthenticationError extends SignoffError {}

/** 403: the API key lacks the scope or the queue. */
export class ForbiddenError extends SignoffError {}

/** 404, 410: it does not exist, or belongs to another organization. */
export class NotFoundError extends SignoffError {}

/** 409, 412, 428: the state of the task forbids it, such as a stale revision or a settled task. */
export class ConflictError extends SignoffError {}

/** 409 `external_id_reused`: the queue has a task of this `externalId` with other content. Its decision is no answer to this one. */
export class ExternalIdReusedError extends ConflictError {
  /** The task that has the id. */
  readonly taskId: string;

  constructor(message: string, details: ErrorDetails, taskId: string) {
    super(message, details);
    this.taskId = taskId;
  }
}

/** 429: too many requests; `retryAfter` says when to go on. */
export class RateLimitError extends SignoffError {}

/** 5xx: the server failed. Whether the request was carried out is unknown. */
export class ServerError extends SignoffError {}

/** No answer came. Whether the request was carried out is unknown. */
export class NetworkError extends SignoffError {}

/** The time given to a wait is up. It says nothing about the decision: the task is still open. */
export class TimeoutError extends SignoffError {}

/** The awaited task was cancelled, so there is no decision. */
export class TaskCancelledError extends SignoffError {
  /** The task as it ended. */
  readonly task: Task;

  constructor(task: Task) {
    super(endedMessage(task, 'was cancelled'), { code: 'task_cancelled' });
    this.task = task;
  }
}

/** The awaited task expired before anybody decided, so there is no decision. */
export class TaskExpiredError extends SignoffError {
  /** The task as it ended. */
  readonly task: Task;

  constructor(task: Task) {
    super(endedMessage(task, 'expired without a decision'), { code: 'task_expired' });
    this.task = task;
  }
}

function endedMessage(task: Task, how: string): string {
  const reason = task.outcome?.reason;
  return reason ? `Task ${task.id} ${how}: ${reason}` : `Task ${task.id} ${how}.`;
}

/** The error that an answer other than 2xx stands for. `body` is the parsed body, or undefined if it was not JSON. */
export function errorFromAnswer(
  status: number,
  body: unknown,
  requestId: string | null,
  retryAfter: number | null,
): SignoffError {
  const problem: Partial<Problem> = typeof body === 'object' && body !== null ? body : {};
  const message = text(problem.detail) ?? text(problem.message) ?? `The server answered ${status}.`;
  const details: ErrorDetails = {
    code: text(problem.code) ?? `http_${status}`,
    status,
    requestId: text(problem.request_id) ?? requestId,
    hint: text(problem.hint),
    errors: problem.errors ?? {},
    retryAfter: retryAfter ?? (typeof problem.retryAfter === 'number' ? problem.retryAfter : null),
  };
  const taskId = text(problem.entityId);
  if (details.code === 'external_id_reused' && taskId !== null) {
    return new ExternalIdReusedError(message, details, taskId);
  }
  const ErrorClass = classOf(status);
  return new ErrorClass(message, details);
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function classOf(status: number): new (message: string, details: ErrorDetails) => SignoffError {
  switch (status) {
    case 400:
    case 413:
    case 415:
    case 422:
      return ValidationError;
    case 401:
      return AuthenticationError;
    case 403:
      return ForbiddenError;
    case 404:
    case 410:
      return NotFoundError;
    case 409:
    case 412:
    case 428:
      return ConflictError;
    case 429:
      return RateLimitError;
    default:
      return status >= 500 ? ServerError : SignoffError;
  }
}

/** Whether the same request may be sent again: no answer came, or the server said later (429) or failed (5xx). */
export function isRetryable(error: unknown): error is SignoffError {
  return error instanceof NetworkError || error instanceof RateLimitError || error instanceof ServerError;
}
