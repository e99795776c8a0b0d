// SPDX-License-Identifier: Apache-2.0
// Accounts of others: who may see and change them, and what a site coordinator sees of all that.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostileNames, large, lincoln } from './fleet.mjs';
import { password, signInAs } from './people.mjs';
import { rowsOf, suite, textOf } from './suite.mjs';

const lea = '1964733';
const s = suite({}, async (collector) => {
  await collector.person('ada', 'Ada Kim', { role: 'admin', scope: 'state' });
  await collector.person('lea', 'Lea Moss', { role: 'lea_coordinator', scope: 'lea', code: lea });
  await collector.person('sam', 'Sam Roe', {
    role: 'site_coordinator',
    scope: 'site',
    code: lincoln,
  });
});
const nobody = { isSignedIn: false };
const refusals = /console: Failed to load resource.*(40[013469]|412)/;
const heading = (page, name) => page.getByRole('heading', { level: 1, name, exact: true });
const row = (page, login) => page.locator(`[data-person="${login}"]`);

/** Opens @path as @login. */
const as = (login, path, body) =>
  s.withPage(
    nobody,
    async (page, opened) => {
      await opened.open(path);
      await signInAs(page, login);
      await page.locator('.who').waitFor();
      await body(page, opened);
    },
    refusals,
  );

/** Presses Tab until @isIt holds for the element that has the focus. */
async function tabTo(page, isIt) {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(isIt)) return;
  }
  assert.fail('Tab does not reach it');
}

