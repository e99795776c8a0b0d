// SPDX-License-Identifier: Apache-2.0
// Pages update by themselves without taking anything away from their reader.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goodFacts, lincoln } from './fleet.mjs';
import { rowsOf, suite, textOf } from './suite.mjs';
import { answerTo, holdTime, nextUpdate, refreshMs, settled } from './updates.mjs';

const s = suite();

test('a_report_changes_the_page_without_moving_what_is_read_or_the_focus', () =>
  s.withPage({ viewport: { width: 1280, height: 500 } }, async (page, { open }) => {
    await holdTime(page);
    await open(`/sites/${lincoln}`);
    await page.locator('.device-table').waitFor();
    // The school and its devices.
    await settled(page, 2);
    const before = (await s.collector.get(`/v1/sites/${lincoln}`)).tiles;
    const link = rowsOf(page, '.device-table').locator('th a').last();
    await link.focus();
    const name = await textOf(link);
    const { y } = await link.boundingBox();

    await s.collector.devices['lincoln-2'].report(goodFacts());
    const { tiles } = await s.collector.get(`/v1/sites/${lincoln}`);
    assert.notDeepEqual(tiles, before, 'the report changes a number');
    await nextUpdate(page, `/v1/sites/${lincoln}`);
    await page
      .locator('[data-tile="ready"] .tile-number')
      .getByText(String(tiles.ready), { exact: true })
      .waitFor();
    await settled(page, 2);
    assert.equal(await textOf(page.locator(':focus')), name);
    // What is above may have become longer or shorter: the row must stay where it is on the screen.
    const moved = Math.abs((await link.boundingBox()).y - y);
    assert.ok(moved < 2, `moved by ${moved} px`);
  }));

test('an_answer_that_did_not_change_has_no_body_but_confirms_the_page', () =>
  s.withPage({}, async (page, { open, shown }) => {
    await holdTime(page);
    await open('/');
    await shown();
    const answer = await nextUpdate(page, '/v1/overview');
    assert.equal(answer.status(), 304);
    // The page's clock has moved on, the collector's has not: later answers are made up here, of
    // all that the page asks for, since the last one counts.
    await page.route('**/v1/**', (route) =>
      route.fulfill({
        status: 304,
        headers: { Date: new Date(Date.now() + 60_000).toUTCString() },
      }),
    );
    await nextUpdate(page, '/v1/overview');
    await page.getByText('nothing had changed at').waitFor();
  }));

test('rows_stay_where_they_are_until_their_reader_sorts_them_again', () =>
  s.withPage({}, async (page, { open, shown }) => {
    await holdTime(page);
    await open('/');
    await shown();
    const names = () => rowsOf(page, '.overview-table').locator('th a').allInnerTexts();
    const before = await names();
    await page.route('**/v1/overview**', async (route) => {
      const answer = await route.fetch({
        headers: { ...route.request().headers(), 'if-none-match': '' },
      });
      const body = await answer.json();
      body.sites.reverse();
      await route.fulfill({ response: answer, json: body });
    });
    await nextUpdate(page, '/v1/overview');
    const sort = page.getByRole('button', { name: 'Sort again' });
    await sort.waitFor();
    assert.deepEqual(await names(), before);
    await sort.click();
    assert.deepEqual(await names(), [...before].reverse());
  }));

test('the_focus_stays_in_the_table_when_its_row_goes', () =>
  s.withPage({}, async (page, { open }) => {
    await holdTime(page);
    await open(`/sites/${lincoln}/devices?state=not_ready&expected=true`);
    const rows = rowsOf(page, '.device-table');
    await rows.filter({ hasText: 'lincoln-5' }).locator('a').focus();
    await page.route('**/devices?**', async (route) => {
      const answer = await route.fetch({
        headers: { ...route.request().headers(), 'if-none-match': '' },
      });
      const body = await answer.json();
      body.devices = [{ ...body.devices[0], id: '0'.repeat(32) }];
      await route.fulfill({ response: answer, json: body });
    });
    await nextUpdate(page, `/v1/sites/${lincoln}/devices`);
    await page.locator(`[data-device="${'0'.repeat(32)}"]`).waitFor();
    assert.match(
      await page.evaluate(() => document.activeElement?.className ?? ''),
      /table-region/,
    );
  }));

test('a_collector_that_does_not_answer_leaves_the_page_and_says_so', () =>
  s.withPage(
    {},
    async (page, { open, shown }) => {
      await holdTime(page);
      await open('/');
      await shown();
      await page.route('**/v1/overview**', (route) => route.abort());
      await page.clock.runFor(refreshMs + 1);
      await page.getByRole('alert').waitFor();
      assert.equal(await page.locator('.overview-table').count(), 1);
      await page.unroute('**/v1/overview**');
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByRole('alert').waitFor({ state: 'detached' });
    },
    /Failed to load resource/,
  ));

test('a_problem_shows_its_detail_and_can_be_tried_again', () =>
  s.withPage(
    {},
    async (page, { open }) => {
      const problem = {
        type: 'urn:testready:problem:busy',
        title: 'Busy',
        status: 503,
        detail: 'The store is being restored. Wait a minute.',
      };
      await page.route('**/v1/overview**', (route) =>
        route.fulfill({ status: 503, contentType: 'application/problem+json', json: problem }),
      );
      await open('/');
      await page.getByText(problem.detail).waitFor();
      await page.unroute('**/v1/overview**');
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.locator('.overview-table').waitFor();
      assert.equal(await page.title(), 'Overview – Testready');
    },
    /Failed to load resource.*503/,
  ));

test('nothing_is_asked_while_the_page_is_hidden', () =>
  s.withPage({}, async (page, { open, shown }) => {
    await holdTime(page);
    // The last that the page asks for while it opens, after its heading is there.
    const opened = answerTo(page, '/v1/waivers');
    await open('/');
    await shown();
    await opened;
    const setHidden = (isHidden) =>
      page.evaluate((value) => {
        Object.defineProperty(document, 'hidden', { configurable: true, value });
        document.dispatchEvent(new Event('visibilitychange'));
      }, isHidden);
    const asked = [];
    // Of the collector's data: when the browser fetches the icon is its own affair.
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.startsWith('/v1/')) asked.push(pathname);
    });
    await setHidden(true);
    await page.clock.runFor(10 * refreshMs);
    assert.deepEqual(asked, []);
    const answer = answerTo(page, '/v1/overview');
    await setHidden(false);
    await answer;
  }));

test('no_notice_of_loading_before_200_ms', () =>
  s.withPage({}, async (page, { open }) => {
    await page.addInitScript(() => {
      let shown, since;
      new MutationObserver(() => {
        const notice = document.querySelector('.loading');
        if (notice !== shown) since = performance.now();
        shown = notice;
        if (notice?.textContent) window.waitedMs ??= performance.now() - since;
      }).observe(document, { childList: true, subtree: true, characterData: true });
    });
    let hold;
    const held = new Promise((wake) => (hold = wake));
    await page.route('**/v1/overview**', hold);
    await open('/');
    // There is a notice while the page finds out who is signed in, too.
    const answer = await held;
    await page.getByText('Loading…').waitFor();
    const waitedMs = await page.evaluate(() => window.waitedMs);
    assert.ok(waitedMs >= 195, `said after ${waitedMs} ms`);
    await answer.continue();
    await page.locator('.overview-table').waitFor();
  }));
