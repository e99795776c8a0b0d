// SPDX-License-Identifier: Apache-2.0
// Script in every text that somebody can write, looked at on every page: nothing of it may run.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { enroll, goodFacts, hostile, lincoln } from './fleet.mjs';
import { people } from './people.mjs';
import { suite } from './suite.mjs';

/** Ways to get a script out of an attribute, a title, a text, a template and a link. */
const attacks = {
  tag: '<script>alert(1)</script>',
  attribute: '" autofocus onfocus=alert(1) x="',
  handler: "'><svg/onload=alert(1)>",
  title: '</title></textarea></style><img src=x onerror=alert(1)>',
  link: 'javascript:alert(1)',
  frame: '<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>',
  template: '{{constructor.constructor("alert(1)")()}}${alert(1)}',
};
const everything = Object.values(attacks).join(' ');
const made = {};

/** What a student with root on a device reports: each text that is free is hostile. */
function hostileFacts() {
  const facts = goodFacts();
  facts.os.name = everything;
  facts.os.kernel = attacks.handler;
  facts.browser.installs[0].path = attacks.link;
  facts.browser.installs[0].product = attacks.title;
  facts.browser.installs[0].why_not = everything;
  facts.audio.cards[0].name = attacks.tag;
  facts.audio.headphones_evidence = everything;
  facts.cpu.model = everything;
  facts.input.keyboards[0].name = attacks.frame;
  facts.speech.engines[0].name = attacks.title;
  facts.software.web_browsers = Object.values(attacks);
  facts.memory.total_mib = 512;
  return facts;
}

async function writeEverything(collector) {
  const { ask } = people(collector.origin, collector.token);
  const key = (await ask('POST', '/v1/enrollment-keys', { site: lincoln })).key;
  const names = { host_name: everything.slice(0, 255), serial: attacks.tag, asset_tag: attacks.attribute };
  const device = await enroll(collector.post, key, { ...names, model: attacks.title });
  await device.report(hostileFacts());
  made.device = device.id;
  const scoped = { scope: 'site', code: lincoln };
  const person = { login: 'mallory', name: everything.slice(0, 120) };
  const grants = [{ role: 'viewer', ...scoped }];
  made.person = (await ask('POST', '/v1/people', { ...person, grants })).id;
  await ask('POST', '/v1/tokens', { name: attacks.title, role: 'viewer', days: 1, ...scoped });
  await collector.waive(lincoln, {
    requirement: 'memory.size',
    reason: everything,
    who: attacks.title,
  });
  await collector.waive(lincoln, { reason: everything, who: attacks.title, as: 'proposal' });
  const proposal = { requirement: 'browser.present', reason: 'x', who: 'x', as: 'proposal' };
  const { id } = await collector.waive(lincoln, proposal);
  const decline = { decision: 'decline', reason: everything };
  await ask('POST', `/v1/waivers/${id}/decision`, decline);
  await writePlacements(ask);
  await writeContacts(collector, ask);
  await collector.judged(lincoln);
}

/** A move into a hostile room, a retirement with a hostile note, and a plan with another. */
async function writePlacements(ask) {
  const path = `/v1/devices/${made.device}`;
  const place = async (body) => {
    const { place_version: version } = await ask('GET', path);
    await ask('POST', `${path}/placements`, body, undefined, { 'If-Match': `"${version}"` });
  };
  const retire = { kind: 'retire', reason: 'other', note: everything.slice(0, 500) };
  await place({ kind: 'move', room: everything.slice(0, 128) });
  await place(retire);
  await place({ kind: 'restore' });
  const on = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
  await place({ ...retire, on });
}

/** The contacts of a school and of its LEA: what an address or a telephone number may have. */
async function writeContacts(collector, ask) {
  const person = {
    name: everything.slice(0, 100),
    email: "'onfocus=alert`1`autofocus='?subject=x&cc=y@x.example",
    phone: '+1 (510) 555-0100 ext. 7',
  };
  const site = await ask('GET', `/v1/sites/${lincoln}`);
  await ask(
    'PATCH',
    `/v1/sites/${lincoln}`,
    { contacts: { coordinator: person, technology: { ...person, name: attacks.title } } },
    undefined,
    { 'If-Match': `"${site.version}"` },
  );
  const lea = await ask('GET', `/v1/leas/${site.lea.code}`);
  await ask('PATCH', `/v1/leas/${site.lea.code}`, { coordinator: person }, undefined, {
    'If-Match': `"${lea.version}"`,
  });
  const row = {
    lea_code: site.lea.code,
    lea_name: attacks.handler,
    lea_coordinator_name: person.name,
    lea_coordinator_email: person.email,
    lea_coordinator_phone: person.phone,
    site_code: hostile,
    site_name: attacks.title,
  };
  const line = (cells) => cells.map((it) => `"${it.replaceAll('"', '""')}"`).join(',');
  const send = async (path, body) => {
    const answer = await fetch(collector.origin + path, {
      method: 'POST',
      headers: { Authorization: `Bearer ${collector.token}`, 'Content-Type': 'text/csv' },
      ...(body && { body }),
    });
    const json = await answer.json();
    assert.ok(answer.ok, JSON.stringify(json));
    return json;
  };
  const file = `${line(Object.keys(row))}\n${line(Object.values(row))}\n`;
  const looked = await send('/v1/sites/imports', file);
  await send(`/v1/sites/imports/${looked.id}/commit`, file);
}

const s = suite(undefined, writeEverything);

