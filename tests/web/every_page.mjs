// SPDX-License-Identifier: Apache-2.0
// Every page with something on it, for what has to hold on each of them. A new page gets a line.
import { accessibilityFaults } from './browser.mjs';
import { hostile, hostileNames, hostileProfile, lincoln } from './fleet.mjs';

/** Something on every page: waivers, one of which is nobody's friend. */
export async function fillEveryPage(collector) {
  await collector.waive(lincoln);
  await collector.waive(lincoln, {
    requirement: 'browser.present',
    reason: `${hostileNames.markup} ${'x'.repeat(300)}`,
    who: hostileNames.markup,
  });
  await collector.waive(lincoln, {
    requirement: 'memory.size',
    reason: `${hostileNames.markup} ${'x'.repeat(300)}`,
    who: hostileNames.markup,
    as: 'proposal',
  });
  await collector.judged(lincoln);
  const grant = { role: 'viewer', scope: 'site', code: hostile };
  collector.hostilePerson = await collector.invite('hostile', hostileNames.markup, grant);
  await collector.invite('long.'.padEnd(64, 'x'), 'x'.repeat(100), {
    role: 'viewer',
    scope: 'state',
  });
  const token = { role: 'viewer', scope: 'state', days: 1 };
  await collector.ask('POST', '/v1/tokens', { name: hostileNames.markup, ...token });
  await collector.ask('POST', '/v1/tokens', { name: 'x'.repeat(100), ...token });
}

const pages = (collector) => ({
  sign_in: { path: '/', isSignedIn: false },
  setup: { path: '/setup', isSignedIn: false },
  invitation: { path: `/invitation#tri_${'A'.repeat(43)}`, isSignedIn: false },
  account: { path: '/account' },
  people: { path: '/people' },
  nobody_fits: { path: '/people?state=expired' },
  person: { path: `/people/${collector.hostilePerson.id}` },
  person_add: { path: '/people/add' },
  review: { path: '/people/review' },
  import: { path: '/people/import' },
  keys: { path: '/keys?state=all' },
  tokens: { path: '/tokens?state=all' },
  audit: { path: '/audit' },
  overview: { path: '/' },
  site: { path: `/sites/${lincoln}` },
  lea: { path: '/leas/1964733' },
  hostile_site: { path: `/sites/${hostile}` },
  devices: { path: `/sites/${lincoln}/devices?expected=true` },
  device: { path: `/devices/${collector.devices['lincoln-2'].id}` },
  device_without_view: { path: `/devices/${collector.devices['lincoln-6'].id}` },
  inventories: { path: '/inventory' },
  inventory: { path: `/sites/${lincoln}/inventory` },
  inventory_of_one_kind: { path: `/sites/${lincoln}/inventory?kind=never_seen` },
  hostile_inventory: { path: `/sites/${hostile}/inventory` },
  imports: { path: '/imports' },
  import_inventory: { path: '/imports?what=inventory' },
  requirements: { path: '/profiles' },
  requirements_of_all: { path: '/profiles/example' },
  requirements_of_a_school: { path: `/profiles/example?site=${lincoln}` },
  hostile_requirements: { path: `/profiles/${hostileProfile}` },
  waivers: { path: '/waivers' },
  waivers_proposed: { path: '/waivers?state=proposed' },
  waivers_revoked: { path: '/waivers?state=revoked' },
  not_found: { path: '/no/such/page' },
});

/** Opens each page of the suite @s in turn; @body is called once what it loads is there. */
export async function everyPage(s, options, body) {
  for (const [name, { path, isSignedIn = true }] of Object.entries(pages(s.collector))) {
    await s.withPage({ ...options, isSignedIn }, async (page, { open, shown, quiet }) => {
      await open(path);
      await shown();
      await page.waitForFunction(() => !document.querySelector('.loading'));
      await quiet();
      await body(page, name);
    });
  }
}

/**
 * What is wrong with the pages, by what of @looks finds it: each page is opened once, when the first
 * one asks, and each of @looks in its order returns what is wrong with it.
 */
export function faultsOfEveryPage(s, options, looks) {
  const walk = async () => {
    const faults = Object.fromEntries(Object.keys(looks).map((look) => [look, []]));
    await everyPage(s, options, async (page, name) => {
      for (const [look, faultsOf] of Object.entries(looks))
        faults[look].push(...(await faultsOf(page, name)).map((fault) => `${name}: ${fault}`));
    });
    return faults;
  };
  let walked;
  return async (look) => (await (walked ??= walk()))[look];
}

/** By axe-core, in one colour scheme. */
export const inScheme = (colorScheme) => async (page) => {
  await page.emulateMedia({ colorScheme });
  return accessibilityFaults(page);
};

/** Whether it has to be scrolled sideways in a window so large. */
export const inWindow = (width, height) => async (page) => {
  await page.setViewportSize({ width, height });
  const needed = await page.evaluate(() => document.documentElement.scrollWidth);
  return needed <= width ? [] : [`${needed} px wide`];
};

/** Whether tables are cut on paper, or there is what only a screen has. The last look. */
export async function onPaper(page, name) {
  if (['sign_in', 'setup', 'invitation'].includes(name)) return [];
  await page.setViewportSize({ width: 740, height: 950 });
  await page.emulateMedia({ media: 'print' });
  const cut = await page.evaluate(
    () =>
      [...document.querySelectorAll('.table-region')].filter(
        (region) => region.scrollWidth > region.clientWidth + 1,
      ).length,
  );
  const buttons = await page.locator('button:visible').count();
  return [...(cut ? [`${cut} tables are cut`] : []), ...(buttons ? [`${buttons} buttons`] : [])];
}
