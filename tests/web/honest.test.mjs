// SPDX-License-Identifier: Apache-2.0
// What is not known is told as that: no list is empty as if there were nothing to do.
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { hostile, large, lincoln, sites } from './fleet.mjs';
import { suite, textOf } from './suite.mjs';

/** A school whose window names requirements that nobody has published, and one without a window. */
const unjudged = '19647330000004';
const windowless = '19647330000005';

const s = suite({}, (collector) => {
  const [{ window, ...like }] = sites().sites;
  const more = [
    { ...like, code: unjudged, name: 'Unjudged', window: { ...window, id: 'w4', profile: 'next' } },
    { ...like, code: windowless, name: 'Windowless' },
  ];
  const file = join(tmpdir(), `testready-honest-${process.pid}.json`);
  writeFileSync(file, JSON.stringify({ sites: more }));
  collector.command('site', 'import', file);
  rmSync(file);
});

const emptyWork = (page) => textOf(page.locator('[data-work-empty]'));

async function openSite({ open, shown }, code) {
  await open(`/sites/${code}`);
  await shown();
}

test('a_work_list_is_not_empty_for_want_of_reports', () =>
  s.withPage({}, async (page, opened) => {
    await openSite(opened, large);
    assert.equal(
      await emptyWork(page),
      'Nothing is known to fail. Of 130 devices it is not known what there is to fix.',
    );
    await openSite(opened, unjudged);
    assert.equal(await emptyWork(page), 'There is no device yet.');
    await openSite(opened, hostile);
    assert.equal(
      await emptyWork(page),
      'Nothing to fix: every device was judged, and nothing fails.',
    );
  }));

test('a_school_without_an_inventory_says_that_nobody_knows_what_is_missing', () =>
  s.withPage({}, async (page, opened) => {
    await openSite(opened, hostile);
    const told = 'nobody knows whether any is missing.';
    assert.ok((await textOf(page.locator('[data-no-inventory]'))).endsWith(told));
    assert.ok((await textOf(page.locator('[data-rule="coverage"]'))).endsWith(told));
    await openSite(opened, lincoln);
    assert.equal(await page.locator('[data-no-inventory]').count(), 0);
    assert.ok(!(await textOf(page.locator('[data-rule="coverage"]'))).includes(told));

    await opened.open('/');
    const row = (code) => page.locator('.overview-table tr', { has: page.locator(`[href="/sites/${code}"]`) });
    assert.ok((await textOf(row(hostile))).includes('no inventory yet'));
    assert.ok(!(await textOf(row(lincoln))).includes('no inventory yet'));
  }));

test('what_the_page_says_in_spanish_of_the_unknown_is_as_honest', () =>
  s.withPage({ locale: 'es-US' }, async (page, opened) => {
    await openSite(opened, large);
    assert.ok((await emptyWork(page)).startsWith('No se sabe de nada que falle.'));
    await openSite(opened, hostile);
    const coverage = await textOf(page.locator('[data-rule="coverage"]'));
    assert.ok(coverage.endsWith('nadie sabe si falta alguno.'), coverage);
    await openSite(opened, windowless);
    assert.ok((await textOf(page.locator('.verdict-next'))).includes('Importe el inventario'));
  }));
