/** The types that the package is built from are those of the OpenAPI description, and its inputs name the same members. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type {
  BatchTaskInput,
  ReviewFilter,
  ReviseInput,
  SubmitBatchInput,
  SubmitInput,
  TaskChoiceInput,
  TaskFilter,
} from '@signoff/sdk';
import type { components } from '../../dist/esm/schema.gen.js';

const packageRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

test('src/schema.gen.ts is what openapi.json gives', () => {
  const check = [join(packageRoot, 'scripts', 'generate.mjs'), '--check'];
  const { status, stderr } = spawnSync(process.execPath, check, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
});

type SnakeCase<Name extends string> = Name extends `${infer Head}${infer Tail}`
  ? `${Head extends Lowercase<Head> ? Head : `_${Lowercase<Head>}`}${SnakeCase<Tail>}`
  : Name;
/** `true` when the input has the members of the request, under their camelCase names, and no others. */
type SameMembers<Input, Request> = [SnakeCase<keyof Input & string>] extends [keyof Request]
  ? [keyof Request] extends [SnakeCase<keyof Input & string>]
    ? true
    : false
  : false;

// Each of these lines does not compile unless the two agree.
const agree: {
  submit: SameMembers<SubmitInput, components['schemas']['SubmitTask']>;
  batchTask: SameMembers<BatchTaskInput, components['schemas']['SubmitItem']>;
  batch: SameMembers<SubmitBatchInput, components['schemas']['SubmitBatch']>;
  revise: SameMembers<ReviseInput, components['schemas']['ReviseTask']>;
  choice: SameMembers<TaskChoiceInput, components['schemas']['Choice']>;
  // Any name may follow `metadata.`, so the description can not list those parameters.
  tasks: SameMembers<Omit<TaskFilter, 'metadata'>, components['schemas']['ListTasksQuery']>;
  reviews: SameMembers<ReviewFilter, components['schemas']['ListReviewsQuery']>;
} = { submit: true, batchTask: true, batch: true, revise: true, choice: true, tasks: true, reviews: true };

test('inputs and filters have the members of the requests', () => {
  assert.ok(Object.values(agree).every((one) => one));
});
