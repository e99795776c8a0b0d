// SPDX-License-Identifier: Apache-2.0
// What is required, in words: of everybody, of a school, and while new requirements are applied.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostile, hostileNames, hostileProfile, lincoln } from './fleet.mjs';
import { rowsOf, suite, textOf } from './suite.mjs';
import { holdTime, nextUpdate } from './updates.mjs';

const reason = 'Headsets are on order.';
const s = suite({}, async (collector) => {
  await collector.waive(lincoln, { reason });
  await collector.judged(lincoln);
});

async function openProfile(page, { open, shown }, path = '/profiles/example') {
  await open(path);
  await shown();
  return s.collector.get(`/v1${path.replace(/[?&]role=\w+/, '')}`);
}

test('every_requirement_is_told_in_words_under_its_severity', () =>
  s.withPage({}, async (page, opened) => {
    const api = await openProfile(page, opened);
    assert.equal(await textOf(page.getByRole('heading', { level: 1 })), api.title);
    for (const severity of ['required', 'recommended']) {
      const lines = api.requirements.filter((line) => line.severity === severity);
      const rows = page.locator(`section[aria-labelledby="${severity}-title"] tbody tr`);
      assert.deepEqual(
        await rows.evaluateAll((all) => all.map((row) => row.dataset.requirement)),
        lines.map((line) => line.id),
      );
      for (const [i, line] of lines.entries()) {
        const text = await textOf(rows.nth(i));
        for (const part of [line.title, line.needed, line.fix.text, line.source, line.applies_when])
          assert.ok(text.includes((part ?? '').replace(/\s+/g, ' ')), `${part} in ${text}`);
      }
    }
  }));

test('a_role_shows_only_what_is_for_it_and_the_address_remembers_it', () =>
  s.withPage({ isSlow: true }, async (page, opened) => {
    const api = await openProfile(page, opened);
    const forTa = api.requirements.filter((line) => line.roles.includes('ta'));
    assert.ok(forTa.length > 0 && forTa.length < api.requirements.length);
    await page.getByLabel('Show for').selectOption('ta');
    const rows = page.locator('.requirements-table tbody tr');
    const shown = page.getByText(`${forTa.length} requirements are for: Test administrator`);
    await shown.waitFor();
    assert.equal(await rows.count(), forTa.length);
    await page.reload();
    await shown.waitFor();
    assert.equal(await rows.count(), forTa.length);
    assert.equal(await page.getByLabel('Show for').inputValue(), 'ta');
  }));

test('a_school_leads_to_what_it_is_judged_by_with_its_waivers', () =>
  s.withPage({}, async (page, { open }) => {
    await open(`/sites/${lincoln}`);
    const site = await s.collector.get(`/v1/sites/${lincoln}`);
    const line = page.locator('[data-profile]');
    assert.ok((await textOf(line)).includes(site.profile.version.slice(0, 8)));
    await line.getByRole('link', { name: 'read them' }).click();
    await page.getByText('What Lincoln High is judged by').waitFor();
    const row = page.locator('[data-requirement="audio.headphones"]');
    assert.ok((await textOf(row)).includes(reason));
    assert.match(await textOf(row), /Waived until Jul 31, \d{4}: .* by Ana Ruiz/);
    assert.match(await textOf(page.locator('.waived-here')), /Waived here/);
    await page.getByRole('link', { name: 'Read them without' }).click();
    await page.getByText('1 active waiver').waitFor();
    assert.equal(await page.locator('.waived-here').count(), 0);
  }));

test('the_list_leads_to_each_programme', () =>
  s.withPage({}, async (page, { open, shown }) => {
    await open('/');
    await shown();
    await page.getByRole('link', { name: 'Requirements', exact: true }).click();
    const rows = rowsOf(page, '.profiles-table');
    await rows.first().waitFor();
    const { profiles } = await s.collector.get('/v1/profiles');
    assert.equal(await rows.count(), profiles.length);
    assert.match(await textOf(page.locator('.verdict')), /2 programmes are published/);
    await page.getByRole('link', { name: 'Example programme' }).click();
    await page.locator('.requirements-table').first().waitFor();
    assert.equal(await textOf(page.locator(':focus')), 'Example programme');
  }));

