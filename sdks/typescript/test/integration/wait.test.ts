import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { NotFoundError, type RetryNotice, Signoff, type Task, TaskCancelledError, TimeoutError } from '@signoff/sdk';
import { SignoffServer, sleep } from './binary.js';

let server: SignoffServer;
let apiKey: string;
before(async () => {
  server = await SignoffServer.create();
  apiKey = await server.makeKey();
  await server.asAdmin('/v1/queue', {
    body: { key: 'outbound-email', name: 'Outbound e-mail', review_type: 'approval', allow_edits: true },
  });
});
after(() => server?.remove());

function client(onRetry?: (notice: RetryNotice) => void): Signoff {
  return new Signoff({ apiKey, baseUrl: server.baseUrl, onRetry });
}

function submit(): Promise<Task> {
  return client().task.submit({ queueKey: 'outbound-email', data: { to: 'a@example.com', subject: 'Late' } });
}

test('a person reviews and the agent wakes', async () => {
  const task = await submit();
  assert.equal(task.state, 'queued');
  const waiting = client().task.waitForReview(task.id);
  await sleep(200);
  const decidedAt = performance.now();
  await server.review(task.id, { result: ['approved'], feedback: 'Good.' });
  const reviewed = await waiting;
  assert.ok(performance.now() - decidedAt < 1000);
  assert.ok(reviewed.reviews[0].result.includes('approved'));
  assert.equal(reviewed.reviews[0].feedback, 'Good.');
  assert.equal(reviewed.reviews[0].reviewer.type, 'human');
  assert.deepEqual(reviewed.outcome.value, { type: 'approval', approved: true });
  assert.equal(reviewed.outcome.data, null);
  assert.equal(reviewed.queue.key, 'outbound-email');
});

test('edits of the reviewer come with the outcome', async () => {
  const task = await submit();
  const edited = { to: 'a@example.com', subject: 'Your order is late' };
  await server.review(task.id, { result: ['approved'], data: edited });
  const reviewed = await client().task.waitForReview(task.id);
  assert.deepEqual(reviewed.outcome.data, edited);
  assert.deepEqual(reviewed.data, task.data);
});

test('the wait goes on through a kill and a restart of the server', async () => {
  const task = await submit();
  const notices: RetryNotice[] = [];
  const waiting = client((notice) => notices.push(notice)).task.waitForReview(task.id, { timeout: 60_000 });
  await sleep(200);
  await server.end('SIGKILL');
  await sleep(700);
  await server.start();
  await server.review(task.id, { result: ['rejected'] });
  assert.deepEqual((await waiting).outcome.result, ['rejected']);
  assert.ok(notices.length > 0);
});

test('the wait goes on through an orderly stop and a restart', async () => {
  const task = await submit();
  const waiting = client().task.waitForReview(task.id, { timeout: 60_000 });
  await sleep(200);
  await server.end('SIGTERM');
  await server.start();
  await server.review(task.id, { result: ['approved'] });
  assert.deepEqual((await waiting).outcome.result, ['approved']);
});

test('submits during a kill and a restart make one task each', async () => {
  const notices: RetryNotice[] = [];
  const signoff = client((notice) => notices.push(notice));
  const names = Array.from({ length: 40 }, (_, index) => `burst-${index}`);
  const submitted = Promise.all(
    names.map(async (name, index) => {
      await sleep(index * 5);
      return signoff.task.submit({ queueKey: 'outbound-email', data: {}, metadata: { name, burst: 'kill' } });
    }),
  );
  await sleep(80);
  await server.end('SIGKILL');
  await server.start();
  const answered = (await submitted).map((task) => task.id).sort();
  const stored: string[] = [];
  for await (const task of signoff.task.list({ metadata: { burst: 'kill' } })) stored.push(task.id);
  assert.deepEqual(stored.sort(), answered);
  assert.equal(new Set(answered).size, names.length);
  assert.ok(notices.length > 0, 'no submit met the restart');
});

test('a wait ends by its time or an abort, and the task stays open', async () => {
  const { id } = await submit();
  const began = performance.now();
  await assert.rejects(client().task.waitForReview(id, { timeout: 1500 }), TimeoutError);
  const took = performance.now() - began;
  assert.ok(took >= 1495 && took < 2500, `took ${took} ms`);
  await assert.rejects(client().task.waitForReview(id, { timeout: 0 }), TimeoutError);

  const stop = new AbortController();
  setTimeout(() => stop.abort(), 100);
  await assert.rejects(client().task.waitForReview(id, { signal: stop.signal }), { name: 'AbortError' });
  assert.equal((await client().task.get(id)).state, 'queued');
});

test('a cancelled task ends the wait with TaskCancelledError', async () => {
  const { id } = await submit();
  const waiting = assert.rejects(client().task.waitForReview(id), (error) => {
    assert.ok(error instanceof TaskCancelledError);
    assert.equal(error.task.outcome?.reason, 'Sent by hand.');
    return true;
  });
  await sleep(100);
  assert.equal((await client().task.cancel(id, 'Sent by hand.')).state, 'cancelled');
  await waiting;
});

test('after a reopening only the new decision counts', async () => {
  const { id } = await submit();
  await server.review(id, { result: ['approved'] });
  assert.deepEqual((await client().task.waitForReview(id)).outcome.result, ['approved']);
  await server.asAdmin(`/v1/task/${id}/reopen`, { body: { reason: 'Wrong address.' } });
  const waiting = client().task.waitForReview(id);
  const { revision } = await client().task.get(id);
  await server.review(id, { result: ['rejected'] }, revision);
  const reviewed = await waiting;
  assert.deepEqual(
    reviewed.reviews.map((review) => review.result),
    [['rejected']],
  );
  assert.deepEqual(reviewed.outcome.result, ['rejected']);
});

test('a batch is waited for until each of its tasks is settled', async () => {
  const signoff = client();
  const batch = await signoff.task.submitBatch({
    queueKey: 'outbound-email',
    tasks: [
      { data: { n: 1 }, externalId: 'batch-1' },
      { data: { n: 2 } },
      { data: { n: 3 }, summary: 'x'.repeat(300) },
    ],
  });
  assert.deepEqual(
    batch.items.map((item) => item.status),
    ['created', 'created', 'refused'],
  );
  const [first, second] = batch.items.map((item) => item.task_id);
  assert.ok(first && second);
  assert.equal((await signoff.batch.get(batch.id)).queued, 2);
  await assert.rejects(signoff.batch.wait(batch.id, { timeout: 300 }), TimeoutError);
  const waiting = signoff.batch.wait(batch.id);
  await server.review(first, { result: ['approved'] });
  await signoff.task.cancel(second);
  const done = await waiting;
  assert.deepEqual([done.reviewed, done.cancelled, done.refused, done.queued], [1, 1, 1, 0]);
});

test('waiting for what does not exist ends at once', async () => {
  const unknown = 'task_00000000000000000000000000';
  await assert.rejects(client().task.waitForReview(unknown), NotFoundError);
});
