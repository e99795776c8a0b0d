// SPDX-License-Identifier: Apache-2.0
// The page of a device: verdict, requirements, history, and everything that is stored.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suite, textOf } from './suite.mjs';

const s = suite();

async function openDevice(page, { open, shown }, name) {
  const { id } = s.collector.devices[name];
  await open(`/devices/${id}`);
  await shown();
  return s.collector.get(`/v1/devices/${id}`);
}

test('requirements_show_what_was_observed_and_what_is_needed', () =>
  s.withPage({}, async (page, opened) => {
    const api = await openDevice(page, opened, 'lincoln-2');
    assert.equal(await textOf(page.getByRole('heading', { level: 1 })), 'lincoln-2');
    assert.equal(await page.locator('.results-table tbody tr').count(), api.results.length);
    for (const line of api.results) {
      const text = await textOf(page.locator(`[data-requirement="${line.id}"]`));
      const parts = [line.title, line.observed, line.expected];
      for (const part of parts)
        assert.ok(
          text.includes(part.replace(/\s+/g, ' ').trim()),
          `${line.id}: ${part} in ${text}`,
        );
      assert.equal(text.includes(line.fix?.text ?? '\0'), line.result === 'fail', text);
      assert.equal(text.includes('First find out'), line.result === 'unknown', text);
    }
    const first = page.locator('.results-table tbody tr').first();
    assert.match(await textOf(first), /Fail/);
  }));

test('the_verdict_names_the_first_thing_to_do', () =>
  s.withPage({}, async (page, opened) => {
    const api = await openDevice(page, opened, 'lincoln-2');
    const failing = api.results.filter(
      (line) => line.result === 'fail' && line.severity === 'required',
    );
    assert.match(
      await textOf(page.locator('.verdict-sentence')),
      new RegExp(`not ready: ${failing.length} required`),
    );
    assert.equal(await textOf(page.locator('.verdict-next')), `Next: ${failing[0].fix.text}`);
  }));

test('an_unknown_fact_shows_its_reason_and_is_not_a_failure', () =>
  s.withPage({}, async (page, opened) => {
    await openDevice(page, opened, 'lincoln-6');
    assert.match(await textOf(page.locator('.verdict-sentence')), /not known/);
    assert.match(
      await textOf(page.locator('#facts')),
      /Unknown: the folder \/opt could not be read: Permission denied/,
    );
    assert.match(await textOf(page.locator('[data-requirement="browser.version"]')), /Unknown/);
  }));

test('a_device_that_nothing_judges_says_so_and_where_to_look', () =>
  s.withPage({}, async (page, { open, shown }) => {
    const { id } = s.collector.devices['lincoln-1'];
    const device = await s.collector.get(`/v1/devices/${id}`);
    const says = async (changes, verdict, next) => {
      const json = { ...device, state: 'unknown', ...changes };
      await page.route(`**/v1/devices/${id}`, (route) => route.fulfill({ json }));
      await open(`/devices/${id}`);
      await shown();
      assert.match(await textOf(page.locator('.verdict-sentence')), verdict);
      assert.match(await textOf(page.locator('.verdict-next')), next);
    };
    await says({ results: [], profile: null }, /nothing has judged it yet/, /Open the school/);
    const nobodys = device.results.map((line) => ({ ...line, result: 'not_applicable' }));
    await says({ results: nobodys }, /nothing is required of a device of its role/, /its role/);
  }));

test('every_stored_fact_is_on_the_page', () =>
  s.withPage({}, async (page, opened) => {
    const api = await openDevice(page, opened, 'lincoln-1');
    const text = await textOf(page.locator('#facts'));
    for (const name of Object.keys(api.facts)) assert.ok(text.includes(name), name);
    for (const leaf of leaves(api.facts)) assert.ok(text.includes(leaf), leaf);
  }));

test('the_history_has_every_change_and_one_row_for_the_first_judgement', () =>
  s.withPage({}, async (page, opened) => {
    const api = await openDevice(page, opened, 'lincoln-1');
    const changes = api.history.filter((step) => step.from !== null);
    const firsts = new Set(api.history.filter((step) => step.from === null).map((step) => step.at));
    assert.ok(firsts.size > 0);
    const rows = page.locator('.history-table tbody tr');
    assert.equal(await rows.count(), changes.length + firsts.size);
    assert.match(await textOf(rows.last()), /judged for the first time/);
  }));

/** Every text and number of @facts as the page writes it. */
function leaves(facts) {
  if (Array.isArray(facts)) return facts.flatMap(leaves);
  if (typeof facts === 'object' && facts !== null)
    return Object.entries(facts).flatMap(([key, value]) =>
      key.endsWith('_bytes') ? [] : leaves(value),
    );
  return typeof facts === 'boolean' || facts === '' ? [] : [String(facts)];
}
