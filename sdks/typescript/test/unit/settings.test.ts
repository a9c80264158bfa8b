import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { inspect } from 'node:util';
import { AuthenticationError, Signoff, type SignoffOptions, ValidationError } from '@signoff/sdk';

afterEach(() => {
  delete process.env.SIGNOFF_URL;
  delete process.env.SIGNOFF_API_KEY;
});

/** The URL that a client made with `options` asks, and its authorization. */
async function asked(options: SignoffOptions): Promise<[string, string | null]> {
  let seen: [string, string | null] | undefined;
  const fetch = async (url: unknown, init?: RequestInit) => {
    seen = [String(url), new Headers(init?.headers).get('authorization')];
    return new Response('{}');
  };
  await new Signoff({ ...options, fetch: fetch as typeof globalThis.fetch }).task.get('task_1');
  assert.ok(seen);
  return seen;
}

test('the base address may end with /v1 or a slash and may have a path', async () => {
  for (const [baseUrl, url] of [
    ['https://signoff.example', 'https://signoff.example/v1/task/task_1'],
    ['https://signoff.example/', 'https://signoff.example/v1/task/task_1'],
    ['https://signoff.example/v1', 'https://signoff.example/v1/task/task_1'],
    ['https://signoff.example/v1/', 'https://signoff.example/v1/task/task_1'],
    ['http://localhost:9/tools/signoff/v1', 'http://localhost:9/tools/signoff/v1/task/task_1'],
  ] as const) {
    assert.deepEqual(await asked({ apiKey: 'sk_test_1', baseUrl }), [url, 'Bearer sk_test_1']);
  }
});

test('address and key come from the environment, else the address is the local server', async () => {
  assert.equal((await asked({ apiKey: 'k' }))[0], 'http://127.0.0.1:8080/v1/task/task_1');
  process.env.SIGNOFF_URL = 'https://env.example/v1';
  process.env.SIGNOFF_API_KEY = 'sk_live_env\n';
  assert.deepEqual(await asked({}), ['https://env.example/v1/task/task_1', 'Bearer sk_live_env']);
  assert.equal((await asked({ apiKey: 'sk_live_given' }))[1], 'Bearer sk_live_given');
});

test('without a key there is no client', () => {
  assert.throws(() => new Signoff(), AuthenticationError);
  process.env.SIGNOFF_API_KEY = ' ';
  assert.throws(() => new Signoff(), { code: 'api_key_missing' });
  assert.throws(() => new Signoff({ apiKey: 'sk_live_1\r\nx: y' }), { code: 'api_key_malformed' });
});

test('bad options are refused when the client is made', () => {
  for (const options of [
    { baseUrl: 'signoff.example' },
    { baseUrl: 'ftp://signoff.example' },
    { baseUrl: 'https://user:pass@signoff.example' },
    { baseUrl: 'https://signoff.example?x=1' },
    { requestTimeout: 0 },
    { requestTimeout: Number.NaN },
    { maxRetries: -1 },
  ]) {
    assert.throws(() => new Signoff({ apiKey: 'k', ...options }), ValidationError, JSON.stringify(options));
  }
});

test('printing a client does not show the key', () => {
  const signoff = new Signoff({ apiKey: 'sk_live_secret' });
  assert.doesNotMatch(inspect(signoff, { depth: 10, showHidden: true }), /secret/);
  assert.doesNotMatch(JSON.stringify(signoff), /secret/);
});
