/** `client.task`: submitting, waiting, reading, changing. */

import { SignoffError, TaskCancelledError, TaskExpiredError } from './errors.js';
import {
  type ReviseInput,
  type SubmitBatchInput,
  type SubmitInput,
  type TaskFilter,
  toQuery,
  toWire,
} from './input.js';
import { List } from './list.js';
import type { Batch, Comment, Outcome, Queue, Review, Task } from './schema.js';
import { path, type RequestOptions, type Transport, type WriteOptions } from './transport.js';
import { type WaitOptions, waitUntil } from './wait.js';

/** A decided task, as a wait returns it. `reviews` holds the reviews that count and is never empty. */
export type ReviewedTask = Task & {
  state: 'reviewed';
  outcome: Outcome & { kind: 'decided' };
  reviewed_at: string;
  queue: Queue;
  reviews: [Review, ...Review[]];
};

/** Options of `task.revise`. */
export interface ReviseOptions extends WriteOptions {
  /** Revise only if the task still has this revision; otherwise ConflictError `stale_revision`. */
  revision?: number | undefined;
}

export class TaskResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Submits a task. With an `externalId` that the queue knows already and the same content, the first task is returned;
   * with other content it throws `ExternalIdReusedError`.
   */
  async submit(input: SubmitInput, options?: WriteOptions): Promise<Task> {
    return this.#transport.send({ method: 'POST', path: path('task'), body: toWire(input), options });
  }

  /** Submits up to 1,000 tasks in one call. `items` of the batch says for each what became of it. */
  async submitBatch(input: SubmitBatchInput, options?: WriteOptions): Promise<Batch> {
    const body = { ...toWire(input), tasks: input.tasks.map(toWire) };
    return this.#transport.send({ method: 'POST', path: path('batch'), body, options });
  }

  /**
   * Waits until the task is decided and returns it. Returns nothing else: it throws TaskCancelledError or
   * TaskExpiredError when the task ended without a decision and TimeoutError when `timeout` is over, so a fault is never
   * taken for an approval. Goes on through server restarts and network loss.
   */
  async waitForReview(id: string, options?: WaitOptions): Promise<ReviewedTask> {
    const isSettled = (task: Task | null) => task?.state !== 'pending' && task?.state !== 'queued';
    const task = await waitUntil<Task | null>(
      this.#transport,
      path('task', id, 'wait'),
      `Task ${id}`,
      isSettled,
      options,
    );
    return decided(task, id);
  }

  /** The task with its queue (as of the task's version of it), reviews and lease. */
  async get(id: string, options?: RequestOptions): Promise<Task> {
    return this.#transport.send({ method: 'GET', path: path('task', id), options });
  }

  /** Tasks, newest first: `await` it for one page, `for await` over it for all. `queue` and `reviews` are `null`. */
  list(filter: TaskFilter = {}, options?: RequestOptions): List<Task> {
    return new List(this.#transport, path('task'), toQuery(filter), options);
  }

  /** Takes an open task back: nobody is to decide it any more. Whoever waits for it gets TaskCancelledError. */
  async cancel(id: string, reason?: string, options?: WriteOptions): Promise<Task> {
    const body = reason === undefined ? {} : { reason };
    return this.#transport.send({ method: 'POST', path: path('task', id, 'cancel'), body, options });
  }

  /** Replaces content of an open task. Reviews collected for the earlier revision no longer count. */
  async revise(id: string, input: ReviseInput, options?: ReviseOptions): Promise<Task> {
    const headers: Record<string, string> =
      options?.revision === undefined ? {} : { 'if-match': `"${options.revision}"` };
    return this.#transport.send({
      method: 'POST',
      path: path('task', id, 'revise'),
      body: toWire(input),
      headers,
      options,
    });
  }

  /** Adds a comment (Markdown, at most 10,000 characters). */
  async comment(id: string, body: string, options?: WriteOptions): Promise<Comment> {
    return this.#transport.send({ method: 'POST', path: path('task', id, 'comment'), body: { body }, options });
  }

  /** The comments of a task. */
  comments(id: string, options?: RequestOptions): List<Comment> {
    return new List(this.#transport, path('task', id, 'comment'), {}, options);
  }
}

/** The settled task as a decision, or the error that says why there is none. */
function decided(task: Task | null, id: string): ReviewedTask {
  if (task?.id !== id) throw notADecision(id);
  if (task.state === 'cancelled') throw new TaskCancelledError(task);
  if (task.state === 'expired') throw new TaskExpiredError(task);
  // A review that was voided (by a revision, a reopening) may have said the opposite of the decision.
  const [first, ...others] = (task.reviews ?? []).filter((review) => review.voided_at === null);
  const { state, outcome, reviewed_at, queue } = task;
  if (state !== 'reviewed' || outcome?.kind !== 'decided' || !reviewed_at || !queue || !first) throw notADecision(id);
  return {
    ...task,
    state,
    outcome: { ...outcome, kind: outcome.kind },
    reviewed_at,
    queue,
    reviews: [first, ...others],
  };
}

function notADecision(id: string): SignoffError {
  return new SignoffError(`The server's answer about task ${id} is not a decision.`, { code: 'unexpected_answer' });
}
