// SPDX-License-Identifier: Apache-2.0
// The overview shows what GET /v1/overview says, and its numbers lead on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowsOf, shownNumber, suite, textOf } from './suite.mjs';

const s = suite();
const overview = () => s.collector.get('/v1/overview');
const percent = (n) => (n === null ? '–' : `${n}%`);
const unknownOrStale = ({ states }) =>
  states.unknown + states.stale + states.never_seen + states.conflict;

test('the_sentence_and_the_rows_are_those_of_the_api', () =>
  s.withPage({}, async (page, { open, shown }) => {
    await open('/');
    await shown();
    const api = await overview();
    assert.equal(await textOf(page.locator('.verdict-sentence')), api.sentence);
    const worst = api.sites.find(({ certifiable }) => !certifiable);
    const next = page.locator('.verdict-next a');
    assert.equal(await textOf(next), `Begin with ${worst.name}: its risk is the highest.`);
    assert.equal(await next.getAttribute('href'), `/sites/${worst.code}`);

    const rows = rowsOf(page, '.overview-table');
    assert.equal(await rows.count(), api.sites.length);
    for (const [i, site] of api.sites.entries()) {
      const row = rows.nth(i);
      assert.equal(await textOf(row.locator('th a')), site.name);
      const cells = await Promise.all((await row.locator('td').all()).map(shownNumber));
      assert.deepEqual(cells.slice(1), [
        String(site.window.weekdays_left),
        String(site.ready),
        String(site.expected),
        String(site.states.not_ready),
        String(unknownOrStale(site)),
        percent(site.coverage_percent),
        percent(site.browser_percent),
        site.certifiable ? 'Yes' : 'No',
      ]);
    }
  }));

test('every_number_of_a_row_leads_to_that_many_devices', () =>
  s.withPage({}, async (page, { open, shown }) => {
    const { sites } = await overview();
    const fresh = Object.fromEntries(sites.map((site) => [site.name, site]));
    await open('/');
    await shown();
    const links = [];
    for (const row of await rowsOf(page, '.overview-table').all()) {
      const site = fresh[await textOf(row.locator('th a'))];
      for (const link of await row.locator('td a').all()) {
        const text = await shownNumber(link);
        const label = await link.textContent();
        const n = !text.endsWith('%')
          ? Number(text)
          : label.includes('fresh report')
            ? site.fresh
            : site.browser_current;
        links.push({ href: await link.getAttribute('href'), n });
      }
    }
    assert.equal(links.length, sites.length * 6);
    for (const { href, n } of links) assert.equal(await countRows(page, open, href), n, href);
  }));

test('the_totals_lead_to_the_schools_that_add_to_them', () =>
  s.withPage({}, async (page, { open, shown }) => {
    const { totals, sites } = await overview();
    for (const [show, count] of [
      ['needs_work', (site) => site.states.not_ready],
      ['unknown_or_stale', unknownOrStale],
      ['ready', (site) => site.ready],
      ['certifiable', (site) => Number(site.certifiable)],
      ['unexpected', (site) => site.unexpected],
    ]) {
      await open('/');
      await shown();
      const link = page.locator(`.total[href="/?show=${show}"]`);
      const sum = sites.reduce((all, site) => all + count(site), 0);
      assert.equal(await textOf(link.locator('.total-number')), String(sum), show);
      await link.click();
      await page.getByRole('link', { name: 'Show all schools' }).waitFor();
      assert.equal(
        await rowsOf(page, '.overview-table').count(),
        sites.filter((site) => count(site) > 0).length,
        show,
      );
    }
    assert.equal(totals.sites, sites.length);
  }));

test('typing_finds_a_school_and_the_address_remembers_it', () =>
  s.withPage({ isSlow: true }, async (page, { open, shown }) => {
    await open('/');
    await shown();
    await page.getByLabel('Find a school').fill('roose');
    await page.getByText('Showing 1 of 3 schools').waitFor();
    assert.equal(await textOf(rowsOf(page, '.overview-table').locator('th a')), 'Roosevelt Middle');
    await page.reload();
    await page.getByText('Showing 1 of 3 schools').waitFor();
    await page.getByLabel('Find a school').fill('no such school');
    await page.getByText('No school fits').waitFor();
  }));

/** How many devices the page at @href lists once everything is shown. */
async function countRows(page, open, href) {
  await open(href);
  const counter = page.locator('[data-rows]');
  await counter.waitFor();
  const more = page.getByRole('button', { name: 'Show more' });
  while (await more.isVisible()) {
    const before = await counter.getAttribute('data-rows');
    await more.click();
    await page.locator(`[data-rows]:not([data-rows="${before}"])`).waitFor();
  }
  const n = await rowsOf(page, '.device-table').count();
  assert.equal(await counter.getAttribute('data-rows'), String(n));
  return n;
}
