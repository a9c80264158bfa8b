import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import {
  ConflictError,
  NetworkError,
  RateLimitError,
  type RetryNotice,
  ServerError,
  Signoff,
  SignoffError,
  type SignoffOptions,
  type SubmitInput,
  ValidationError,
} from '@signoff/sdk';
import { LoopbackServer } from './loopback.js';

let server: LoopbackServer;
beforeEach(async () => {
  server = await new LoopbackServer().start();
});
afterEach(() => server.stop());

const email: SubmitInput = { queueKey: 'outbound-email', data: { to: 'a@example.com' } };

function client(options: SignoffOptions = {}): Signoff {
  return new Signoff({ apiKey: 'sk_test_1', baseUrl: server.baseUrl, ...options });
}

test('submit sends names in snake_case and leaves content as it is', async () => {
  await client().task.submit({
    queueKey: 'triage',
    data: { someField: { innerField: 1 } },
    context: { keepThis: true },
    metadata: { costCentre: 'a' },
    externalId: 'order-1',
    maxSelections: 2,
    slaMinutes: 30,
    assigneeId: 'mem_1',
    priority: 'high',
    deadline: new Date('2026-01-02T03:04:05Z'),
    summary: undefined,
    choices: [{ key: 'a', label: 'A', data: { innerField: 2 } }],
  });
  const [seen] = server.requests;
  assert.deepEqual(seen?.body, {
    queue_key: 'triage',
    data: { someField: { innerField: 1 } },
    context: { keepThis: true },
    metadata: { costCentre: 'a' },
    external_id: 'order-1',
    max_selections: 2,
    sla_minutes: 30,
    assignee_id: 'mem_1',
    priority: 'high',
    deadline: '2026-01-02T03:04:05.000Z',
    choices: [{ key: 'a', label: 'A', data: { innerField: 2 } }],
  });
  assert.equal(seen?.url.pathname, '/v1/task');
  assert.equal(seen?.headers.authorization, 'Bearer sk_test_1');
  assert.equal(seen?.headers['content-type'], 'application/json');
});

test('a misspelt member reaches the server, which is to refuse it', async () => {
  await client().task.submit({ ...email, slaMinuts: 5 } as SubmitInput);
  assert.equal(server.requests[0]?.body?.sla_minuts, 5);
});

test('the batch translates the names of every task in it', async () => {
  await client().task.submitBatch({ queueKey: 'triage', tasks: [{ data: { aB: 1 }, externalId: 'x' }] });
  const [seen] = server.requests;
  assert.equal(seen?.url.pathname, '/v1/batch');
  assert.deepEqual(seen?.body, { queue_key: 'triage', tasks: [{ data: { aB: 1 }, external_id: 'x' }] });
});

test('a submit whose answer is lost after the commit is sent again with its key and makes one task', async () => {
  server.faults = ['lose', 'cut', 'drop'];
  const task = await client().task.submit(email);
  const keys = new Set(server.requests.map((one) => one.headers['idempotency-key']));
  assert.equal(server.requests.length, 4);
  assert.equal(keys.size, 1);
  assert.equal(server.tasks.size, 1);
  assert.equal(task.id, 'task_1');
});

test('a submit that times out on a slow server makes one task', async () => {
  server.faults = ['hang', 'hang'];
  await client({ requestTimeout: 150 }).task.submit(email);
  assert.equal(server.requests.length, 3);
  assert.equal(new Set(server.requests.map((one) => one.headers['idempotency-key'])).size, 1);
  assert.equal(server.tasks.size, 1);
});

test('a submit survives a restart of the server', async () => {
  await client().task.submit(email);
  await server.stop();
  const submitted = client().task.submit(email);
  setTimeout(() => void server.start(), 600);
  assert.equal((await submitted).id, 'task_2');
});

