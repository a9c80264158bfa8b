// Writes src/schema.gen.ts from the repository's openapi.json: the schemas that the client's calls take and give, and
// their query parameters. With --check it writes nothing and fails if the file that is there is not
// what it would write.
//
// The description says less than docs/api.md promises, in two places that the types need:
// - members of a reply are never missing, only null, so whatever a reply holds has all of its members;
// - an object without listed members is any object.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, 'src', 'schema.gen.ts');
const description = JSON.parse(readFileSync(join(root, '..', '..', 'openapi.json'), 'utf8'));
const schemas = description.components.schemas;

/** The operations that the client calls. */
const CALLED = [
  'submitTask',
  'listTasks',
  'getTask',
  'waitForTask',
  'cancelTask',
  'reviseTask',
  'listComments',
  'commentOnTask',
  'submitBatch',
  'getBatch',
  'waitForBatch',
  'listQueues',
  'getQueue',
  'listReviews',
  'getReview',
];

/** Calls `visit` for every object below `node`. */
function walk(node, visit) {
  if (typeof node !== 'object' || node === null) return;
  visit(node);
  for (const child of Object.values(node)) walk(child, visit);
}

/** Names of the schemas that a part of the description refers to, at any remove. */
function schemasOf(part) {
  const names = new Set();
  const collect = (node) => {
    const name = /^#\/components\/schemas\/(.+)$/.exec(node.$ref ?? '')?.[1];
    if (name === undefined || names.has(name)) return;
    names.add(name);
    walk(schemas[name], collect);
  };
  walk(part, collect);
  return names;
}

const operations = Object.values(description.paths)
  .flatMap((methods) => Object.values(methods))
  .filter((operation) => CALLED.includes(operation.operationId));
const missing = CALLED.filter((id) => !operations.some((operation) => operation.operationId === id));
if (missing.length > 0) throw new Error(`openapi.json describes no ${missing.join(', ')}.`);

for (const name of schemasOf(operations.map((operation) => operation.responses))) {
  walk(schemas[name], (node) => {
    if (node.properties !== undefined) node.required = Object.keys(node.properties);
  });
}
walk(schemas, (node) => {
  const isObject = [node.type].flat().includes('object');
  if (isObject && node.properties === undefined) node.additionalProperties ??= true;
});

const used = schemasOf(operations);
description.components = {
  schemas: Object.fromEntries([
    ...Object.entries(schemas).filter(([name]) => used.has(name)),
    ...operations.flatMap(querySchema),
  ]),
};
description.paths = {};

/** The query parameters of an operation as a schema of their own: `listTasks` gives `ListTasksQuery`. */
function querySchema({ operationId, parameters = [] }) {
  const query = parameters.filter((parameter) => parameter.in === 'query');
  if (query.length === 0) return [];
  const properties = query.map(({ name, description, schema }) => [name, { ...schema, description }]);
  const name = `${operationId[0].toUpperCase()}${operationId.slice(1)}Query`;
  return [[name, { type: 'object', properties: Object.fromEntries(properties) }]];
}

const types = astToString(await openapiTS(description));
const text = `/** Generated from openapi.json by \`npm run generate\`. Do not edit. */\n\n${types}`;

if (!process.argv.includes('--check')) {
  writeFileSync(target, text);
} else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
  process.stderr.write('src/schema.gen.ts is stale: run `npm run generate`.\n');
  process.exitCode = 1;
}
