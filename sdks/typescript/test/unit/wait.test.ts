import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import {
  AuthenticationError,
  NotFoundError,
  type RetryNotice,
  Signoff,
  SignoffError,
  type SignoffOptions,
  type Task,
  TaskCancelledError,
  TaskExpiredError,
  TimeoutError,
  ValidationError,
} from '@signoff/sdk';
import { decision, LoopbackServer } from './loopback.js';

let server: LoopbackServer;
let task: Task;
beforeEach(async () => {
  server = await new LoopbackServer().start();
  task = await client().task.submit({ queueKey: 'outbound-email', data: {} });
  server.requests.length = 0;
});
afterEach(() => server.stop());

function client(options: SignoffOptions = {}): Signoff {
  return new Signoff({ apiKey: 'sk_test_1', baseUrl: server.baseUrl, ...options });
}

/** Calls `act` once the server has seen `count` rounds of waiting. */
async function afterRounds(count: number, act: () => void | Promise<void>): Promise<void> {
  while (server.seen('GET', /\/wait$/).length < count) await sleep(5);
  await sleep(20);
  await act();
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

test('the wait ends as soon as the task is decided', async () => {
  let decidedAt = 0;
  void afterRounds(1, () => {
    decidedAt = performance.now();
    server.settle(task.id, decision('approved'));
  });
  const reviewed = await client().task.waitForReview(task.id);
  assert.ok(performance.now() - decidedAt < 200);
  assert.ok(reviewed.reviews[0].result.includes('approved'));
  assert.deepEqual(reviewed.outcome.result, ['approved']);
  const [round] = server.requests;
  assert.equal(round?.url.pathname, `/v1/task/${task.id}/wait`);
  const seconds = Number(round?.url.searchParams.get('timeout'));
  assert.ok(seconds > 0 && seconds <= 60);
});

test('a task decided before is returned at once', async () => {
  server.settle(task.id, decision('rejected'));
  const reviewed = await client().task.waitForReview(task.id, { timeout: 0 });
  assert.deepEqual(reviewed.reviews[0].result, ['rejected']);
});

test('a voided review is not among the reviews of a decided task', async () => {
  const voided = { id: 'rev_1', result: ['approved'], voided_at: '2026-01-01T00:00:00.000000Z' };
  server.settle(task.id, decision('rejected', voided));
  const reviewed = await client().task.waitForReview(task.id);
  assert.deepEqual(
    reviewed.reviews.map((review) => review.result),
    [['rejected']],
  );
});

test('the wait survives a restart of the server', async () => {
  const notices: RetryNotice[] = [];
  const waiting = client({ onRetry: (notice) => notices.push(notice) }).task.waitForReview(task.id);
  await afterRounds(1, () => server.stop());
  await sleep(800);
  await server.start();
  await afterRounds(2, () => server.settle(task.id, decision('approved')));
  assert.equal((await waiting).state, 'reviewed');
  assert.ok(notices.length >= 2);
  assert.ok(notices.every((notice) => notice.error.code === 'network_error'));
});

test('the wait survives dropped connections, half answers, 5xx and 429, and honours Retry-After', async () => {
  server.faults = [
    'drop',
    'cut',
    { status: 503, headers: { 'retry-after': '1' } },
    { status: 504, body: '<html>' },
    { status: 429, body: { code: 'rate_limited', retryAfter: 1 } },
  ];
  server.settle(task.id, decision('approved'));
  assert.equal((await client({ maxRetries: 0 }).task.waitForReview(task.id)).state, 'reviewed');
  const at = server.requests.map((one) => one.at);
  assert.equal(at.length, 6);
  assert.ok((at[3] ?? 0) - (at[2] ?? 0) >= 995);
  assert.ok((at[5] ?? 0) - (at[4] ?? 0) >= 995);
});

test('the pauses between failing attempts grow', async () => {
  const notices: RetryNotice[] = [];
  await server.stop();
  const waiting = client({ onRetry: (notice) => notices.push(notice) }).task.waitForReview(task.id, { timeout: 3500 });
  await assert.rejects(waiting, TimeoutError);
  const pauses = notices.map((notice) => notice.pauseMs);
  assert.ok(pauses.length >= 3 && pauses.length <= 5, `${pauses.length} attempts`);
  pauses.forEach((pauseMs, index) => {
    const ceiling = 250 * 2 ** index;
    assert.ok(pauseMs >= ceiling / 2 && pauseMs <= ceiling, `pause ${index} was ${pauseMs} ms`);
  });
});

test('TimeoutError comes when the time is up, with the last failure if there was one', async () => {
  const began = performance.now();
  await assert.rejects(client().task.waitForReview(task.id, { timeout: 300 }), (error) => {
    assert.ok(error instanceof TimeoutError);
    assert.equal(error.code, 'timeout');
    assert.equal(error.cause, undefined);
    return true;
  });
  const took = performance.now() - began;
  assert.ok(took >= 295 && took < 900, `took ${took} ms`);

  await server.stop();
  await assert.rejects(client().task.waitForReview(task.id, { timeout: 300 }), (error) => {
    assert.ok(error instanceof TimeoutError);
    assert.match(error.message, /ECONNREFUSED/);
    assert.ok(error.cause instanceof SignoffError);
    return true;
  });
});

test('a timeout of 0 asks once', async () => {
  await assert.rejects(client().task.waitForReview(task.id, { timeout: 0 }), TimeoutError);
  assert.equal(server.requests.length, 1);
  assert.equal(server.requests[0]?.url.searchParams.get('timeout'), '0');
});

test('a timeout that is no number of milliseconds is refused', async () => {
  for (const timeout of [-1, Number.NaN, '5' as unknown as number]) {
    await assert.rejects(client().task.waitForReview(task.id, { timeout }), ValidationError);
  }
  assert.equal(server.requests.length, 0);
});

test('the time limit holds while the server asks for a longer pause', async () => {
  server.faults = [{ status: 503, headers: { 'retry-after': '60' } }];
  const began = performance.now();
  await assert.rejects(client().task.waitForReview(task.id, { timeout: 400 }), TimeoutError);
  assert.ok(performance.now() - began < 1000);
  assert.equal(server.requests.length, 1);
});

test('rounds follow each other until the task is decided', async () => {
  const waiting = client().task.waitForReview(task.id, { timeout: 1000 });
  await afterRounds(1, () => server.wake());
  await afterRounds(2, () => server.settle(task.id, decision('approved')));
  assert.equal((await waiting).state, 'reviewed');
});

test('a server that answers every round at once is not asked in a tight loop', async () => {
  server.fixed.set(`/v1/task/${task.id}/wait`, () => ({ status: 200, body: server.tasks.get(task.id) }));
  await assert.rejects(client().task.waitForReview(task.id, { timeout: 1900 }), TimeoutError);
  assert.ok(server.requests.length <= 6, `${server.requests.length} requests`);
});

test('an abort ends the wait at once: in a round, in a pause, and before the first', async () => {
  const stop = new AbortController();
  const waiting = client().task.waitForReview(task.id, { signal: stop.signal });
  await afterRounds(1, () => stop.abort());
  await assert.rejects(waiting, { name: 'AbortError' });

  await assert.rejects(client().task.waitForReview(task.id, { signal: stop.signal }), { name: 'AbortError' });
  assert.equal(server.requests.length, 1);

  const reason = new Error('enough');
  const second = new AbortController();
  server.faults = [{ status: 503, headers: { 'retry-after': '30' } }];
  const paused = client({ onRetry: () => setTimeout(() => second.abort(reason), 10) });
  await assert.rejects(paused.task.waitForReview(task.id, { signal: second.signal }), (error) => error === reason);
});

test('a wait leaves no listener on the signal', async () => {
  const stop = new AbortController();
  let listeners = 0;
  const { addEventListener, removeEventListener } = stop.signal;
  stop.signal.addEventListener = (...given: Parameters<typeof addEventListener>) => {
    listeners += 1;
    addEventListener.apply(stop.signal, given);
  };
  stop.signal.removeEventListener = (...given: Parameters<typeof removeEventListener>) => {
    listeners -= 1;
    removeEventListener.apply(stop.signal, given);
  };
  server.faults = ['drop', { status: 503 }];
  server.settle(task.id, decision('approved'));
  await client().task.waitForReview(task.id, { signal: stop.signal });
  assert.equal(listeners, 0);
});

test('a task that ended without a decision throws, with the task', async () => {
  const outcome = { kind: 'cancelled', result: [], reason: 'order withdrawn' } as unknown as Task['outcome'];
  server.settle(task.id, { state: 'cancelled', outcome });
  await assert.rejects(client().task.waitForReview(task.id), (error) => {
    assert.ok(error instanceof TaskCancelledError);
    assert.equal(error.code, 'task_cancelled');
    assert.equal(error.task.state, 'cancelled');
    assert.match(error.message, /order withdrawn/);
    return true;
  });
  server.settle(task.id, { state: 'expired', outcome: null });
  await assert.rejects(client().task.waitForReview(task.id), TaskExpiredError);
});

test('an answer that is not a decision is never taken for one', async () => {
  const approved = decision('approved');
  const forgeries: unknown[] = [
    { ...task, ...approved, reviews: null },
    { ...task, ...approved, reviews: [] },
    { ...task, ...approved, outcome: null },
    { ...task, ...approved, outcome: { kind: 'expired', result: ['approved'] } },
    { ...task, ...approved, id: 'task_other' },
    { ...task, ...approved, state: 'unheard-of' },
    { ok: true },
    null,
    [],
  ];
  for (const body of forgeries) {
    server.fixed.set(`/v1/task/${task.id}/wait`, () => ({ status: 200, body: JSON.stringify(body) }));
    await assert.rejects(client().task.waitForReview(task.id, { timeout: 1000 }), { code: 'unexpected_answer' });
  }
});

test('a refusal that will not change ends the wait', async () => {
  await assert.rejects(client().task.waitForReview('task_999'), NotFoundError);
  server.faults = [{ status: 401, body: { code: 'key_revoked' } }];
  await assert.rejects(client().task.waitForReview(task.id), AuthenticationError);
});

test('a batch is waited for until none of its tasks is open', async () => {
  const batch = { id: 'batch_1', total: 2, pending: 0, queued: 1, reviewed: 1, cancelled: 0, expired: 0, items: [] };
  let asked = 0;
  server.fixed.set('/v1/batch/batch_1', () => ({ status: 200, body: batch }));
  server.fixed.set('/v1/batch/batch_1/wait', () => {
    asked += 1;
    return { status: 200, body: asked < 2 ? batch : { ...batch, queued: 0, cancelled: 1 } };
  });
  assert.equal((await client().batch.get('batch_1')).queued, 1);
  const done = await client().batch.wait('batch_1');
  assert.deepEqual([done.reviewed, done.cancelled, asked], [1, 1, 2]);
  server.fixed.set('/v1/batch/batch_1/wait', () => ({ status: 200, body: batch }));
  await assert.rejects(client().batch.wait('batch_1', { timeout: 300 }), TimeoutError);
  server.fixed.set('/v1/batch/batch_1/wait', () => ({ status: 200, body: { ok: true } }));
  await assert.rejects(client().batch.wait('batch_1'), { code: 'unexpected_answer' });
});
