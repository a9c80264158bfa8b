import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  AuthenticationError,
  ConflictError,
  ExternalIdReusedError,
  ForbiddenError,
  NotFoundError,
  Signoff,
  SignoffError,
  type SubmitInput,
  ValidationError,
} from '@signoff/sdk';
import { example, SignoffServer } from './binary.js';

let server: SignoffServer;
let signoff: Signoff;
before(async () => {
  server = await SignoffServer.create();
  signoff = new Signoff({ apiKey: await server.makeKey(), baseUrl: `${server.baseUrl}/v1` });
  const schema = { type: 'object', required: ['to'], properties: { to: { type: 'string' } } };
  await server.asAdmin('/v1/queue', {
    body: {
      key: 'outbound-email',
      name: 'Outbound e-mail',
      review_type: 'approval',
      allow_edits: true,
      data_schema: schema,
    },
  });
  await server.asAdmin('/v1/queue', { body: { key: 'match', name: 'Match', review_type: 'multiple_choice' } });
});
after(() => server?.remove());

const email: SubmitInput = { queueKey: 'outbound-email', data: { to: 'a@example.com', subject: 'Hi', body: 'Text' } };

test('every member of a submit arrives', async () => {
  const input = {
    queueKey: 'match',
    data: { camelCase: { stays: true } },
    context: { order: 7 },
    metadata: { region: 'eu', rank: 3, urgent: false },
    summary: 'Which customer is it?',
    externalId: 'match-1',
    choices: [
      { key: 'a', label: 'Maria Keller', data: { age: 40 } },
      { key: 'b', label: 'Mario Keller' },
    ],
    maxSelections: 1,
    priority: 'high' as const,
    slaMinutes: 30,
  };
  const task = await signoff.task.submit(input);
  assert.deepEqual(task.data, input.data);
  assert.deepEqual(task.context, input.context);
  assert.deepEqual(task.metadata, input.metadata);
  assert.equal(task.summary, input.summary);
  assert.equal(task.external_id, 'match-1');
  assert.equal(task.choices?.[0]?.label, 'Maria Keller');
  assert.equal(task.max_selections, 1);
  assert.equal(task.priority, 'high');
  assert.ok(task.sla_deadline !== null && Date.parse(task.sla_deadline) > Date.now());
  assert.equal((await signoff.task.submit(input)).id, task.id);
});

test('a list of tasks comes in pages and whole', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 7; n += 1) {
    ids.push((await signoff.task.submit({ ...email, metadata: { series: 'pages' } })).id);
  }
  const filter = { queueKey: 'outbound-email', metadata: { series: 'pages' }, limit: 3 };
  const page = await signoff.task.list(filter);
  assert.equal(page.items.length, 3);
  assert.ok(page.nextCursor);
  assert.equal((await signoff.task.list({ ...filter, cursor: page.nextCursor })).items.length, 3);
  const listed: string[] = [];
  const sizes: number[] = [];
  for await (const { items } of signoff.task.list(filter).pages()) {
    sizes.push(items.length);
    listed.push(...items.map((task) => task.id));
  }
  assert.deepEqual(sizes, [3, 3, 1]);
  assert.deepEqual(listed, [...ids].reverse());
});

test('filters select tasks', async () => {
  const open = await signoff.task.submit({ ...email, externalId: 'filter-1' });
  const gone = await signoff.task.submit({ ...email, externalId: 'filter-2' });
  await signoff.task.cancel(gone.id);
  const found = async (filter: Parameters<typeof signoff.task.list>[0]) =>
    (await signoff.task.list(filter)).items.map((task) => task.id);
  assert.deepEqual(await found({ externalId: 'filter-1' }), [open.id]);
  assert.deepEqual(await found({ externalId: 'filter-2', state: ['queued', 'pending'] }), []);
  assert.deepEqual(await found({ externalId: 'filter-2', state: ['cancelled', 'queued'] }), [gone.id]);
  assert.deepEqual(await found({ externalId: 'filter-1', createdAfter: new Date(Date.now() + 60_000) }), []);
  assert.deepEqual(await found({ externalId: 'filter-1', queueId: open.queue_id, order: 'turn' }), [open.id]);
});

test('a task is revised for the revision that was seen, and commented', async () => {
  const task = await signoff.task.submit(email);
  const revised = await signoff.task.revise(task.id, { data: { to: 'b@example.com' } }, { revision: 1 });
  assert.equal(revised.revision, 2);
  assert.deepEqual((await signoff.task.get(task.id)).data, { to: 'b@example.com' });
  await assert.rejects(signoff.task.revise(task.id, { summary: 'x' }, { revision: 1 }), (error) => {
    assert.ok(error instanceof ConflictError);
    assert.equal(error.code, 'stale_revision');
    return true;
  });
  assert.equal((await signoff.task.comment(task.id, 'New address.')).body, 'New address.');
  assert.equal((await signoff.task.comments(task.id)).items[0]?.body, 'New address.');
});

test('other content under an external id is refused and names the first task', async () => {
  const first = await signoff.task.submit({ ...email, externalId: 'mail-1' });
  assert.equal((await signoff.task.submit({ ...email, externalId: 'mail-1' })).id, first.id);
  const other = { ...email, externalId: 'mail-1', data: { ...email.data, to: 'b@example.com' } };
  await assert.rejects(signoff.task.submit(other), (error) => {
    assert.ok(error instanceof ExternalIdReusedError && error instanceof ConflictError);
    assert.deepEqual([error.taskId, error.code, error.status], [first.id, 'external_id_reused', 409]);
    return true;
  });
});

