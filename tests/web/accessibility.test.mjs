// SPDX-License-Identifier: Apache-2.0
// Everybody can use every page: by axe-core in both colour schemes, by keyboard alone, on a
// narrow screen and on paper.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsOfEveryPage, fillEveryPage, inScheme, inWindow, onPaper } from './every_page.mjs';
import { suite, textOf } from './suite.mjs';

const s = suite({}, fillEveryPage);
/** What the menu marks on the pages that are not in it themselves; on those of nobody, nothing. */
const parents = {
  Overview: ['site', 'hostile_site', 'devices', 'device', 'device_without_view', 'lea'],
  Inventory: ['inventory', 'inventory_of_one_kind', 'hostile_inventory'],
  Requirements: ['requirements_of_all', 'requirements_of_a_school', 'hostile_requirements'],
  People: ['person', 'person_add', 'review', 'import'],
};
async function inMenu(page, name) {
  const marked = await page
    .locator('.places [aria-current]')
    .evaluateAll((links) => links.map((it) => `${it.textContent} ${it.ariaCurrent}`));
  const parent = Object.keys(parents).find((text) => parents[text].includes(name));
  if (parent) return marked.join() === `${parent} true` ? [] : [`${marked} is marked`];
  const isOutside = ['sign_in', 'setup', 'invitation', 'account', 'not_found'].includes(name);
  return marked.length === (isOutside ? 0 : 1) && marked.every((it) => / page$/.test(it))
    ? []
    : [`${marked} is marked`];
}

const faultsOf = faultsOfEveryPage(
  s,
  {},
  {
    menu: inMenu,
    light: inScheme('light'),
    dark: inScheme('dark'),
    narrow: inWindow(320, 640),
    // A browser window of 1280 px at 200 % has 640 px of its own.
    enlarged: inWindow(640, 450),
    paper: onPaper,
  },
);
const findsNothing = (look) => async () => assert.deepEqual(await faultsOf(look), []);

test('axe_core_finds_nothing_on_any_page_in_light', findsNothing('light'));
test('axe_core_finds_nothing_on_any_page_in_dark', findsNothing('dark'));
test('no_page_scrolls_sideways_at_320_px', findsNothing('narrow'));
test('no_page_scrolls_sideways_with_text_twice_as_large', findsNothing('enlarged'));
test('the_menu_marks_where_each_page_belongs', findsNothing('menu'));
test('paper_has_the_whole_tables_and_no_buttons', findsNothing('paper'));

test('from_sign_in_to_a_school_by_keyboard_alone', () =>
  s.withPage({ isSignedIn: false, isSlow: true }, async (page, { open, shown }) => {
    await open('/');
    await shown();
    await tabTo(page, (it) => it.text === 'Sign in with a token');
    await page.keyboard.press('Enter');
    await page.getByLabel('Token', { exact: true }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'sign-in-token');
    await page.keyboard.type(s.collector.token);
    await page.keyboard.press('Enter');
    await page.locator('.overview-table').waitFor();
    assert.equal(await textOf(page.locator(':focus')), 'Overview');

    await tabTo(page, (it) => it.text === 'Lincoln High');
    await page.keyboard.press('Enter');
    await page.locator('.tiles').waitFor();
    assert.equal(await textOf(page.locator(':focus')), 'Lincoln High');

    await tabTo(page, (it) => it.text.startsWith('Needs work'));
    await page.keyboard.press('Enter');
    await page.locator('[data-rows]').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H1');
  }));

test('the_skip_link_leads_past_the_header', () =>
  s.withPage({}, async (page, { open, shown }) => {
    await open('/');
    await shown();
    await page.keyboard.press('Tab');
    assert.equal(await textOf(page.locator(':focus')), 'Skip to the content');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'main');
    assert.equal(await textOf(page.locator('h1')), 'Overview');
  }));

/** Presses Tab until @isIt holds for what has the focus; what has it must be seen. */
async function tabTo(page, isIt) {
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press('Tab');
    const it = await page.evaluate(() => {
      const element = document.activeElement;
      const style = element && getComputedStyle(element);
      return {
        id: element?.id ?? '',
        text: element?.textContent?.trim() ?? '',
        tag: element?.tagName,
        isSeen: style !== null && (style.outlineStyle !== 'none' || style.boxShadow !== 'none'),
      };
    });
    assert.ok(it.tag === 'BODY' || it.isSeen, `the focus cannot be seen on ${it.tag} ${it.text}`);
    if (isIt(it)) return;
  }
  assert.fail('Tab does not reach it');
}
