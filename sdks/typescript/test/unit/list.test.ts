import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Signoff } from '@signoff/sdk';
import { LoopbackServer, taskFrom } from './loopback.js';

let server: LoopbackServer;
let signoff: Signoff;
beforeEach(async () => {
  server = await new LoopbackServer().start();
  signoff = new Signoff({ apiKey: 'sk_test_1', baseUrl: server.baseUrl });
  const pages = new Map([
    [null, { ids: ['a', 'b'], next: 'c1' }],
    ['c1', { ids: ['c'], next: 'c2' }],
    ['c2', { ids: [], next: null }],
  ]);
  server.fixed.set('/v1/task', ({ url }) => {
    const page = pages.get(url.searchParams.get('cursor'));
    assert.ok(page);
    const headers: Record<string, string> = page.next === null ? {} : { 'x-next-cursor': page.next };
    return { status: 200, headers, body: page.ids.map((id) => taskFrom(id, {})) };
  });
  server.fixed.set('/v1/queue', () => ({ status: 200, body: [{ key: 'outbound-email' }] }));
  server.fixed.set('/v1/review', () => ({ status: 200, body: [] }));
  server.fixed.set('/v1/task/a/comment', () => ({ status: 200, body: [{ body: 'Hm.' }] }));
});
afterEach(() => server.stop());

test('await gives one page, and its cursor goes on later', async () => {
  const page = await signoff.task.list({ limit: 2 });
  assert.deepEqual(
    page.items.map((task) => task.id),
    ['a', 'b'],
  );
  assert.equal(page.nextCursor, 'c1');
  assert.equal(server.requests.length, 1);
  const last = await signoff.task.list({ cursor: 'c2' });
  assert.deepEqual(last, { items: [], nextCursor: null });
});

test('for await gives every item of every page, fetching pages as they are reached', async () => {
  const ids: string[] = [];
  for await (const task of signoff.task.list()) {
    if (task.id === 'b') assert.equal(server.requests.length, 1);
    ids.push(task.id);
  }
  assert.deepEqual(ids, ['a', 'b', 'c']);
  assert.equal(server.requests.length, 3);
});

test('leaving the loop fetches no more pages', async () => {
  for await (const task of signoff.task.list()) if (task.id === 'a') break;
  assert.equal(server.requests.length, 1);
});

test('pages() gives the pages, with the same filters on each request', async () => {
  const sizes: number[] = [];
  for await (const page of signoff.task.list({ queueKey: 'q', state: ['queued', 'pending'] }).pages()) {
    sizes.push(page.items.length);
  }
  assert.deepEqual(sizes, [2, 1, 0]);
  assert.deepEqual(
    server.requests.map((one) => one.url.search),
    ['', '&cursor=c1', '&cursor=c2'].map((cursor) => `?queue_key=q&state=queued&state=pending${cursor}`),
  );
});

test('nothing is fetched before the list is used, and a fault between pages is retried', async () => {
  const list = signoff.task.list();
  assert.equal(server.requests.length, 0);
  server.faults = [undefined, 'drop', { status: 503 }];
  const ids: string[] = [];
  for await (const task of list) ids.push(task.id);
  assert.deepEqual(ids, ['a', 'b', 'c']);
});

test('filters become a query', async () => {
  await signoff.task.list({
    queueId: 'queue_1',
    externalId: 'order 1&2',
    batchId: 'batch_1',
    assigneeId: 'me',
    metadata: { region: 'eu', rank: 3, urgent: false },
    createdAfter: new Date('2026-01-02T03:04:05Z'),
    reviewedBefore: '2026-02-01T00:00:00Z',
    order: 'turn',
    state: 'queued',
    queueKey: undefined,
    limit: 0,
  });
  assert.deepEqual(Object.fromEntries(server.requests[0]?.url.searchParams ?? []), {
    queue_id: 'queue_1',
    external_id: 'order 1&2',
    batch_id: 'batch_1',
    assignee_id: 'me',
    'metadata.region': 'eu',
    'metadata.rank': '3',
    'metadata.urgent': 'false',
    created_after: '2026-01-02T03:04:05.000Z',
    reviewed_before: '2026-02-01T00:00:00Z',
    order: 'turn',
    state: 'queued',
    limit: '0',
  });
});

test('queues, reviews and comments are lists too', async () => {
  assert.equal((await signoff.queue.list()).items[0]?.key, 'outbound-email');
  assert.equal((await signoff.task.comments('a')).items[0]?.body, 'Hm.');
  await signoff.review.list({ taskId: 'task_1', reviewerType: 'human', offset: 10 });
  assert.equal(server.requests.at(-1)?.url.search, '?task_id=task_1&reviewer_type=human&offset=10');
});

test('an error rejects the await and ends the loop', async () => {
  server.faults = [{ status: 403 }, undefined, { status: 403 }];
  await assert.rejects(async () => await signoff.task.list(), { name: 'ForbiddenError' });
  await assert.rejects(
    async () => {
      for await (const task of signoff.task.list()) assert.ok(task);
    },
    { name: 'ForbiddenError' },
  );
});
