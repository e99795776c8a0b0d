// SPDX-License-Identifier: Apache-2.0
// The page of a district: its numbers, whom to call, and changing them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessibilityFaults } from './browser.mjs';
import { lincoln } from './fleet.mjs';
import { people, signInAs } from './people.mjs';
import { suite, textOf } from './suite.mjs';

const code = '1964733';
const path = `/v1/leas/${code}`;
const s = suite({}, async (collector) => {
  const made = people(collector.origin, collector.token);
  await made.person('tess', 'Tess', { role: 'tech_coordinator', scope: 'lea', code });
  await made.person('vi', 'Vi', { role: 'viewer', scope: 'lea', code });
});
const api = () => s.collector.get(path);
const done = (page) => page.locator('[data-done]');

async function openLea(page, { open, shown }) {
  await open(`/leas/${code}`);
  await shown();
  await page.locator('[data-lea]').waitFor();
}

test('a_school_leads_to_its_district_which_an_admin_changes_by_keyboard', () =>
  s.withPage({}, async (page, { open, shown }) => {
    await open(`/sites/${lincoln}`);
    await shown();
    await page.locator('a[data-lea]').click();
    await page.locator('[data-change] summary').focus();
    await page.keyboard.press('Enter');
    await page.locator('#lea-zone').fill('America/Denver');
    await page.locator('#lea-coordinator_name').fill('Bo <b>Ruiz</b>');
    await page.locator('#lea-coordinator_email').fill('bo@example.org');
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.keyboard.press('Enter');
    await done(page).getByText('The district was changed.').waitFor();
    await page.getByRole('link', { name: 'bo@example.org' }).waitFor();
    const { zone, coordinator, name } = await api();
    assert.deepEqual([zone, coordinator.name], ['America/Denver', 'Bo <b>Ruiz</b>']);
    assert.equal(await textOf(page.locator('h1')), name);
    assert.match(await textOf(page.locator('[data-lea]')), /Time zone ?America\/Denver/);
  }));

test('what_is_wrong_is_said_at_its_field', () =>
  s.withPage({}, async (page, opened) => {
    await openLea(page, opened);
    await page.locator('[data-change] summary').click();
    await page.locator('#lea-coordinator_email').fill('nobody');
    await page.getByRole('button', { name: 'Change the district' }).click();
    await page.locator('#lea-coordinator_email-mistake').waitFor();
    await page.locator('#lea-coordinator_email').fill('');
    await page.locator('#lea-zone').fill('Mars');
    await page.getByRole('button', { name: 'Change the district' }).click();
    await page.locator('#lea-zone-mistake').getByText('no time zone').waitFor();
  }, /status of 400/));

test('a_change_of_what_somebody_else_changed_is_not_made', () =>
  s.withPage({}, async (page, opened) => {
    await openLea(page, opened);
    await page.locator('[data-change] summary').click();
    await page.locator('#lea-name').fill('Mine');
    const { version } = await api();
    const { ask } = people(s.collector.origin, s.collector.token);
    const header = { 'If-Match': `"${version}"` };
    await ask('PATCH', path, { name: 'Theirs' }, s.collector.token, header);
    await page.getByRole('button', { name: 'Change the district' }).click();
    await done(page).getByText('Somebody changed the district meanwhile.').waitFor();
    await page.getByRole('heading', { name: 'Theirs' }).waitFor();
    await page.locator('[data-change] summary').click();
    assert.equal(await page.locator('#lea-name').inputValue(), 'Theirs');
    assert.equal((await api()).name, 'Theirs');
  }, /status of 412/));

test('who_has_the_district_changes_its_coordinator_and_who_looks_changes_nothing', async () => {
  await s.withPage({ isSignedIn: false }, async (page, { open }) => {
    await open(`/leas/${code}`);
    await signInAs(page, 'tess');
    await page.locator('[data-change] summary').click();
    assert.equal(await page.locator('#lea-name').count(), 0);
    await page.locator('#lea-coordinator_name').fill('Cy');
    await page.getByRole('button', { name: 'Change the district' }).click();
    await done(page).waitFor();
    assert.equal((await api()).coordinator.name, 'Cy');
  });
  await s.withPage({ isSignedIn: false }, async (page, { open }) => {
    await open(`/leas/${code}`);
    await signInAs(page, 'vi');
    await page.locator('[data-lea]').waitFor();
    assert.equal(await page.locator('[data-change]').count(), 0);
  });
});