test('somebody_is_added_by_keyboard_and_gets_in_with_the_link_that_is_shown', () =>
  as('ada', '/people', async (page, { open }) => {
    await rowsOf(page, '.people-table').first().waitFor();
    await page.getByRole('link', { name: 'Add somebody' }).press('Enter');
    await heading(page, 'Add somebody').waitFor();
    await page.getByText('3 fit').waitFor();
    await tabTo(page, () => document.activeElement?.id === 'add-name');
    await page.keyboard.type('Jo Day');
    await page.keyboard.press('Enter');
    assert.match(await textOf(page.locator('#add-login-mistake')), /Choose a login/);
    await page.keyboard.type('jo');
    await tabTo(page, () => document.activeElement?.id === 'add-find');
    await page.keyboard.type('linc');
    await page.getByText('1 fits').waitFor();
    await page.keyboard.press('Enter');
    const link = await textOf(page.locator('[data-invitation] .secret code'));
    assert.match(link, /^http:\/\/127\.0\.0\.1:\d+\/invitation#tri_[\w-]{43}$/);
    assert.match(await textOf(page.locator(':focus')), /Jo Day has an account: jo/);
    await page.getByRole('button', { name: 'Add somebody else' }).press('Enter');
    await page.waitForFunction(() => document.activeElement?.id === 'add-name');
    await page.getByRole('link', { name: 'People' }).click();
    assert.equal(
      await textOf(row(page, 'jo').locator('td').first()),
      'Site coordinator of Lincoln High',
    );
    assert.match(await textOf(row(page, 'jo')), /Invited/);
    await page.reload();
    await rowsOf(page, '.people-table').first().waitFor();
    assert.doesNotMatch(await page.content(), /tri_/);

    await page.getByRole('button', { name: 'Sign out' }).click();
    await open(new URL(link).pathname + new URL(link).hash);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.keyboard.press('Enter');
    await heading(page, 'Overview').waitFor();
  }));

test('schools_that_come_while_the_page_is_drawn_are_offered', () =>
  s.withPage({ isSlow: true }, async (page, { open }) => {
    let hold;
    const held = new Promise((wake) => (hold = wake));
    await page.route('**/v1/sites?**', hold);
    await open('/people');
    const schools = await held;
    await page.getByRole('link', { name: 'Add somebody' }).click();
    await heading(page, 'Add somebody').waitFor();
    await schools.continue();
    await page.getByText('3 fit').waitFor();
  }));

test('a_site_coordinator_sees_their_school_and_is_told_what_is_not_for_them', () =>
  as('sam', '/', async (page, { open }) => {
    await page.locator('.overview-table').waitFor();
    assert.deepEqual(await page.locator('.overview-table tbody th a').allInnerTexts(), [
      'Lincoln High',
    ]);
    const places = await page.locator('.places a').allInnerTexts();
    const theirs = ['Overview', 'Inventory', 'Requirements', 'Waivers', 'Import files'];
    assert.deepEqual(places, theirs);

    await open(`/sites/${large}`);
    await heading(page, 'There is no such page').waitFor();
    await open(`/devices/${s.collector.devices['lincoln-2'].id}`);
    await heading(page, 'lincoln-2').waitFor();
    assert.equal(await page.getByRole('link', { name: 'Waive…' }).count(), 0);

    await open('/waivers');
    await heading(page, 'Waivers').waitFor();
    await page.getByRole('button', { name: 'Propose it' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Waive it' }).count(), 0);
    for (const path of ['/people', '/people/add', '/people/import', '/keys', '/tokens', '/audit']) {
      await open(path);
      await heading(page, 'This page is not for your roles').waitFor();
    }
  }));

test('a_district_coordinator_gives_roles_of_their_district_and_none_above', () =>
  as('lea', '/people/add', async (page, { open }) => {
    await page.getByText('3 fit').waitFor();
    const roles = await page.locator('#add-role option').allInnerTexts();
    assert.deepEqual(roles, [
      'District coordinator',
      'Technology coordinator',
      'Site coordinator',
      'Viewer',
    ]);
    await page.getByLabel('Role').selectOption('viewer');
    assert.deepEqual(await page.locator('#add-scope option').allInnerTexts(), [
      'A school',
      'A district',
    ]);
    await open('/people');
    await rowsOf(page, '.people-table').first().waitFor();
    assert.equal(await row(page, 'ada').count(), 0);
    assert.equal(await row(page, 'sam').count(), 1);
  }));

test('roles_are_given_and_taken_and_count_at_once', () =>
  as('ada', '/people', async (page, { open }) => {
    const { id } = await s.collector.person('kit', 'Kit Zed', { role: 'viewer', scope: 'state' });
    await open(`/people/${id}`);
    await heading(page, 'Kit Zed').waitFor();
    await page.getByText('Give another role').click();
    await page.getByText('3 fit').waitFor();
    await page.getByLabel('Role', { exact: true }).selectOption('tech_coordinator');
    await page.getByLabel('Where').selectOption('lea');
    await page.getByRole('button', { name: 'Give this role' }).click();
    await page
      .locator('[data-done]')
      .getByText('Given: Technology coordinator of Example Unified')
      .waitFor();
    await page.getByRole('button', { name: 'Take away Viewer of the whole state' }).click();
    await page.getByRole('button', { name: 'Yes, take it away' }).click();
    await page.locator('[data-done]').getByText('Taken away: Viewer of the whole state.').waitFor();
    const { grants } = await s.collector.get(`/v1/people/${id}`);
    assert.deepEqual(grants, [{ role: 'tech_coordinator', scope: 'lea', code: lea }]);
  }));

test('an_account_is_disabled_enabled_renewed_and_invited_again', () =>
  as('ada', '/', async (page, { open }) => {
    const { id } = await s.collector.person('max', 'Max Orr', { role: 'viewer', scope: 'state' });
    const done = page.locator('[data-done]');
    await open(`/people/${id}`);
    await page.getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('button', { name: 'Yes, disable' }).click();
    await done.getByText('The account of Max Orr is disabled.').waitFor();
    await page.getByText('Nobody gets in with it until it is enabled.').waitFor();
    assert.equal(await page.getByRole('button', { name: 'New invitation' }).count(), 0);
    await page.getByRole('button', { name: 'Enable' }).click();
    await page.getByRole('button', { name: 'Yes, enable' }).click();
    await done.getByText('enabled').waitFor();
    await page.getByRole('button', { name: 'Renew' }).click();
    await page.getByRole('button', { name: 'Yes, renew' }).click();
    await done.getByText(/Renewed: good until Jun 30, \d{4}/).waitFor();
    await page.getByRole('button', { name: 'New invitation' }).click();
    await page.getByRole('button', { name: 'Yes, make it' }).click();
    await page.locator('[data-invitation] .secret code').getByText('/invitation#tri_').waitFor();
  }));

test('what_was_changed_meanwhile_is_not_overwritten', () =>
  as('ada', '/', async (page, { open }) => {
    const { id, version } = await s.collector.person('ned', 'Ned Fry', {
      role: 'viewer',
      scope: 'state',
    });
    await open(`/people/${id}`);
    await page.getByRole('button', { name: 'Disable' }).click();
    await s.collector.change(id, version, { name: 'Ned Frye' });
    await page.getByRole('button', { name: 'Yes, disable' }).click();
    await page.getByRole('alert').getByText('Somebody changed this account meanwhile').waitFor();
    assert.equal((await s.collector.get(`/v1/people/${id}`)).is_disabled, false);
  }));

test('the_list_is_filtered_and_the_review_says_why', () =>
  as('ada', '/people', async (page) => {
    await rowsOf(page, '.people-table').first().waitFor();
    // It is kept to the hour, and no finer said; the years where the hour ends in the next one.
    const used = await textOf(row(page, 'ada').locator('time').first());
    const day = /\w+ \d+(, \d{4})?/.source;
    assert.match(used, new RegExp(`^${day}, \\d+( [AP]M)? – (${day}, )?\\d+ [AP]M$`));
    await page.getByLabel('Role', { exact: true }).selectOption('lea_coordinator');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByText('Accounts that fit').waitFor();
    assert.equal(new URL(page.url()).search, '?role=lea_coordinator');
    assert.equal(await rowsOf(page, '.people-table').count(), 1);
    await page.getByRole('link', { name: 'To look at' }).click();
    await heading(page, 'Accounts to look at').waitFor();
    assert.match(await textOf(row(page, 'lea')), /sees a district or everything/);
    assert.match(await textOf(row(page, 'sam')), /no second factor/);
  }));

test('the_yearly_review_shows_one_reason_at_a_time_and_renews_a_district', () =>
  as('lea', '/people/review', async (page) => {
    await rowsOf(page, '.people-table').first().waitFor();
    await page.getByRole('link', { name: 'sees a district or everything', exact: true }).click();
    await page.waitForURL(/reason=wide_scope/);
    await rowsOf(page, '.people-table').first().waitFor();
    for (const text of await rowsOf(page, '.people-table').allInnerTexts())
      assert.match(text, /sees a district or everything/);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: /^Everybody as a CSV file/ }).click(),
    ]);
    assert.match(file.suggestedFilename(), /^people.*\.csv$/);
    await page.getByRole('button', { name: /^Renew everybody of / }).click();
    await page.getByRole('button', { name: 'Yes, renew all' }).click();
    await page.locator('.notice').getByText(/accounts? of .* renewed/).waitFor();
  }));