/** Every page of collector/web/route.ts; what it has more fails the first test. */
const pages = {
  overview: () => ['/'],
  site: () => [`/sites/${lincoln}`, `/sites/${hostile}`],
  lea: () => ['/leas/1964733'],
  devices: () => [
    `/sites/${lincoln}/devices?expected=false`,
    `/sites/${lincoln}/devices?room=${encodeURIComponent(everything)}`,
  ],
  device: () => [`/devices/${made.device}`],
  inventories: () => ['/inventory', `/inventory?lea=${encodeURIComponent(everything)}`],
  inventory: () => [
    `/sites/${lincoln}/inventory`,
    `/sites/${hostile}/inventory?kind=${encodeURIComponent(everything)}`,
  ],
  imports: () => ['/imports', `/imports?what=${encodeURIComponent(everything)}`],
  profiles: () => ['/profiles'],
  profile: () => [`/profiles/example?site=${lincoln}`, '/profiles/hostile'],
  waivers: () => [
    '/waivers',
    '/waivers?state=all',
    '/waivers?state=declined',
    `/waivers?requirement=${encodeURIComponent(everything)}`,
  ],
  setup: () => ['/setup'],
  invitation: () => [`/invitation#${encodeURIComponent(everything)}`],
  account: () => ['/account'],
  people: () => ['/people', `/people?code=${encodeURIComponent(everything)}`],
  person: () => [`/people/${made.person}`],
  person_add: () => ['/people/add'],
  people_review: () => ['/people/review'],
  people_import: () => ['/people/import'],
  keys: () => ['/keys', `/keys?site=${lincoln}`],
  tokens: () => ['/tokens'],
  audit: () => ['/audit', `/audit?object=${encodeURIComponent(everything)}`],
  not_found: () => [`/${encodeURIComponent(attacks.attribute)}`, '/%22%3E%3Cscript%3Ealert(1)'],
};

test('every_page_that_the_pages_have_is_looked_at', () => {
  const source = readFileSync(new URL('../../collector/web/route.ts', import.meta.url), 'utf8');
  const known = [...source.matchAll(/\{ page: '(\w+)'/g)].map((match) => match[1]);
  assert.deepEqual([...new Set(known)].sort(), Object.keys(pages).sort());
});

for (const [name, paths] of Object.entries(pages)) {
  test(`no_script_that_somebody_wrote_runs_on_the_page_${name}`, () =>
    s.withPage(
      {},
      async (page, { open, shown }) => {
        const dialogs = [];
        page.on('dialog', (dialog) => {
          dialogs.push(dialog.message());
          dialog.dismiss();
        });
        for (const path of paths()) {
          await open(path);
          await shown();
          await page.waitForLoadState('networkidle');
          const found = await page.evaluate(() => ({
            scripts: [...document.scripts].filter((it) => !it.src).length,
            frames: document.querySelectorAll('iframe, object, embed, svg[onload]').length,
            handlers: [...document.querySelectorAll('*')].filter((it) =>
              [...it.attributes].some((attribute) => attribute.name.startsWith('on')),
            ).length,
            links: [...document.querySelectorAll('[href], [src], [action]')].filter((it) =>
              /^\s*(javascript|data|vbscript):/i.test(it.getAttribute('href') ?? ''),
            ).length,
            images: document.querySelectorAll('img[src="x"]').length,
          }));
          assert.deepEqual(found, { scripts: 0, frames: 0, handlers: 0, links: 0, images: 0 }, path);
          assert.deepEqual(dialogs, [], path);
        }
      },
      // What is asked for with such words is refused, which the browser tells on its console.
      /Failed to load resource.*40[0-9]/,
    ));
}

test('what_was_written_is_shown_as_it_was_written', () =>
  s.withPage({}, async (page, { open, shown }) => {
    await open(`/devices/${made.device}`);
    await shown();
    const text = await page.locator('main').innerText();
    for (const attack of ['<script>alert(1)</script>', '<svg/onload=alert(1)>'])
      assert.ok(text.includes(attack), attack);
    assert.ok((await page.locator('#place').innerText()).includes(attacks.frame));
    await open('/waivers');
    await page.getByText('<script>alert(1)</script>').first().waitFor();
    await open('/waivers?state=declined');
    await page.locator('.waiver-act', { hasText: attacks.tag }).waitFor();
    await open(`/sites/${hostile}`);
    await page.locator('[data-contacts]', { hasText: attacks.tag }).waitFor();
    await open(`/sites/${lincoln}`);
    await page.locator('[data-contacts]', { hasText: attacks.title }).waitFor();
    const mail = await page.locator('[data-contacts] a').first().getAttribute('href');
    assert.match(mail, /^mailto:[^?&"<> ]+@x\.example$/);
  }));

const elsewhere = {
  two_slashes: '//evil.example',
  a_backslash: '/\\evil.example',
  escaped_ones: '/%5c%5cevil.example',
  a_dot: '/.//evil.example',
};
for (const [how, target] of Object.entries(elsewhere)) {
  test(`an_address_with_${how}_leads_nowhere_else`, () =>
    s.withPage(
      { isSignedIn: false },
      async (page) => {
        for (const path of [target, `/?next=${target}`, `/sign-in?return=${target}`, `/#${target}`]) {
          const answer = await fetch(`${s.collector.origin}${path}`, { redirect: 'manual' });
          assert.ok(answer.status < 300 || answer.status >= 400, `${path}: ${answer.status}`);
          assert.equal(answer.headers.get('location'), null);
        }
        await page.goto(`${s.collector.origin}/?next=${target}&return=${target}#${target}`);
        await page.waitForLoadState('networkidle');
        assert.equal(new URL(page.url()).origin, s.collector.origin);
      },
      /Failed to load resource.*40[0-9]/,
    ));
}
