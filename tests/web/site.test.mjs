// SPDX-License-Identifier: Apache-2.0
// The page of a school: tiles, work list, rules, rooms, and the rows behind their numbers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { large, lincoln } from './fleet.mjs';
import { rowsOf, shownNumber, suite, textOf } from './suite.mjs';

const s = suite({}, async (collector) => {
  await collector.waive(lincoln);
  await collector.judged(lincoln);
});
const site = () => s.collector.get(`/v1/sites/${lincoln}`);
const sitePage = `/sites/${lincoln}`;

async function openSite(page, { open }, path = sitePage) {
  await open(path);
  await page.locator('.tiles').waitFor();
  await page.locator('.device-table').waitFor();
}

/** Follows the link and returns how many devices it leads to. */
async function rowsBehind(page, href) {
  await page.goto(s.collector.origin + href);
  const counter = page.locator('[data-rows]');
  await counter.waitFor();
  const n = await rowsOf(page, '.device-table').count();
  assert.equal(await counter.getAttribute('data-rows'), String(n));
  return n;
}

test('the_verdict_comes_first_then_the_next_action', () =>
  s.withPage({}, async (page, opened) => {
    await openSite(page, opened);
    const api = await site();
    assert.equal(await textOf(page.locator('.verdict-sentence')), api.sentence);
    assert.equal(await textOf(page.locator('.verdict-next')), `Next: ${api.next_action}`);
    const order = await page.evaluate(() =>
      ['h1', '.verdict', '.tiles', '.work', '.rules', '.rooms-table', '.device-table'].map(
        (name) => document.querySelector(name)?.getBoundingClientRect().top ?? -1,
      ),
    );
    assert.deepEqual(
      [...order].sort((a, b) => a - b),
      order,
    );
    assert.equal(await page.title(), 'Lincoln High – Testready');
  }));

test('each_tile_leads_to_exactly_as_many_devices_as_its_number', () =>
  s.withPage({}, async (page, opened) => {
    await openSite(page, opened);
    const api = await site();
    const tiles = await Promise.all(
      ['ready', 'needs_work', 'unknown_or_stale', 'waived'].map(async (name) => {
        const tile = page.locator(`[data-tile="${name}"]`);
        return {
          name,
          n: Number(await textOf(tile.locator('.tile-number'))),
          href: await tile.getAttribute('href'),
        };
      }),
    );
    for (const { name, n, href } of tiles) {
      assert.equal(n, api.tiles[name], name);
      assert.equal(await rowsBehind(page, href), n, href);
    }
    assert.ok(
      api.tiles.needs_work > 0 && api.tiles.unknown_or_stale > 0 && api.tiles.waived > 0,
      'the fleet has something in each tile',
    );
  }));

test('every_number_of_the_page_leads_to_its_rows', () =>
  s.withPage({}, async (page, opened) => {
    await openSite(page, opened);
    const links = [];
    for (const link of await page
      .locator('.tile-states a, .tiles-note a, .work-size a:first-child, .rooms-table td a')
      .all())
      links.push({
        n: Number.parseInt(await shownNumber(link), 10),
        href: await link.getAttribute('href'),
      });
    assert.ok(links.length > 10, `${links.length} links`);
    for (const { n, href } of links) assert.equal(await rowsBehind(page, href), n, href);
  }));

test('the_work_list_is_that_of_the_api_in_its_order', () =>
  s.withPage({}, async (page, opened) => {
    await openSite(page, opened);
    const api = await site();
    const lines = page.locator('.work > li');
    assert.ok(api.fixes.length > 0, 'the fleet has something to fix');
    assert.deepEqual(
      await lines.evaluateAll((all) => all.map((line) => line.dataset.fix)),
      api.fixes.map((fix) => fix.id),
    );
    for (const [i, fix] of api.fixes.entries()) {
      const text = await textOf(lines.nth(i));
      assert.ok(text.includes(`${fix.devices} device${fix.devices === 1 ? '' : 's'}`), text);
      for (const room of fix.rooms) assert.ok(text.includes(room || 'no room'), text);
      assert.match(text, /about \d/);
    }
  }));

test('the_certification_rules_show_their_evidence', () =>
  s.withPage({}, async (page, opened) => {
    await openSite(page, opened);
    const api = await site();
    for (const rule of api.rules) {
      const text = await textOf(page.locator(`[data-rule="${rule.id}"]`));
      assert.ok(text.startsWith(rule.met ? 'Met' : 'Not met'), text);
      assert.ok(text.includes(rule.evidence.replace(/\s+/g, ' ')), text);
    }
  }));

