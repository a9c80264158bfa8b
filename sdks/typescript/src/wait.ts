/**
 * Waiting for people.
 *
 * The server answers a long-poll as soon as there is something to tell, and at the end of a round otherwise; rounds follow
 * each other until the wait is over. A lost connection, a restarting or overloaded server and a server that fails only
 * lengthen the pause before the next round: nothing but a settled answer, the given time, an abort or a refusal that
 * will not change (such as a revoked key) ends the wait.
 */

import { pause, pauseAfter } from './backoff.js';
import { isRetryable, TimeoutError, ValidationError } from './errors.js';
import type { RequestOptions, Transport } from './transport.js';

/** Options of a wait. */
export interface WaitOptions extends RequestOptions {
  /** Milliseconds after which TimeoutError is thrown; 0 asks once. Default: no limit. */
  timeout?: number | undefined;
}

/** Stays below the 60 seconds after which proxies commonly cut an idle connection. */
const ROUND_SECONDS = 50;
/** How much longer than its round a connection may be silent before it counts as lost. */
const GRACE_MS = 10_000;
/** An unsettled answer counts as early when it comes before this part of its round is over. */
const EARLY_PART = 0.9;

/** Long-polls `path` until `isSettled` holds. `what` names the awaited thing in errors. */
export async function waitUntil<T>(
  transport: Transport,
  path: string,
  what: string,
  isSettled: (body: T) => boolean,
  options: WaitOptions = {},
): Promise<T> {
  const { timeout = Number.POSITIVE_INFINITY, signal } = options;
  if (typeof timeout !== 'number' || Number.isNaN(timeout) || timeout < 0) {
    throw new ValidationError('timeout must be a number of milliseconds, 0 or more.', { code: 'invalid_option' });
  }
  const deadline = performance.now() + timeout;
  // Timers may fire a fraction of a millisecond early.
  const isTimeUp = () => deadline - performance.now() < 1;
  let failures = 0;
  let lastError: unknown;

  for (let round = 0; ; round += 1) {
    const began = performance.now();
    const remaining = deadline - began;
    if (isTimeUp() && round > 0) throw timeUp(what, timeout, lastError);

    const seconds = Math.min(ROUND_SECONDS, Math.max(0, Math.ceil(remaining / 1000)));
    const silence = seconds * 1000 + GRACE_MS;
    const limit = timeout === 0 ? silence : Math.min(remaining, silence);
    let pauseMs = 0;
    try {
      const call = { method: 'GET', path, query: { timeout: seconds }, options: { signal } } as const;
      const { body } = await transport.attempt<T>(call, limit);
      if (isSettled(body)) return body;
      lastError = undefined;
      // A server that drains may answer before the round is over; asking again at once would spin.
      const early = performance.now() - began < seconds * 1000 * EARLY_PART;
      failures = early ? failures + 1 : 0;
      if (early) pauseMs = pauseAfter(failures, null);
    } catch (error) {
      if (!isRetryable(error)) throw error;
      if (isTimeUp() && timeout !== 0) throw timeUp(what, timeout, lastError);
      lastError = error;
      failures += 1;
      pauseMs = pauseAfter(failures, error.retryAfter);
      if (pauseMs < deadline - performance.now()) transport.settings.onRetry?.({ error, failures, pauseMs });
    }
    await pause(Math.max(0, Math.min(pauseMs, deadline - performance.now())), signal);
  }
}

function timeUp(what: string, timeout: number, lastError: unknown): TimeoutError {
  const because = lastError instanceof Error ? ` The last attempt failed: ${lastError.message}` : '';
  return new TimeoutError(`${what} is not settled after ${timeout} ms.${because}`, {
    code: 'timeout',
    hint: 'It is still open: wait again with the same id, or cancel it.',
    cause: lastError,
  });
}
