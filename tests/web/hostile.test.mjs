// SPDX-License-Identifier: Apache-2.0
// Names that try to be something else are shown as text, and the page's policy forbids the rest.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostile, hostileNames } from './fleet.mjs';
import { suite, textOf } from './suite.mjs';

const s = suite();
const bidiAsShown = 'lab[U+202E]gnp.exe[U+2066]x';

test('markup_in_the_name_of_a_school_is_text', () =>
  s.withPage({ isSlow: true }, async (page, { open, shown }) => {
    await open('/');
    await shown();
    await page.getByRole('link', { name: hostileNames.markup, exact: true }).click();
    await page.locator('.tiles').waitFor();
    assert.equal(await textOf(page.getByRole('heading', { level: 1 })), hostileNames.markup);
    assert.equal(await page.title(), `${hostileNames.markup} – Testready`);
    assert.equal(await page.locator('img').count(), 0);
  }));

test('markup_turned_and_long_names_of_devices_are_text', () =>
  s.withPage({}, async (page, { open }) => {
    await open(`/sites/${hostile}`);
    await page.locator('.device-table').waitFor();
    const names = (await page.locator('.device-table tbody th a').allInnerTexts()).sort();
    assert.deepEqual(names, [hostileNames.markup, bidiAsShown, hostileNames.long].sort());
    assert.equal(await page.locator('img').count(), 0);
  }));

for (const [kind, name] of Object.entries(hostileNames)) {
  test(`the_page_of_a_device_with_a_name_of_${kind}_shows_it_as_text`, () =>
    s.withPage({}, async (page, { open, shown }) => {
      await open(`/devices/${s.collector.devices[name].id}`);
      await shown();
      assert.equal(
        await textOf(page.getByRole('heading', { level: 1 })),
        kind === 'bidi' ? bidiAsShown : name,
      );
      assert.equal(await page.locator('img').count(), 0);
    }));
}

test('the_policy_of_the_page_stops_inline_script_and_style', async () => {
  const answer = await fetch(`${s.collector.origin}/`);
  const policy = answer.headers.get('Content-Security-Policy') ?? '';
  for (const part of [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "frame-ancestors 'none'",
  ])
    assert.ok(policy.includes(part), part);
  const page = await answer.text();
  assert.doesNotMatch(page, /<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/);
});

test('a_filter_that_nobody_knows_is_not_passed_on', () =>
  s.withPage({}, async (page, { open }) => {
    await open(`/sites/${hostile}/devices?expected=true&utm_source=mail`);
    await page.locator('[data-rows="3"]').waitFor();
  }));