test('two calls have two keys', async () => {
  const signoff = client();
  await signoff.task.submit(email);
  await signoff.task.submit(email);
  const keys = server.requests.map((one) => String(one.headers['idempotency-key']));
  assert.notEqual(keys[0], keys[1]);
  assert.match(keys[0] ?? '', /^[0-9a-f-]{36}$/);
  assert.equal(server.tasks.size, 2);
});

test('a key of your own makes the call once across clients', async () => {
  const [first, second] = [
    await client().task.submit(email, { idempotencyKey: 'invoice-7' }),
    await client().task.submit(email, { idempotencyKey: 'invoice-7' }),
  ];
  assert.equal(first.id, second.id);
  assert.equal(server.tasks.size, 1);
  await assert.rejects(client().task.submit(email, { idempotencyKey: 'two words' }), ValidationError);
});

test('every POST carries a key', async () => {
  const { task } = client();
  const { id } = await task.submit(email);
  await task.submitBatch({ queueKey: 'q', tasks: [] });
  await task.cancel(id, 'no longer needed');
  await task.revise(id, { summary: 's' }, { revision: 3 });
  await task.comment(id, 'Looks *good*.');
  assert.equal(server.requests.length, 5);
  for (const seen of server.requests) assert.match(String(seen.headers['idempotency-key']), /^[0-9a-f-]{36}$/);
  assert.deepEqual(
    server.requests.slice(2).map((one) => [one.url.pathname, one.body, one.headers['if-match']]),
    [
      ['/v1/task/task_1/cancel', { reason: 'no longer needed' }, undefined],
      ['/v1/task/task_1/revise', { summary: 's' }, '"3"'],
      ['/v1/task/task_1/comment', { body: 'Looks *good*.' }, undefined],
    ],
  );
});

test('503, 500 and 429 are tried again, not before Retry-After is over', async () => {
  const notices: RetryNotice[] = [];
  server.faults = [
    { status: 503, headers: { 'retry-after': '1' } },
    { status: 500, body: { code: 'fault', detail: 'The server failed.' } },
    { status: 429, headers: { 'retry-after': '1' }, body: { code: 'rate_limited', detail: 'Too many.' } },
  ];
  await client({ onRetry: (notice) => notices.push(notice) }).task.submit(email);
  const [first, second, third, fourth] = server.requests.map((one) => one.at);
  assert.ok(first && second && third && fourth);
  assert.ok(second - first >= 995, `waited ${second - first} ms after 503`);
  assert.ok(fourth - third >= 995, `waited ${fourth - third} ms after 429`);
  assert.equal(new Set(server.requests.map((one) => one.headers['idempotency-key'])).size, 1);
  assert.deepEqual(
    notices.map(({ error, failures }) => [error.status, failures]),
    [
      [503, 1],
      [500, 2],
      [429, 3],
    ],
  );
});

test('a Retry-After of hours is reported and not waited for', async () => {
  server.faults = [{ status: 429, headers: { 'retry-after': '7200' } }];
  await assert.rejects(client().task.submit(email), (error) => {
    assert.ok(error instanceof RateLimitError);
    assert.equal(error.retryAfter, 7200);
    return true;
  });
  assert.equal(server.requests.length, 1);
});

test('refusals are not tried again', async () => {
  for (const status of [400, 401, 403, 404, 408, 409, 412, 413, 422, 428]) {
    server.requests.length = 0;
    server.faults = [{ status, body: { code: 'refused', detail: 'No.' } }];
    await assert.rejects(client().task.submit(email), SignoffError);
    assert.equal(server.requests.length, 1, `status ${status}`);
  }
});

test('retries end: ServerError after maxRetries, NetworkError when nothing listens', async () => {
  server.faults = [{ status: 502 }, { status: 502 }, { status: 502 }];
  await assert.rejects(client({ maxRetries: 2 }).task.submit(email), ServerError);
  assert.equal(server.requests.length, 3);
  await server.stop();
  await assert.rejects(client({ maxRetries: 1 }).task.submit(email), (error) => {
    assert.ok(error instanceof NetworkError);
    assert.equal(error.status, null);
    assert.match(error.message, /ECONNREFUSED/);
    assert.doesNotMatch(error.message, /sk_test/);
    return true;
  });
});

