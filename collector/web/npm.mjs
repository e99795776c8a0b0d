// SPDX-License-Identifier: Apache-2.0
// Where the npm packages are. They live under build/, not beside the sources, so that the
// checkout stays clean; plain `import` would look for them beside the sources.
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const npmDir = resolve(process.env.TESTREADY_NPM ?? join(root, 'build/npm'));
export const npm = createRequire(join(npmDir, 'package.json'));