test('a_long_list_is_shown_in_parts', () =>
  s.withPage({}, async (page, opened) => {
    await openSite(page, opened, `/sites/${large}`);
    const rows = rowsOf(page, '.device-table');
    assert.equal(await rows.count(), 100);
    await page.getByRole('button', { name: 'Show more' }).click();
    await rows.nth(129).waitFor();
    assert.equal(await rows.count(), 130);
    assert.equal(await page.getByRole('button', { name: 'Show more' }).count(), 0);
    const ids = await rows.evaluateAll((all) => all.map((row) => row.dataset.device));
    assert.equal(new Set(ids).size, 130);
  }));

test('going_back_to_a_long_list_shows_as_much_of_it_as_before', () =>
  s.withPage({}, async (page, opened) => {
    await openSite(page, opened, `/sites/${large}`);
    const rows = rowsOf(page, '.device-table');
    await page.getByRole('button', { name: 'Show more' }).click();
    const link = rows.nth(125).locator('th a');
    await link.scrollIntoViewIfNeeded();
    const y = await page.evaluate(() => window.scrollY);
    await link.click();
    await page.locator('.verdict').waitFor();
    await page.goBack();
    await rows.nth(129).waitFor();
    await page.waitForFunction((before) => Math.abs(window.scrollY - before) < 2, y);
  }));

test('a_device_that_never_reported_is_grey_and_neither_ready_nor_failing', () =>
  s.withPage({}, async (page, opened) => {
    await openSite(page, opened);
    const row = rowsOf(page, '.device-table').filter({ hasText: 'lincoln-4' });
    assert.match(await textOf(row), /Never seen/);
    assert.match(await row.getAttribute('class'), /row-stale/);
  }));

test('going_back_returns_to_where_one_was', () =>
  s.withPage({ viewport: { width: 1280, height: 500 } }, async (page, opened) => {
    await openSite(page, opened);
    const link = rowsOf(page, '.device-table').locator('th a').last();
    await link.scrollIntoViewIfNeeded();
    const before = await page.evaluate(() => window.scrollY);
    await link.click();
    await page.locator('.results-table, .empty').first().waitFor();
    assert.equal(await page.evaluate(() => window.scrollY), 0);
    await page.goBack();
    await page.waitForFunction((y) => Math.abs(window.scrollY - y) < 2, before);
  }));

test('an_unknown_school_says_so_and_leads_back', () =>
  s.withPage(
    {},
    async (page, { open, shown }) => {
      await open('/sites/99999999999999');
      await shown();
      assert.ok((await textOf(page.getByRole('alert'))).length > 10);
      await page.getByRole('link', { name: 'Go to the overview' }).click();
      await page.locator('.overview-table').waitFor();
    },
    /Failed to load resource.*404/,
  ));

test('whom_to_call_and_what_is_said_of_the_rooms_stands_on_the_page', () =>
  s.withPage({}, async (page, opened) => {
    const { rooms, version } = await site();
    const answer = await fetch(`${s.collector.origin}/v1/sites/${lincoln}`, {
      method: 'PATCH',
      headers: {
        Authorization: `Bearer ${s.collector.token}`,
        'Content-Type': 'application/json',
        'If-Match': `"${version}"`,
      },
      body: JSON.stringify({
        contacts: { coordinator: { name: 'Bo <b>Ruiz</b>', email: 'bo@example.org', phone: '+1 510' } },
        tracks: ['A'],
        rooms: [{ room: rooms.at(-1).room, track: 'A', seats: 30 }],
      }),
    });
    assert.equal(answer.status, 200, await answer.text());
    await openSite(page, opened);
    const contacts = page.locator('[data-contacts]');
    assert.match(await textOf(contacts), /Site coordinator.*Bo <b>Ruiz<\/b>/s);
    assert.equal(await contacts.locator('a').first().getAttribute('href'), 'mailto:bo@example.org');
    const room = page.locator('.rooms-table tbody tr', { hasText: '30 seats' });
    assert.match(await textOf(room), /30 seats · track A/);
    assert.ok(
      (await page.locator('.rooms-table').innerText()).includes('only devices name this room'),
    );
    if (process.env.SHOT) await page.screenshot({ path: process.env.SHOT, fullPage: true });
  }));
