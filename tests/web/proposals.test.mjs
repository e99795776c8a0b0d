// SPDX-License-Identifier: Apache-2.0
// Waivers that are proposed: by whom, what the pages say of them, and how they are decided.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastDay, lincoln } from './fleet.mjs';
import { signInAs } from './people.mjs';
import { rowsOf, suite, textOf } from './suite.mjs';
import { holdTime, settled } from './updates.mjs';

const scoped = { scope: 'site', code: lincoln };
const s = suite(undefined, async (collector) => {
  await collector.person('tech', 'Tess Tech', { role: 'tech_coordinator', ...scoped });
  await collector.person('viewer', 'Vi Ewer', { role: 'viewer', ...scoped });
  const { code } = (await collector.get(`/v1/sites/${lincoln}`)).lea;
  await collector.person('lea', 'Lea Coordinator', { role: 'lea_coordinator', scope: 'lea', code });
});

const rows = (page) => rowsOf(page, '.waivers-table');
const done = (page) => page.locator('[data-done]');

/** A page of somebody who is signed in. */
const as = (login, body) =>
  s.withPage({ isSignedIn: false }, async (page, opened) => {
    await opened.open('/');
    await signInAs(page, login);
    await page.locator('.places').waitFor();
    await body(page, opened);
  });

/** Nothing is proposed or given. */
async function none() {
  const { ask } = s.collector;
  for (const state of ['proposed', 'moot'])
    for (const { id } of (await s.collector.get(`/v1/waivers?state=${state}`)).waivers)
      await ask('POST', `/v1/waivers/${id}/decision`, { decision: 'decline', reason: 'x' });
  for (const { id } of (await s.collector.get('/v1/waivers')).waivers)
    await ask('DELETE', `/v1/waivers/${id}`);
  await s.collector.judged(lincoln);
}

/** The overview tells of no proposal, once it knows of them. */
async function nothingWaits(page, open) {
  await holdTime(page);
  await open('/');
  await settled(page, 2);
  assert.equal(await page.locator('[data-proposals]').count(), 0);
}

const propose = (waiver) => s.collector.waive(lincoln, { as: 'proposal', ...waiver });

test('who_may_only_propose_does_so_from_the_page_of_the_device', () =>
  as('tech', async (page, { open }) => {
    await none();
    const id = s.collector.devices['lincoln-2'].id;
    await open(`/devices/${id}`);
    const link = page.getByRole('link', { name: /^Propose a waiver…/ }).first();
    await link.waitFor();
    assert.equal(await page.getByRole('link', { name: /^Waive…/ }).count(), 0);
    await link.click();
    await page.getByRole('heading', { name: 'Propose a waiver', exact: true }).waitFor();
    await page.getByLabel('Reason', { exact: true }).fill('Headsets are on order.');
    await page.getByLabel('Who answers for it').fill('Ana Ruiz');
    await page.getByLabel('Last day', { exact: true }).fill(lastDay());
    const before = (await s.collector.get(`/v1/sites/${lincoln}`)).tiles;
    await page.getByRole('button', { name: 'Propose it' }).click();
    await done(page).getByText('It changes nothing until somebody who may gives it').waitFor();
    assert.ok(await done(page).evaluate((notice) => notice === document.activeElement));
    assert.match(await textOf(rows(page).first()), /Tess Tech \(tech\)/);
    assert.equal(await page.getByRole('button', { name: /^Give/ }).count(), 0);
    assert.deepEqual((await s.collector.judged(lincoln)).tiles, before);
    await page.getByRole('button', { name: /^Withdraw/ }).click();
    await done(page).getByText('Withdrawn:').waitFor();
    assert.deepEqual((await s.collector.get('/v1/waivers?state=proposed')).waivers, []);
  }));

test('what_waits_is_told_on_the_overview_and_given_by_keyboard_alone', () =>
  as('lea', async (page, { open }) => {
    await none();
    await propose({ requirement: 'browser.present' });
    await s.collector.waive(lincoln, { requirement: 'browser.version' });
    await s.collector.waive(lincoln, { requirement: 'browser.launchable' });
    const before = (await s.collector.judged(lincoln)).tiles;
    await open('/');
    await page.getByText('1 proposed waiver waits for you.').waitFor();
    await page.getByRole('link', { name: 'Decide', exact: true }).click();
    await page.getByRole('button', { name: /^Give…/ }).waitFor();
    assert.equal(
      await textOf(page.locator('.verdict')),
      '1 proposed waiver waits to be decided. Next: Look at what each would change, then give it or ' +
        'decline it.',
    );
    assert.match(await textOf(rows(page).first()), /\d+ devices? fails? it; \S+ would be ready/);
    await page.getByRole('button', { name: /^Give…/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Give it? It counts at once.').waitFor();
    await page.keyboard.press('Escape');
    await page.locator(':focus', { hasText: /^Give…/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByLabel('Last day', { exact: true }).first().waitFor();
    await page.keyboard.press('Enter');
    await done(page).getByText('Given: A secure browser is installed.').waitFor();
    const { tiles } = await s.collector.judged(lincoln);
    assert.ok(tiles.ready > before.ready, JSON.stringify(tiles));

    await done(page).getByRole('button', { name: 'revoke it' }).click();
    await done(page).getByText('Revoked: A secure browser is installed.').waitFor();
    assert.equal((await s.collector.judged(lincoln)).tiles.ready, before.ready);
    await nothingWaits(page, open);
  }));

test('what_is_declined_has_a_reason_and_can_wait_again', () =>
  as('lea', async (page, { open }) => {
    await none();
    await propose();
    await open('/waivers');
    await page.getByRole('button', { name: /^Decline…/ }).click();
    await page.getByRole('button', { name: 'Decline it' }).click();
    await page.getByText('Say why it is declined.').waitFor();
    await page.getByLabel('Reason to decline it').fill('<b>Headsets</b> are there.');
    assert.equal(await page.getByText('Say why it is declined.').count(), 0);
    await page.getByRole('button', { name: 'Decline it' }).click();
    await done(page).getByText('Nothing is judged otherwise.').waitFor();
    await open('/waivers?state=declined');
    await page.getByText('<b>Headsets</b> are there.').waitFor();
    await page.getByRole('button', { name: /^Open again/ }).first().click();
    await done(page).getByText('It waits again:').waitFor();
    assert.equal((await s.collector.get('/v1/waivers?state=proposed')).waiting, 1);
  }));

test('what_is_for_nothing_is_not_in_the_way', () =>
  as('lea', async (page, { open }) => {
    await none();
    const { code } = (await s.collector.get(`/v1/sites/${lincoln}`)).lea;
    await propose({ requirement: 'os.supported', scope: 'lea', code });
    await open('/waivers?state=moot');
    await page.getByText(/No device there fails this now/).waitFor();
    await nothingWaits(page, open);
  }));

test('a_viewer_is_told_of_no_proposal', () =>
  as('viewer', async (page, { open }) => {
    await none();
    await propose({ reason: 'For those who decide.' });
    await open('/waivers?state=all');
    await page.locator('main h1').waitFor();
    await page.getByText('Your roles do not let you propose waivers').waitFor();
    assert.equal(await page.getByText('For those who decide.').count(), 0);
    assert.equal(await page.getByRole('link', { name: 'Proposed' }).count(), 0);
  }));
