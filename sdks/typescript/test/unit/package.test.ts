/** The built package as a stranger's project gets it: the files that would be published, in its node_modules. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { VERSION } from '@signoff/sdk';

const packageRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const manifest = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
const require = createRequire(import.meta.url);
const tsc = require.resolve('typescript/bin/tsc');

let project: string;
before(() => {
  project = mkdtempSync(join(tmpdir(), 'signoff-sdk-'));
  const installed = join(project, 'node_modules', '@signoff', 'sdk');
  mkdirSync(installed, { recursive: true });
  for (const entry of ['package.json', ...manifest.files]) {
    cpSync(join(packageRoot, entry), join(installed, entry), { recursive: true });
  }
  writeFileSync(join(project, 'package.json'), '{}');
});
after(() => rmSync(project, { recursive: true, force: true }));

const usage = `
async function decide(client: Signoff): Promise<string> {
  const task = await client.task.submit({ queueKey: 'outbound-email', data: { to: 'a@example.com' } });
  const reviewed = await client.task.waitForReview(task.id);
  if (reviewed.reviews[0].result.includes('approved')) return reviewed.queue.key;
  for await (const one of client.task.list({ state: ['queued'] })) console.log(one.summary ?? one.id);
  const { items, nextCursor } = await client.review.list();
  // @ts-expect-error a task that may be undecided has no certain reviews
  (await client.task.get(task.id)).reviews[0].result;
  // @ts-expect-error a misspelt member is found by the compiler
  await client.task.submit({ queueKey: 'q', data: {}, slaMinuts: 5 });
  return items[0]?.result[0] ?? nextCursor ?? '';
}
const client = new Signoff({ apiKey: 'sk_test_1', fetch });
console.log(typeof decide, typeof client.task.submit, new ValidationError('x', { code: 'y' }) instanceof SignoffError);
`;

function run(file: string): string {
  return execFileSync(process.execPath, [file], { cwd: project, encoding: 'utf8' });
}

function compile(file: string, compilerOptions: object): void {
  const strict = {
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
  };
  const config = { compilerOptions: { target: 'ES2022', types: [], ...strict, ...compilerOptions }, files: [file] };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(config));
  try {
    execFileSync(process.execPath, [tsc, '-p', project], { cwd: project, encoding: 'utf8' });
  } catch (error) {
    assert.fail(`${file} does not compile:\n${(error as { stdout: string }).stdout}`);
  }
}

test('an ES module imports it, with types', () => {
  writeFileSync(
    join(project, 'esm.mts'),
    `import { Signoff, SignoffError, ValidationError } from '@signoff/sdk';\n${usage}`,
  );
  compile('esm.mts', { module: 'NodeNext', lib: ['ES2022', 'DOM'] });
  assert.equal(run('esm.mjs'), 'function function true\n');
});

test('a CommonJS module requires it, with types', () => {
  writeFileSync(
    join(project, 'cjs.cts'),
    `import sdk = require('@signoff/sdk');\nimport type { Signoff as Client } from '@signoff/sdk';
const { Signoff, SignoffError, ValidationError } = sdk;\n${usage.replace('client: Signoff', 'client: Client')}`,
  );
  compile('cjs.cts', { module: 'NodeNext', lib: ['ES2022', 'DOM'] });
  assert.equal(run('cjs.cjs'), 'function function true\n');
});

test('it has types for bundlers, for old module resolution, and with the types of Node instead of those of the DOM', () => {
  const file = `import { Signoff, SignoffError, ValidationError } from '@signoff/sdk';\n${usage}`;
  writeFileSync(join(project, 'bundled.ts'), file);
  const lib = ['ES2022', 'DOM'];
  compile('bundled.ts', { module: 'ESNext', moduleResolution: 'Bundler', noEmit: true, lib });
  compile('bundled.ts', { module: 'CommonJS', moduleResolution: 'Node10', noEmit: true, lib });
  const typeRoots = [join(packageRoot, 'node_modules', '@types')];
  compile('bundled.ts', { module: 'NodeNext', noEmit: true, lib: ['ES2022'], types: ['node'], typeRoots });
});

test('import and require give the same names', async () => {
  const imported = Object.keys(await import('@signoff/sdk')).sort();
  const required = Object.keys(require('@signoff/sdk')).sort();
  assert.deepEqual(required, imported);
  assert.ok(imported.includes('Signoff') && imported.includes('TaskExpiredError'));
});

test('nothing is needed at run time, and the version sent is the version of the package', () => {
  assert.equal(manifest.dependencies, undefined);
  assert.equal(manifest.peerDependencies, undefined);
  assert.equal(VERSION, manifest.version);
});