test('markup_in_a_profile_is_text', () =>
  s.withPage({}, async (page, opened) => {
    const api = await openProfile(page, opened, `/profiles/${hostileProfile}`);
    assert.equal(api.title, hostileNames.markup);
    assert.equal(await textOf(page.getByRole('heading', { level: 1 })), hostileNames.markup);
    assert.ok((await textOf(page.locator('.support-table'))).includes(hostileNames.markup));
    await page.goto(`${s.collector.origin}/sites/${hostile}`);
    await page.locator('[data-profile]').getByText(hostileNames.markup).waitFor();
    await page.goto(`${s.collector.origin}/waivers?profile=${hostileProfile}`);
    const requirement = page.getByLabel('Requirement', { exact: true });
    await requirement.selectOption({ label: hostileNames.markup });
    assert.equal(await page.locator('img').count(), 0);
  }));

/** Lets every answer to @path be changed by @change. */
const changed = (page, path, change) =>
  page.route(path, async (route) => {
    const answer = await route.fetch({
      headers: { ...route.request().headers(), 'if-none-match': '' },
    });
    await route.fulfill({ response: answer, json: change(await answer.json()) });
  });

test('a_school_says_while_new_requirements_are_applied_and_when_that_is_done', () =>
  s.withPage({}, async (page, { open }) => {
    await holdTime(page);
    let left = 312;
    await changed(page, `**/v1/sites/${lincoln}`, (site) => ({
      ...site,
      judging: left > 0,
      profile: { ...site.profile, judging: left > 0 ? { devices_left: left } : null },
    }));
    await open(`/sites/${lincoln}`);
    const notice = page.locator('[data-judging]');
    await notice.getByText('New requirements are being applied: 312 devices left').waitFor();
    left = 5;
    await nextUpdate(page, `/v1/sites/${lincoln}`);
    await notice.getByText('5 devices left').waitFor();
    left = 0;
    await nextUpdate(page, `/v1/sites/${lincoln}`);
    await notice.waitFor({ state: 'detached' });
    const said = page.locator('#announcer').getByText('were applied to every device');
    await said.waitFor({ state: 'attached' });
  }));

test('the_overview_marks_schools_that_are_judged_again', () =>
  s.withPage({}, async (page, { open, shown }) => {
    await changed(page, '**/v1/overview**', (overview) => ({
      ...overview,
      totals: { ...overview.totals, judging: 1 },
      sites: overview.sites.map((site) => ({ ...site, judging: site.code === lincoln })),
    }));
    await open('/');
    await shown();
    await page.getByText('New requirements are being applied at 1 school').waitFor();
    const marks = page.locator('.overview-table [data-judging]');
    assert.equal(await marks.count(), 1);
    const row = rowsOf(page, '.overview-table').filter({ hasText: 'Lincoln High' });
    assert.equal(await row.locator('[data-judging]').count(), 1);
  }));

test('a_device_says_by_which_older_requirements_it_was_judged', () =>
  s.withPage({}, async (page, { open }) => {
    const { id } = s.collector.devices['lincoln-1'];
    const sentence = 'Judged by the requirements of 12 November 2026; new ones are being applied.';
    await changed(page, `**/v1/devices/${id}`, (device) => ({
      ...device,
      profile: { ...device.profile, is_current: false, sentence },
    }));
    await open(`/devices/${id}`);
    await page.locator('[data-judging]').getByText(sentence).waitFor();
  }));

test('a_profile_that_nobody_published_is_told', () =>
  s.withPage(
    {},
    async (page, { open, shown }) => {
      await open('/profiles/nothing');
      await shown();
      assert.match(await textOf(page.getByRole('alert')), /nothing/);
    },
    /Failed to load resource.*404/,
  ));
