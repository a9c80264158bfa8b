// What went wrong, as one error type: the server's problem answers, and the network's silence.
import type { Problem } from "./types";

/** A request that did not succeed. `status` is 0 when no answer came. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string | null;
  /** What is wrong where: JSON pointer into the request body → sentences. */
  readonly errors: { [pointer: string]: string[] };
  readonly requestId: string | null;

  constructor(status: number, code: string, message: string, problem?: Partial<Problem>) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.hint = problem?.hint ?? null;
    this.errors = problem?.errors ?? {};
    this.requestId = problem?.request_id ?? null;
  }
}

/** The error for an answer that is not 2xx. The body may be anything: a proxy may have written it. */
export function fromAnswer(status: number, body: unknown): ApiError {
  if (typeof body === "object" && body !== null && "code" in body) {
    const problem = body as Partial<Problem>;
    const message = problem.detail ?? problem.message ?? problem.title ?? `The server answered ${status}.`;
    return new ApiError(status, String(problem.code), message, problem);
  }
  return new ApiError(status, "unreadable_answer", `The server answered ${status} without saying why.`);
}

/** The error for a request to which no answer came. */
export function fromSilence(cause: unknown): ApiError {
  if (cause instanceof ApiError) return cause;
  return new ApiError(0, "unreachable", "The server cannot be reached. Nothing you entered is lost.");
}

export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : fromSilence(error);
}

/** Whether trying again can help: no answer, or the server is overloaded or restarting. */
export function isTransient(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status === 502 || error.status === 503);
}
