// SPDX-License-Identifier: Apache-2.0
// Waiving and revoking: by mouse, by keyboard, with mistakes, and with hostile words.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostileNames, large, lastDay, lincoln } from './fleet.mjs';
import { rowsOf, suite, textOf } from './suite.mjs';

const s = suite();
const rows = (page) => rowsOf(page, '.waivers-table');
const done = (page) => page.locator('[data-done]');
const all = (state) => s.collector.get(`/v1/waivers?state=${state}`).then(({ waivers }) => waivers);

/** Revokes what a test before left. */
async function none() {
  for (const { id } of await all('active'))
    await fetch(`${s.collector.origin}/v1/waivers/${id}`, {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${s.collector.token}` },
    });
  await s.collector.judged(lincoln);
}

async function fill(page, values) {
  for (const [label, value] of Object.entries(values)) {
    const field = page.getByLabel(label, { exact: true });
    const isSelect = (await field.evaluate((element) => element.tagName)) === 'SELECT';
    await (isSelect ? field.selectOption(value) : field.fill(value));
  }
}

const today = () => new Date().toISOString().slice(0, 10);
const good = () => ({
  Requirement: 'audio.headphones',
  'For whom': 'site',
  'Code of the district or school': lincoln,
  Reason: 'Headsets are on order.',
  'Who answers for it': 'Ana Ruiz',
  'Last day': lastDay(),
});

const submit = (page) => page.getByRole('button', { name: 'Waive it' }).click();

test('the_page_says_what_a_waiver_does_and_that_there_is_none', () =>
  s.withPage({}, async (page, { open, shown }) => {
    await none();
    await open('/waivers');
    await shown();
    assert.match(await textOf(page.locator('.verdict')), /No waiver is active/);
    assert.match(await textOf(page.locator('.explain')), /never makes an unknown count/);
    await page.getByText('There is none. If a school has to test').waitFor();
  }));

/** The select of requirements, once it has them. */
async function requirements(page) {
  await page.locator('#waiver-requirement option[value="audio.headphones"]').waitFor({
    state: 'attached',
  });
  return page.getByLabel('Requirement', { exact: true });
}

test('a_waiver_that_is_given_makes_a_device_ready_and_its_revocation_takes_that_back', () =>
  s.withPage({}, async (page, { open }) => {
    await none();
    const before = (await s.collector.get(`/v1/sites/${lincoln}`)).tiles;
    await open('/waivers');
    await requirements(page);
    await fill(page, { ...good(), Requirement: 'browser.present' });
    await submit(page);
    await done(page).getByText('Waived: A secure browser is installed.').waitFor();
    assert.match(await textOf(done(page)), /\d+ devices of 1 school are being judged again/);
    await rows(page).first().waitFor();
    assert.ok(await done(page).evaluate((notice) => notice === document.activeElement));
    assert.equal(await page.getByLabel('Reason').inputValue(), '');
    await s.collector.waive(lincoln, { requirement: 'browser.version' });
    await s.collector.waive(lincoln, { requirement: 'browser.launchable' });
    const { tiles } = await s.collector.judged(lincoln);
    assert.ok(tiles.ready > before.ready && tiles.waived > 0, JSON.stringify(tiles));

    const row = rows(page).filter({ hasText: 'A secure browser is installed' });
    await row.getByRole('button', { name: 'Revoke' }).click();
    assert.match(await textOf(page.locator(':focus')), /^Revoke it\?/);
    await row.getByRole('button', { name: 'Keep it' }).click();
    assert.match(await textOf(page.locator(':focus')), /^Revoke/);
    await row.getByRole('button', { name: 'Revoke' }).click();
    await row.getByRole('button', { name: 'Yes, revoke' }).click();
    await done(page).getByText('Revoked: A secure browser is installed.').waitFor();
    const after = await s.collector.judged(lincoln);
    assert.equal(after.tiles.ready, before.ready);

    await done(page).getByRole('button', { name: 'waive it again' }).click();
    await done(page).getByText('Waived again: A secure browser is installed.').waitFor();
    assert.deepEqual((await s.collector.judged(lincoln)).tiles, tiles);
    const revoked = (await all('revoked')).map((it) => it.requirement);
    assert.deepEqual(revoked, ['browser.present']);
  }));

/** The one day on which no waiver can end before the season, and so before the window. */
const isLastDay = { skip: today() === lastDay() && 'it is the last day of the season' };
test('a_last_day_before_that_of_the_window_is_told_to_count_for_nothing', isLastDay, () =>
  s.withPage({}, async (page, { open }) => {
    await none();
    await open('/waivers');
    await requirements(page);
    await fill(page, { ...good(), 'Last day': today() });
    await submit(page);
    await done(page).getByText('At 1 school it does not count').waitFor();
    assert.equal((await s.collector.judged(lincoln)).tiles.waived, 0);
  }));

test('the_number_of_devices_of_a_school_leads_to_exactly_those', () =>
  s.withPage({}, async (page, { open }) => {
    await none();
    await s.collector.waive(lincoln);
    await s.collector.judged(lincoln);
    await open('/waivers');
    const link = rows(page).first().locator('td.number a');
    const n = Number.parseInt(await textOf(link), 10);
    assert.ok(n > 0);
    await link.click();
    await page.locator(`[data-rows="${n}"]`).waitFor();
    assert.equal(await rowsOf(page, '.device-table').count(), n);
    assert.match(await textOf(page.locator('.filters')), /fail audio.headphones, which is waived/);
    assert.match(await textOf(rowsOf(page, '.device-table').first()), /Waived: Headphones/);
  }));

test('each_mistake_is_told_at_its_field_and_nothing_typed_is_lost', () =>
  s.withPage(
    {},
    async (page, { open, shown }) => {
      await none();
      await open('/waivers');
      await shown();
      await requirements(page);
      const focus = () => page.evaluate(() => document.activeElement?.id);
      for (const [label, value] of Object.entries(good())) {
        if (label === 'For whom') continue;
        await submit(page);
        const field = page.getByLabel(label, { exact: true });
        assert.equal(await focus(), await field.getAttribute('id'), label);
        assert.equal(await field.getAttribute('aria-invalid'), 'true');
        const described = (await field.getAttribute('aria-describedby')).split(' ')[0];
        assert.ok((await textOf(page.locator(`#${described}`))).length > 5);
        await fill(page, { [label]: value });
        assert.equal(await field.getAttribute('aria-invalid'), 'false', label);
      }
      await fill(page, { 'Code of the district or school': '99999' });
      await submit(page);
      const alert = page.getByRole('alert');
      await alert.getByText('99999').waitFor();
      assert.equal(await page.getByLabel('Reason').inputValue(), good().Reason);
      await fill(page, { 'Code of the district or school': lincoln, Reason: 'x'.repeat(501) });
      await submit(page);
      await page.locator('#waiver-reason-mistake').waitFor();
      assert.equal(await focus(), 'waiver-reason');
      assert.deepEqual(await all('active'), []);
    },
    /Failed to load resource.*400/,
  ));

