// SPDX-License-Identifier: Apache-2.0
// Lints the API's contract: `node collector/web/lint_openapi.mjs [FILE]`, docs/openapi.yaml by
// default. Exit 0 when there is neither an error nor a warning.
import { join } from 'node:path';
import { npm, root } from './npm.mjs';

const { createConfig, formatProblems, getTotals, lint } = npm('@redocly/openapi-core');

const file = process.argv[2] ?? join(root, 'docs/openapi.yaml');
const config = await createConfig({
  extends: ['recommended'],
  rules: {
    // "default: Problem" stands for every error of every operation.
    'operation-4xx-response': 'off',
    // The collector is served where the pages are: its URL is not ours to know.
    'no-server-example.com': 'off',
  },
});
const problems = await lint({ ref: file, config });
const totals = getTotals(problems);
formatProblems(problems, { totals, version: '', color: false });
console.log(`${file}: ${totals.errors} errors, ${totals.warnings} warnings`);
process.exitCode = totals.errors + totals.warnings > 0 ? 1 : 0;
