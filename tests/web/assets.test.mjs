// SPDX-License-Identifier: Apache-2.0
// What a browser loads: small, named by its content, compressed beside the original.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { webDir } from './collector.mjs';

const budgetBytes = 300 * 1024;
const names = readdirSync(webDir).filter((name) => !name.startsWith('.'));
const read = (name) => readFileSync(join(webDir, name));

test('all_that_a_page_loads_stays_within_its_budget', () => {
  const loaded = names.filter((name) => /^(index\.html|(app|es|style|icon)-.*)\.gz$/.test(name));
  assert.equal(loaded.length, 5);
  const size = loaded.reduce((sum, name) => sum + read(name).length, 0);
  assert.ok(size <= budgetBytes, `${size} bytes`);
});

test('every_file_has_its_compressed_twin', () => {
  for (const name of names.filter((it) => !it.endsWith('.gz')))
    assert.deepEqual(gunzipSync(read(`${name}.gz`)), read(name), name);
});

test('names_are_hashes_of_what_is_inside', () => {
  for (const name of names) {
    const found = /^\w+-([0-9a-f]{12})\.\w+$/.exec(name);
    if (found)
      assert.equal(
        createHash('sha256').update(read(name)).digest('hex').slice(0, 12),
        found[1],
        name,
      );
  }
});

test('nothing_refers_to_another_host', () => {
  for (const name of names.filter((it) => /\.(js|css|html)$/.test(it))) {
    const hosts = [
      ...read(name)
        .toString()
        .matchAll(/\bhttps?:\/\/[\w.-]+/g),
    ].map((match) => match[0]);
    // The names of XML namespaces look like addresses, but nobody loads them.
    assert.deepEqual(
      hosts.filter((host) => host !== 'http://www.w3.org'),
      [],
      name,
    );
  }
});
