// Writes src/schema.gen.ts from the repository's openapi.json. With --check it writes nothing and fails if the file
// that is there is not what it would write.

import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, 'src', 'schema.gen.ts');
const description = JSON.parse(readFileSync(join(root, '..', '..', 'openapi.json'), 'utf8'));

const types = astToString(await openapiTS(description));
const text = `/** Generated from openapi.json by \`npm run generate\`. Do not edit. */\n\n${types}`;

if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) {
    process.stderr.write('src/schema.gen.ts is stale: run `npm run generate`.\n');
    process.exitCode = 1;
  }
} else {
  writeFileSync(target, text);
}