test('queues and reviews are read', async () => {
  const queue = await signoff.queue.get('outbound-email');
  assert.equal(queue.review_type, 'approval');
  assert.deepEqual(
    queue.review_options.map((option) => option.id),
    ['approved', 'rejected'],
  );
  assert.equal((await signoff.queue.get(queue.id)).key, 'outbound-email');
  const keys: string[] = [];
  for await (const one of signoff.queue.list()) keys.push(one.key);
  assert.deepEqual(keys.sort(), ['match', 'outbound-email']);

  const task = await signoff.task.submit(email);
  await server.review(task.id, { result: ['approved'] });
  const { items } = await signoff.review.list({ taskId: task.id, reviewerType: 'human', queueKey: 'outbound-email' });
  assert.equal(items.length, 1);
  assert.deepEqual((await signoff.review.get(items[0]?.id ?? '')).result, ['approved']);
});

test('refusals are typed errors that name the place and the rule', async () => {
  const refused = async (call: Promise<unknown>, type: new (...given: never[]) => SignoffError) => {
    const error = await call.then(
      () => assert.fail('it was not refused'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof type, String(error));
    assert.ok(error.message !== '' && error.code !== '' && !error.code.startsWith('http_'), error.code);
    assert.match(error.requestId ?? '', /^req_/);
    return error;
  };
  const invalid = await refused(signoff.task.submit({ ...email, data: { to: 7 } }), ValidationError);
  assert.deepEqual(Object.keys(invalid.errors), ['/data/to']);
  const misspelt = await refused(signoff.task.submit({ ...email, slaMinuts: 5 } as SubmitInput), ValidationError);
  assert.match(JSON.stringify(misspelt.errors), /sla_minuts/);
  await refused(signoff.task.submit({ ...email, queueKey: 'no-such-queue' }), SignoffError);
  await refused(signoff.task.get('task_00000000000000000000000000'), NotFoundError);
  await refused(signoff.queue.get('no-such-queue'), NotFoundError);

  await signoff.task.submit(email, { idempotencyKey: 'once' });
  const mismatch = signoff.task.submit({ ...email, summary: 'Another' }, { idempotencyKey: 'once' });
  assert.equal((await refused(mismatch, ValidationError)).code, 'idempotency_mismatch');

  const task = await signoff.task.submit(email);
  await signoff.task.cancel(task.id);
  await refused(signoff.task.revise(task.id, { summary: 'x' }), ConflictError);

  const stranger = new Signoff({ apiKey: `sk_live_${'0'.repeat(36)}`, baseUrl: server.baseUrl });
  await refused(stranger.task.get(task.id), AuthenticationError);
  const reader = new Signoff({ apiKey: await server.makeKey(['task:read']), baseUrl: server.baseUrl });
  await refused(reader.task.submit(email), ForbiddenError);
});

test('the same key and body give the same answer', async () => {
  const first = await signoff.task.submit(email, { idempotencyKey: 'same-answer' });
  const second = await signoff.task.submit(email, { idempotencyKey: 'same-answer' });
  assert.equal(second.id, first.id);
});

test('the example sends what was approved and stops when it was rejected', async () => {
  const sdk = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const folder = mkdtempSync(join(tmpdir(), 'signoff-example-'));
  for (const file of ['package.json', 'tsconfig.json', 'agent.ts', 'email.ts']) {
    cpSync(join(example, file), join(folder, file));
  }
  mkdirSync(join(folder, 'node_modules', '@signoff'), { recursive: true });
  symlinkSync(sdk, join(folder, 'node_modules', '@signoff', 'sdk'));
  symlinkSync(join(sdk, 'node_modules', '@types'), join(folder, 'node_modules', '@types'));
  execFileSync(process.execPath, [tsc, '-p', folder], { stdio: 'inherit' });

  const apiKey = await server.makeKey();
  const runAgent = async (order: string, answer: object): Promise<string> => {
    const env = { ...process.env, SIGNOFF_URL: server.baseUrl, SIGNOFF_API_KEY: apiKey };
    const agent = spawn(process.execPath, [join(folder, 'build', 'agent.js'), order], { env });
    let output = '';
    for await (const chunk of agent.stdout) {
      output += String(chunk);
      const id = /Submitted (task_\w+)\. Waiting[^\n]*\n$/.exec(output)?.[1];
      if (id !== undefined) await server.review(id, answer);
    }
    return output;
  };
  try {
    const edited = { to: 'b@example.com', subject: 'Better', body: 'Shorter.' };
    assert.match(await runAgent('1', { result: ['approved'] }), /Sent\.\n\nTo: maria\.keller@example\.com\n/);
    assert.match(await runAgent('2', { result: ['approved'], data: edited }), /To: b@example\.com\nSubject: Better\n/);
    const rejected = await runAgent('3', { result: ['rejected'], feedback: 'Too early.' });
    assert.match(rejected, /Not sent\. Too early\./);
    assert.doesNotMatch(rejected, /Sent\./);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
