// SPDX-License-Identifier: Apache-2.0
// Builds the browser app: `node collector/web/build.mjs OUTDIR [--no-types]`.
//
// OUTDIR then holds index.html, app-HASH.js, es-HASH.js (the words in Spanish, which only who reads
// Spanish loads), style-HASH.css, icon-HASH.svg, openapi.json and licenses.txt, each with a .gz
// beside it. A file with a hash in its name never changes, so the
// collector may let browsers keep it for ever.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { npm, npmDir, root } from './npm.mjs';

const sources = join(root, 'collector/web');
const packages = join(npmDir, 'node_modules');
const schemaTypes = join(npmDir, 'api_schema.d.ts');

/** What one page loads must stay below this, compressed (docs: the page-size budget). */
const pageBudgetBytes = 300 * 1024;

function readOpenapi() {
  const yaml = npm('js-yaml');
  return yaml.load(readFileSync(join(root, 'docs/openapi.yaml'), 'utf8'));
}

async function writeSchemaTypes(openapi) {
  // By its file: require() would choose the CommonJS build, which node 18 cannot load.
  const { default: openapiTS, astToString } = await import(
    pathToFileURL(join(packages, 'openapi-typescript/dist/index.mjs')).href
  );
  const text = '// Generated from docs/openapi.yaml\n' + astToString(await openapiTS(openapi));
  writeFileSync(schemaTypes, text);
}

function checkTypes() {
  const tsc = npm.resolve('typescript/bin/tsc');
  const done = spawnSync(process.execPath, [tsc, '--noEmit', '-p', sources], { stdio: 'inherit' });
  if (done.status !== 0) throw new Error('the types do not fit; see the lines above');
}

/** @languages: the file of each module of words that is loaded only when it is wanted. */
const languageFiles = (languages) => ({
  name: 'languages',
  setup: (build) =>
    build.onResolve({ filter: /^\.\/strings_\w+$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path: `./${languages[path]}`, external: true } : undefined,
    ),
});

async function bundleScript(entry, languages) {
  const esbuild = npm('esbuild');
  const done = await esbuild.build({
    entryPoints: [join(sources, entry)],
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    nodePaths: [packages],
    tsconfigRaw: {},
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [languageFiles(languages)],
    charset: 'utf8',
  });
  return Buffer.from(done.outputFiles[0].contents);
}

async function bundleStyle() {
  const sass = npm('sass');
  const esbuild = npm('esbuild');
  const uswds = sass.compile(join(sources, 'uswds.scss'), {
    loadPaths: [join(packages, '@uswds/uswds/packages')],
    quietDeps: true,
    logger: sass.Logger.silent,
  });
  const own = readFileSync(join(sources, 'style.css'), 'utf8');
  const done = await esbuild.transform(`${uswds.css}\n${own}`, {
    loader: 'css',
    minify: true,
    target: 'chrome105',
  });
  return Buffer.from(done.code);
}

function licenses() {
  const files = ['preact/LICENSE', '@uswds/uswds/LICENSE.md', 'uqr/LICENSE'];
  return Buffer.from(
    files.map((file) => `== ${file}\n\n${readFileSync(join(packages, file), 'utf8')}`).join('\n'),
  );
}

function hashedName(name, ending, bytes) {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  return `${name}-${hash}.${ending}`;
}

function indexPage(names) {
  const template = readFileSync(join(sources, 'index.html'), 'utf8');
  return Buffer.from(template.replace(/@(\w+)@/g, (_, key) => names[key]));
}

/** Returns what is loaded over the wire for the file: its compressed size. */
function writeWithGz(dir, name, bytes) {
  const gz = gzipSync(bytes, { level: 9 });
  writeFileSync(join(dir, name), bytes);
  writeFileSync(join(dir, `${name}.gz`), gz);
  console.log(`${name}\t${bytes.length} bytes, ${gz.length} compressed`);
  return gz.length;
}

async function main() {
  const args = process.argv.slice(2);
  const outDir = args.find((arg) => !arg.startsWith('--'));
  if (!outDir) throw new Error('usage: node collector/web/build.mjs OUTDIR [--no-types]');

  const openapi = readOpenapi();
  await writeSchemaTypes(openapi);
  if (!args.includes('--no-types')) checkTypes();

  const icon = readFileSync(join(sources, 'icon.svg'));
  const spanish = await bundleScript('strings_es.ts', {});
  const es = hashedName('es', 'js', spanish);
  const script = await bundleScript('main.tsx', { './strings_es': es });
  const style = await bundleStyle();
  const names = {
    app: hashedName('app', 'js', script),
    style: hashedName('style', 'css', style),
    icon: hashedName('icon', 'svg', icon),
  };

  const dir = resolve(outDir);
  // Files of an earlier build have other hashes: left behind they would be shipped for ever.
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  const page =
    writeWithGz(dir, names.app, script) +
    writeWithGz(dir, es, spanish) +
    writeWithGz(dir, names.style, style) +
    writeWithGz(dir, names.icon, icon) +
    writeWithGz(dir, 'index.html', indexPage(names));
  writeWithGz(dir, 'openapi.json', Buffer.from(JSON.stringify(openapi)));
  writeWithGz(dir, 'licenses.txt', licenses());
  console.log(`a page loads ${page} bytes of at most ${pageBudgetBytes}`);
  if (page > pageBudgetBytes) throw new Error('the page is too large');
}

main().catch((error) => {
  console.error(`build.mjs: ${error.message}`);
  process.exitCode = 1;
});