test('a_requirement_is_waived_and_revoked_by_keyboard_alone', () =>
  s.withPage({}, async (page, { open }) => {
    await none();
    await open(`/waivers?profile=example&requirement=audio.headphones&site=${lincoln}`);
    await requirements(page);
    await tabTo(page, 'waiver-reason');
    await page.keyboard.type('Headsets are on order.');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Ana Ruiz');
    await page.keyboard.press('Tab');
    // The field of a day takes month, day and year one after the other.
    await page.keyboard.type(`0731${lastDay().slice(0, 4)}`);
    await page.keyboard.press('Enter');
    await done(page).getByText('Waived: Headphones are plugged in.').waitFor();
    await tabTo(page, null, 'Revoke the waiver');
    await page.keyboard.press('Enter');
    await page.locator('.confirm p:focus').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await done(page).getByText('Revoked: Headphones are plugged in.').waitFor();
  }));

test('hostile_words_in_reason_and_name_are_text_everywhere', () =>
  s.withPage({}, async (page, { open, shown }) => {
    await none();
    await s.collector.waive(lincoln, { reason: hostileNames.markup, who: hostileNames.markup });
    await s.collector.judged(lincoln);
    const seen = async (text) =>
      assert.ok((await textOf(page.locator('main'))).includes(text), text);
    await open('/waivers');
    await rows(page).first().waitFor();
    await seen(hostileNames.markup);
    await open(`/profiles/example?site=${lincoln}`);
    await shown();
    await seen(hostileNames.markup);
    await open(`/devices/${s.collector.devices['lincoln-3'].id}`);
    await shown();
    await seen(hostileNames.markup);
    assert.equal(await page.locator('img').count(), 0);
  }));

test('a_device_shows_why_it_is_ready_although_something_fails', () =>
  s.withPage({}, async (page, { open, shown }) => {
    await none();
    await s.collector.waive(lincoln, { reason: 'Headsets are on order.' });
    await s.collector.judged(lincoln);
    await open(`/devices/${s.collector.devices['lincoln-3'].id}`);
    await shown();
    const row = page.locator('[data-requirement="audio.headphones"]');
    assert.match(
      await textOf(row),
      /Waived .*Waived until Jul 31, \d{4}: Headsets are on order\. by Ana/,
    );
    assert.match(await textOf(page.locator('.verdict')), /ready, with 1 requirement waived/);
    assert.match(await textOf(page.locator('.verdict-next')), /Nothing to do until Jul 31/);
  }));

test('what_fails_on_a_device_leads_to_the_form_with_it_filled_in', () =>
  s.withPage({}, async (page, { open }) => {
    await none();
    await open(`/devices/${s.collector.devices['lincoln-3'].id}`);
    const row = page.locator('[data-requirement="audio.headphones"]');
    await row.getByRole('link', { name: 'Waive…' }).click();
    assert.equal(await (await requirements(page)).inputValue(), 'audio.headphones');
    assert.equal(await page.getByLabel('Code of the district or school').inputValue(), lincoln);
  }));

test('revoked_ones_are_listed_with_who_and_when', () =>
  s.withPage({}, async (page, { open }) => {
    await s.collector.waive(large);
    await none();
    await open('/waivers');
    await page.getByRole('link', { name: 'Revoked' }).click();
    await rows(page).first().waitFor();
    assert.equal(await rows(page).count(), (await all('revoked')).length);
    assert.match(await textOf(rows(page).first()), /revoked .* by the admin token/);
    assert.equal(await page.getByRole('button', { name: 'Revoke' }).count(), 0);
  }));

/** Presses Tab until the focus is on the element with @id, or on one whose text begins so. */
async function tabTo(page, id, text) {
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press('Tab');
    const it = await page.evaluate(() => ({
      id: document.activeElement?.id,
      text: document.activeElement?.textContent ?? '',
    }));
    if (id ? it.id === id : it.text.startsWith(text)) return;
  }
  assert.fail(`Tab does not reach ${id ?? text}`);
}