test('whom_an_account_awaits_at_the_provider_is_shown_and_taken_back', () =>
  as('ada', '/', async (page, { open }) => {
    const { id } = await s.collector.invite('sue', 'Sue Fox', { role: 'viewer', scope: 'state' });
    await s.collector.ask('PUT', `/v1/people/${id}/sign-on`, { name: 'sue@example.org' });
    await open(`/people/${id}`);
    await page.getByText('awaits sue@example.org, who has not come yet').waitFor();
    await page.locator('summary').getByText('Single sign-on', { exact: true }).click();
    await page.getByLabel('Name there').fill('sue fox');
    await page.keyboard.press('Enter');
    await page.locator('#sign-on-name-mistake').waitFor();
    await page.getByLabel('Name there').fill('sfox@example.org');
    await page.keyboard.press('Enter');
    await page.getByText('awaits sfox@example.org').waitFor();
    await page.locator('summary').getByText('Single sign-on', { exact: true }).click();
    await page.getByRole('button', { name: 'Bind it to nobody' }).click();
    await page.getByRole('button', { name: 'Yes, bind it to nobody' }).click();
    await page.getByText('Nobody at the provider is this person any more.').first().waitFor();
    assert.equal((await s.collector.get(`/v1/people/${id}`)).sign_on.awaits, null);
  }));

test('hostile_names_of_people_are_text', () =>
  as('ada', '/', async (page, { open }) => {
    const grant = { role: 'viewer', scope: 'state' };
    const { id } = await s.collector.invite('markup', hostileNames.markup, grant);
    await open(`/people/${id}`);
    await heading(page, hostileNames.markup).waitFor();
    await page.getByRole('button', { name: 'Take away Viewer of the whole state' }).click();
    await page.getByText(`Take “Viewer of the whole state” from ${hostileNames.markup}?`).waitFor();
    await open('/audit');
    await rowsOf(page, '.audit-table').first().waitFor();
    assert.ok((await page.locator('.audit-table').innerText()).includes(hostileNames.markup));
    assert.equal(await page.locator('img').count(), 0);
    assert.equal(await page.title(), 'Audit log – Testready');
  }));
