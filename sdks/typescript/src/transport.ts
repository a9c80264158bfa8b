/**
 * One request and its retries.
 *
 * A POST gets one `Idempotency-Key` per call, so that every retry of it is the same request to the server: whatever was
 * lost on the way, it is carried out once. Redirects are not followed, because they could carry the key elsewhere or
 * turn a POST into a GET.
 */

import { randomUUID } from 'node:crypto';
import { LONGEST_TIMER_MS, parseRetryAfter, pause, pauseAfter } from './backoff.js';
import { errorFromAnswer, isRetryable, NetworkError, SignoffError, ValidationError } from './errors.js';
import type { Settings } from './settings.js';
import { VERSION } from './version.js';

/** Options of any call. */
export interface RequestOptions {
  /** Ends the call; it then throws the signal's reason. An aborted submit may have been carried out. */
  signal?: AbortSignal | undefined;
}

/** Options of a call that changes something. */
export interface WriteOptions extends RequestOptions {
  /**
   * Replaces the generated `Idempotency-Key` (1–255 printable characters). Give your own to make the call once even
   * across restarts of your program; the server keeps keys for 24 hours.
   */
  idempotencyKey?: string | undefined;
}

/** Values of a query; arrays repeat the name, absent values are left out. */
export type Query = Record<string, string | number | readonly string[] | null | undefined>;

/** One request as the resources describe it. */
export interface Call {
  method: 'GET' | 'POST';
  /** Path below `/v1`, made with `path`. */
  path: string;
  query?: Query;
  /** Sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  options?: WriteOptions | undefined;
}

/** A call whose body is fixed for all its attempts. */
export interface PreparedCall extends Call {
  body?: string;
}

/** A 2xx answer. */
export interface Answer<T> {
  body: T;
  headers: Headers;
}

/**
 * A call is not retried beyond this time after its start. It keeps retries, also those after a long sleep of the
 * machine, far inside the 24 hours for which the server knows the idempotency key.
 */
const RETRY_WINDOW_MS = 5 * 60_000;

export class Transport {
  readonly settings: Settings;

  constructor(settings: Settings) {
    this.settings = settings;
  }

  /** Sends a call, again where that is safe, and returns the answer's body. */
  async send<T>(call: Call): Promise<T> {
    return (await this.answer<T>(call)).body;
  }

  /** Like `send`, with the answer's headers. */
  async answer<T>(call: Call): Promise<Answer<T>> {
    const prepared = prepare(call);
    const started = Date.now();
    for (let failures = 1; ; failures += 1) {
      try {
        return await this.attempt<T>(prepared, this.settings.requestTimeout);
      } catch (error) {
        if (!isRetryable(error) || failures > this.settings.maxRetries) throw error;
        const pauseMs = pauseAfter(failures, error.retryAfter);
        if (Date.now() - started + pauseMs > RETRY_WINDOW_MS) throw error;
        this.settings.onRetry?.({ error, failures, pauseMs });
        await pause(pauseMs, call.options?.signal);
      }
    }
  }

  /** Sends a call once and gives up after `limitMs` milliseconds with a NetworkError. */
  async attempt<T>(call: PreparedCall, limitMs: number): Promise<Answer<T>> {
    const { baseUrl, apiKey, fetch } = this.settings;
    const signal = call.options?.signal;
    if (signal?.aborted) throw signal.reason;

    const attempt = new AbortController();
    const abort = () => attempt.abort(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    const late = new Error(`no answer within ${Math.ceil(limitMs)} ms`);
    const timer = setTimeout(() => attempt.abort(late), Math.min(limitMs, LONGEST_TIMER_MS));
    try {
      const response = await fetch(`${baseUrl}/v1${call.path}${queryString(call.query)}`, {
        method: call.method,
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${apiKey}`,
          'user-agent': `signoff-sdk-typescript/${VERSION}`,
          ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...call.headers,
        },
        redirect: 'manual',
        signal: attempt.signal,
        ...(call.body === undefined ? {} : { body: call.body }),
      });
      const text = await response.text();
      return read<T>(response, text);
    } catch (error) {
      if (error instanceof SignoffError) throw error;
      if (signal?.aborted) throw signal.reason;
      throw networkError(baseUrl, attempt.signal.aborted ? late : error);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  }
}

/** Builds a path from segments, each of them escaped. Throws ValidationError for one that would leave its place. */
export function path(...segments: string[]): string {
  return segments.map((segment) => `/${escapeSegment(segment)}`).join('');
}

function escapeSegment(segment: string): string {
  if (typeof segment !== 'string' || segment === '' || segment === '.' || segment === '..') {
    throw new ValidationError(`'${segment}' is not an id.`, { code: 'invalid_id' });
  }
  return encodeURIComponent(segment);
}

/** Fixes what must be the same on every attempt: the serialised body and the idempotency key. */
function prepare(call: Call): PreparedCall {
  const { body = {}, ...rest } = call;
  if (call.method === 'GET') return rest;
  const key = call.options?.idempotencyKey ?? randomUUID();
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new ValidationError('idempotencyKey must be 1 to 255 printable ASCII characters without spaces.', {
      code: 'invalid_option',
    });
  }
  return {
    ...rest,
    body: JSON.stringify(body),
    headers: { ...call.headers, 'idempotency-key': key },
  };
}

function queryString(query: Query | undefined): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === null) continue;
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

function read<T>(response: Response, text: string): Answer<T> {
  const body = parse(text);
  const requestId = response.headers.get('x-request-id');
  if (!response.ok) {
    if (response.status >= 300 && response.status < 400) {
      throw new SignoffError(`The server redirects to ${response.headers.get('location') ?? 'another address'}.`, {
        code: 'redirected',
        status: response.status,
        requestId,
        hint: 'Set baseUrl to the address that answers; redirects are not followed.',
      });
    }
    throw errorFromAnswer(response.status, body, requestId, parseRetryAfter(response.headers.get('retry-after')));
  }
  if (body === undefined && response.status !== 204) {
    throw new SignoffError(`The answer with status ${response.status} is not JSON.`, {
      code: 'unexpected_answer',
      status: response.status,
      requestId,
      hint: 'Something between this program and the server may have answered. Check baseUrl.',
    });
  }
  return { body: body as T, headers: response.headers };
}

/** The parsed body; undefined when it is not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function networkError(baseUrl: string, cause: unknown): NetworkError {
  return new NetworkError(`${baseUrl} could not be reached: ${innermostMessage(cause)}`, {
    code: 'network_error',
    cause,
  });
}

/** The platform wraps what went wrong ("fetch failed"); the reason is at the bottom. */
function innermostMessage(error: unknown): string {
  let current = error;
  while (current instanceof Error && current.cause instanceof Error) current = current.cause;
  if (!(current instanceof Error)) return String(current);
  const code = (current as { code?: unknown }).code;
  return current.message !== '' ? current.message : typeof code === 'string' ? code : current.name;
}
