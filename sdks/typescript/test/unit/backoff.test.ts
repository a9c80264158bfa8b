import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRetryAfter, pauseAfter } from '../../dist/esm/backoff.js';

test('the pause doubles from 250 ms up to 10 s, and its upper half is random', () => {
  const longest = [1, 2, 3, 4, 5, 6, 7, 100, 1e9].map((failures) => pauseAfter(failures, null, 1));
  assert.deepEqual(longest, [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000]);
  assert.equal(pauseAfter(1, null, 0), 125);
  assert.equal(pauseAfter(100, null, 0), 5000);
});

test('the pause is never shorter than Retry-After', () => {
  assert.equal(pauseAfter(1, 3, 0), 3000);
  assert.ok(pauseAfter(1, 3, 0.9) > 3000);
  assert.equal(pauseAfter(7, 1, 0.999_999) > 9_000, true);
});

test('Retry-After is seconds or a date', () => {
  const now = Date.parse('2026-01-02T03:04:05Z');
  assert.equal(parseRetryAfter('120', now), 120);
  assert.equal(parseRetryAfter(' 0 ', now), 0);
  assert.equal(parseRetryAfter('Fri, 02 Jan 2026 03:05:05 GMT', now), 60);
  assert.equal(parseRetryAfter('Fri, 02 Jan 2026 03:00:00 GMT', now), 0);
  assert.equal(parseRetryAfter('soon', now), null);
  assert.equal(parseRetryAfter(null, now), null);
});
