/** Options of a client, checked once when it is made. */

import { AuthenticationError, type SignoffError, ValidationError } from './errors.js';

/** What a retry follows from, as told to `onRetry`. */
export interface RetryNotice {
  /** Why the last attempt failed. */
  error: SignoffError;
  /** Failed attempts in a row so far. */
  failures: number;
  /** Milliseconds until the next attempt. */
  pauseMs: number;
}

/** Options of a client. */
export interface SignoffOptions {
  /** API key (`sk_live_…`, `sk_test_…`) or a person's access token. Default: the environment's `SIGNOFF_API_KEY`. */
  apiKey?: string | undefined;
  /** Address of the server, with or without `/v1`. Default: the environment's `SIGNOFF_URL`, else http://127.0.0.1:8080. */
  baseUrl?: string | undefined;
  /** Replaces the global `fetch`, for example to go through a proxy. It must honour `signal`. */
  fetch?: typeof globalThis.fetch | undefined;
  /** Milliseconds after which one attempt of a call is given up. Default 30,000. Long-polls have their own limit. */
  requestTimeout?: number | undefined;
  /** How often a call is sent again after network errors, 429 and 5xx. Default 5. Waiting goes on beyond it. */
  maxRetries?: number | undefined;
  /** Told before each retry, for logging. */
  onRetry?: ((notice: RetryNotice) => void) | undefined;
}

/** Options after defaults and checks. */
export interface Settings {
  apiKey: string;
  /** Ends without a slash and without `/v1`. */
  baseUrl: string;
  fetch: typeof globalThis.fetch;
  requestTimeout: number;
  maxRetries: number;
  onRetry: ((notice: RetryNotice) => void) | undefined;
}

const DEFAULT_BASE_URL = 'http://127.0.0.1:8080';

/** Fills in defaults. Throws AuthenticationError without a usable key, ValidationError for any other bad option. */
export function settingsFrom(options: SignoffOptions): Settings {
  return {
    apiKey: checkKey(options.apiKey ?? environment('SIGNOFF_API_KEY')),
    baseUrl: checkBaseUrl(options.baseUrl ?? environment('SIGNOFF_URL') ?? DEFAULT_BASE_URL),
    // Looked up at each call, so that a later replacement of the global (tracing, mocking) takes effect.
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    requestTimeout: checkNumber('requestTimeout', options.requestTimeout ?? 30_000, 1),
    maxRetries: checkNumber('maxRetries', options.maxRetries ?? 5, 0),
    onRetry: options.onRetry,
  };
}

function environment(name: string): string | undefined {
  const value = globalThis.process?.env?.[name]?.trim();
  return value === '' ? undefined : value;
}

function checkKey(given: string | undefined): string {
  const key = given?.trim() ?? '';
  if (key === '') {
    throw new AuthenticationError('There is no API key.', {
      code: 'api_key_missing',
      hint: 'Pass apiKey or set SIGNOFF_API_KEY. An administrator makes keys with `signoff key create`.',
    });
  }
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new AuthenticationError('The API key holds characters that no key has.', { code: 'api_key_malformed' });
  }
  return key;
}

function checkBaseUrl(given: string): string {
  let url: URL;
  try {
    url = new URL(given);
  } catch (cause) {
    throw optionError('baseUrl is not an absolute URL.', cause);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw optionError('baseUrl must be http or https.');
  if (url.username !== '' || url.password !== '') throw optionError('baseUrl must not hold credentials.');
  if (url.search !== '' || url.hash !== '') throw optionError('baseUrl must not hold a query or fragment.');
  return url.origin + url.pathname.replace(/\/+$/, '').replace(/\/v1$/, '');
}

function checkNumber(name: string, value: number, least: number): number {
  if (!Number.isFinite(value) || value < least) throw optionError(`${name} must be a number of at least ${least}.`);
  return value;
}

function optionError(message: string, cause?: unknown): ValidationError {
  return new ValidationError(message, { code: 'invalid_option', cause });
}
