// Writes src/schema.gen.ts from the repository's openapi.json. With --check it writes nothing and fails if the file
// that is there is not what it would write.
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

/** Calls `visit` for every object below `node`. */
function walk(node, visit) {
  if (typeof node !== 'object' || node === null) return;
  visit(node);
  for (const child of Object.values(node)) walk(child, visit);
}

/** Names of the schemas that replies are made of. */
function replySchemas() {
  const names = new Set();
  const collect = (node) => {
    const name = /^#\/components\/schemas\/(.+)$/.exec(node.$ref ?? '')?.[1];
    if (name === undefined || names.has(name)) return;
    names.add(name);
    walk(schemas[name], collect);
  };
  for (const path of Object.values(description.paths)) {
    for (const operation of Object.values(path)) walk(operation.responses, collect);
  }
  return names;
}

for (const name of replySchemas()) {
  walk(schemas[name], (node) => {
    if (node.properties !== undefined) node.required = Object.keys(node.properties);
  });
}
walk(schemas, (node) => {
  const isObject = [node.type].flat().includes('object');
  if (isObject && node.properties === undefined) node.additionalProperties ??= true;
});

const types = astToString(await openapiTS(description));
const text = `/** Generated from openapi.json by \`npm run generate\`. Do not edit. */\n\n${types}`;

if (!process.argv.includes('--check')) {
  writeFileSync(target, text);
} else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
  process.stderr.write('src/schema.gen.ts is stale: run `npm run generate`.\n');
  process.exitCode = 1;
}
