/** How long to pause between two attempts. */

const FIRST_MS = 250;
const LONGEST_MS = 10_000;
/** Spreads clients that were all told the same `Retry-After`. */
const RETRY_AFTER_SPREAD_MS = 250;
/** Longest delay, in milliseconds, that a timer of the platform holds; a larger one would fire at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Milliseconds to pause after `failures` failed attempts in a row (1 for the first): 250 ms doubling up to 10 s, of
 * which the upper half is random, and never less than the server's `retryAfter` seconds. `random` is in [0, 1).
 */
export function pauseAfter(failures: number, retryAfter: number | null, random: number = Math.random()): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 16));
  const backoff = (ceiling * (1 + random)) / 2;
  return retryAfter === null ? backoff : Math.max(backoff, retryAfter * 1000 + random * RETRY_AFTER_SPREAD_MS);
}

/** Seconds that a `Retry-After` header asks for (RFC 9110 §10.2.3: seconds or a date); null when it is none. */
export function parseRetryAfter(header: string | null, nowMs: number = Date.now()): number | null {
  if (header === null) return null;
  const trimmed = header.trim();
  if (/^\d+$/.test(trimmed)) return Number(trimmed);
  const at = Date.parse(trimmed);
  return Number.isNaN(at) ? null : Math.max(0, (at - nowMs) / 1000);
}

/** Resolves after `ms` milliseconds; throws the signal's reason as soon as it aborts. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(
      () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      },
      // Timers drop fractions, which would end the pause early.
      Math.min(Math.ceil(ms), LONGEST_TIMER_MS),
    );
    signal?.addEventListener('abort', abort, { once: true });
  });
}