test('an abort ends the call at once with the reason of the signal', async () => {
  server.faults = ['hang'];
  const stop = new AbortController();
  const reason = new Error('changed my mind');
  setTimeout(() => stop.abort(reason), 50);
  await assert.rejects(client().task.submit(email, { signal: stop.signal }), (error) => error === reason);
  await assert.rejects(client().task.submit(email, { signal: stop.signal }), (error) => error === reason);
  assert.equal(server.requests.length, 1);
});

test('an abort ends the pause between attempts', async () => {
  server.faults = [{ status: 503, headers: { 'retry-after': '30' } }];
  const stop = new AbortController();
  const submitted = client({ onRetry: () => stop.abort() }).task.submit(email, { signal: stop.signal });
  await assert.rejects(submitted, { name: 'AbortError' });
});

test('a problem becomes an error with its code, hint, places and request id', async () => {
  server.faults = [
    {
      status: 422,
      headers: { 'x-request-id': 'req_header' },
      body: {
        status: 422,
        code: 'unknown_option',
        detail: "'maybe' is not an option of this queue.",
        hint: 'Choose from: approved, rejected.',
        errors: { '/result/0': ["'maybe' is not an option of this queue."] },
        request_id: 'req_7',
      },
    },
    { status: 409, headers: { 'x-request-id': 'req_8' }, body: '<html>' },
  ];
  await assert.rejects(client().task.submit(email), (error) => {
    assert.ok(error instanceof ValidationError && error instanceof SignoffError && error instanceof Error);
    assert.equal(error.name, 'ValidationError');
    assert.equal(error.code, 'unknown_option');
    assert.equal(error.status, 422);
    assert.equal(error.requestId, 'req_7');
    assert.equal(error.hint, 'Choose from: approved, rejected.');
    assert.deepEqual(error.errors, { '/result/0': ["'maybe' is not an option of this queue."] });
    return true;
  });
  await assert.rejects(client().task.submit(email), (error) => {
    assert.ok(error instanceof ConflictError);
    assert.equal(error.code, 'http_409');
    assert.equal(error.requestId, 'req_8');
    return true;
  });
});

test('each status has its class', async () => {
  const classes: [number, string][] = [
    [400, 'ValidationError'],
    [413, 'ValidationError'],
    [415, 'ValidationError'],
    [422, 'ValidationError'],
    [401, 'AuthenticationError'],
    [403, 'ForbiddenError'],
    [404, 'NotFoundError'],
    [410, 'NotFoundError'],
    [409, 'ConflictError'],
    [412, 'ConflictError'],
    [428, 'ConflictError'],
    [429, 'RateLimitError'],
    [500, 'ServerError'],
    [503, 'ServerError'],
    [418, 'SignoffError'],
  ];
  for (const [status, name] of classes) {
    server.faults = [{ status }];
    await assert.rejects(client({ maxRetries: 0 }).task.submit(email), { name, status });
  }
});

test('an answer that is not the API is an error, and a redirect is not followed', async () => {
  server.faults = [
    { status: 200, body: '<html>Sign in</html>' },
    { status: 307, headers: { location: 'https://elsewhere.example/v1/task' } },
  ];
  await assert.rejects(client().task.submit(email), { code: 'unexpected_answer', status: 200 });
  await assert.rejects(client().task.submit(email), { code: 'redirected', status: 307 });
  assert.equal(server.requests.length, 2);
});

test('an id can not leave its place in the path', async () => {
  const { task, queue } = client();
  for (const id of ['', '.', '..', undefined as unknown as string]) {
    await assert.rejects(task.get(id), ValidationError);
    await assert.rejects(task.waitForReview(id), ValidationError);
  }
  server.fixed.set('/v1/queue/a%2Fb%3Fc', () => ({ status: 200, body: { key: 'a/b?c' } }));
  assert.equal((await queue.get('a/b?c')).key, 'a/b?c');
});
