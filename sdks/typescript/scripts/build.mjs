// Builds the package twice, as ES modules and as CommonJS, each with its own types.
// Each half carries a package.json that says which of the two its `.js` files are.

import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

rmSync(join(root, 'dist'), { recursive: true, force: true });
for (const { project, folder, type } of [
  { project: 'tsconfig.json', folder: 'esm', type: 'module' },
  { project: 'tsconfig.cjs.json', folder: 'cjs', type: 'commonjs' },
]) {
  execFileSync(process.execPath, [tsc, '-p', join(root, project)], { stdio: 'inherit' });
  writeFileSync(join(root, 'dist', folder, 'package.json'), `${JSON.stringify({ type })}\n`);
}
