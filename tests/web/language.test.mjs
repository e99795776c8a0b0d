// SPDX-License-Identifier: Apache-2.0
// The pages in Spanish: nothing is left in English but what the state wrote, they can be used as
// the English ones, and the language is the one that somebody chose.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { npm, root } from '../../collector/web/npm.mjs';
import { webDir } from './collector.mjs';
import { faultsOfEveryPage, fillEveryPage, inScheme, inWindow, onPaper } from './every_page.mjs';
import { lincoln } from './fleet.mjs';
import { suite, textOf } from './suite.mjs';

const s = suite({}, fillEveryPage);

// --- the words themselves ---------------------------------------------------

/** The words as the pages have them, of a browser that prefers English. */
async function loadWords() {
  const entry = `
    export { en } from './strings';
    export { es } from './strings_es';
    export { findingTexts } from './strings_es_findings';
    export { profileTexts } from './strings_es_profiles';`;
  const built = await npm('esbuild').build({
    stdin: { contents: entry, resolveDir: join(root, 'collector/web'), loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    tsconfigRaw: {},
    banner: {
      js: 'const localStorage = { getItem: () => null }; const navigator = { languages: [] };',
    },
  });
  const code = Buffer.from(built.outputFiles[0].contents).toString('base64');
  return import(`data:text/javascript;base64,${code}`);
}
const { en, es, findingTexts, profileTexts } = await loadWords();

/** Every text with its way there: "site.columns.room". */
function textsOf(words, way = []) {
  return Object.entries(words).flatMap(([key, value]) =>
    value !== null && typeof value === 'object'
      ? textsOf(value, [...way, key])
      : [[[...way, key].join('.'), value]],
  );
}

const isOurs = ([way]) => way !== 'locale' && !/^told(\.|$)/.test(way);
const english = new Map(textsOf(en).filter(isOurs));
const spanish = new Map(textsOf(es).filter(isOurs));

/** What stands for a parameter: it has no upper case, and counts as many. */
const mark = (i) => `⟦${i}⟧`;
const marked = (text) => text(...Array.from({ length: 6 }, (_, i) => mark(i)));
const marksOf = (text) => [...new Set(marked(text).match(/⟦\d⟧/g) ?? [])].sort();

test('spanish_has_each_text_and_none_besides', () =>
  assert.deepEqual([...spanish.keys()].sort(), [...english.keys()].sort()));

test('both_languages_say_the_same_parameters', () => {
  for (const [way, text] of english) {
    assert.equal(typeof spanish.get(way), typeof text, way);
    if (typeof text === 'function')
      assert.deepEqual(marksOf(spanish.get(way)), marksOf(text), way);
  }
});

test('one_none_and_a_million_have_their_own_form', () => {
  assert.equal(es.site.devices(0), '0 dispositivos');
  assert.equal(es.site.devices(1), '1 dispositivo');
  assert.equal(es.site.devices(1234), '1,234 dispositivos');
  assert.equal(es.site.devices(1_000_000), '1,000,000 de dispositivos');
  assert.equal(en.site.devices(1_000_000), '1,000,000 devices');
  assert.equal(es.site.state_of(1, 'No listo'), '1 no listo');
  assert.equal(es.site.state_of(2, 'Listo con advertencias'), '2 listos con advertencias');
  assert.equal(es.site.state_of(2, 'En conflicto'), '2 en conflicto');
});

/** The same in both: names, commands, and words that are. */
const sameInBoth = new Set([
  'app',
  'empty_value',
  'no',
  'site.comma',
  'empty.schools_command',
  'profiles.empty_command',
  'sign_in.label',
  'person.roles',
]);

test('what_is_the_same_in_both_languages_is_known', () => {
  const same = [...english].filter(
    ([way, text]) => typeof text === 'string' && spanish.get(way) === text,
  );
  assert.deepEqual(same.map(([way]) => way).sort(), [...sameInBoth].sort());
});

test('each_title_and_fix_of_the_shipped_profiles_has_its_spanish', () => {
  const folder = join(root, 'packaging/profiles');
  const wanted = new Set();
  for (const name of readdirSync(folder).filter((it) => it.endsWith('.json')))
    for (const { title, fix } of JSON.parse(readFileSync(join(folder, name), 'utf8')).requirements)
      for (const text of [title, fix.text]) wanted.add(text.replace(/\.$/, ''));
  assert.deepEqual(Object.keys(profileTexts).sort(), [...wanted].sort());
});

test('a_text_that_a_state_changed_stays_as_the_state_wrote_it', () => {
  assert.equal(es.told.text('Connect a keyboard.'), 'Conecte un teclado.');
  const changed = es.told.text('Connect a wired keyboard.');
  assert.match(changed, /^\uE000Connect a wired keyboard\.\uE001$/);
  assert.equal(es.told.text('constructor'), '\uE000constructor\uE001');
});

test('a_refusal_of_a_type_that_is_not_known_is_told_as_it_came', () => {
  assert.equal(es.told.problem('new-type', 'Why.'), '\uE000Why.\uE001');
  assert.match(es.told.problem('invalid-body', 'Why.'), /^Lo que .* \uE000Why\.\uE001$/);
  assert.match(es.told.problem('sign-in-refused', 'Why.'), /^[^\uE000]+$/);
});

// --- the pages --------------------------------------------------------------

const inSpanish = { locale: 'es-MX' };

/** Looks like a whole English text, whatever its parameters. */
const englishTexts = [...english]
  .filter(([way]) => !sameInBoth.has(way))
  .map(([way, text]) => {
    const shape = typeof text === 'function' ? marked(text) : text;
    if (shape.replace(/⟦\d⟧|[^\p{L}]/gu, '').length < 3) return null;
    const pattern = shape
      .trim()
      .split(/⟦\d⟧/)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.+?');
    return [way, new RegExp(`^${pattern}$`, 'u')];
  })
  .filter(Boolean);
const spanishTexts = new Set([...spanish.values()].filter((text) => typeof text === 'string'));

/** What a person reads or hears of the page, but what is marked as English or was typed in. */
const shownTexts = (page) =>
  page.evaluate(() => {
    const isOther = (element) => element.closest('[lang|="en"]:not(html), code, script, style');
    const found = new Set([document.title]);
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { parentElement, textContent } = walker.currentNode;
      if (!isOther(parentElement)) found.add(textContent);
    }
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]'))
      for (const name of ['aria-label', 'title', 'placeholder'])
        if (!isOther(element)) found.add(element.getAttribute(name) ?? '');
    return [...found].map((text) => text.replace(/\s+/g, ' ').trim()).filter(Boolean);
  });

function leftInEnglish(texts) {
  return texts
    .filter((text) => !spanishTexts.has(text))
    .flatMap((text) => {
      const found = englishTexts.find(([, pattern]) => pattern.test(text));
      return found ? [`${found[0]}: ${text}`] : [];
    });
}

/** Words that stand in nearly each English sentence; what the state and people wrote has them too. */
const englishWords = /\b(the|is|are|was|not|with|and|of|from|has|have)\b/i;
const theirs = /Headsets are on order|Example programme|An example for the demo|no state's rule/;

async function inEnglish(page) {
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'es-US');
  const texts = await shownTexts(page);
  const sentences = texts.filter((text) => englishWords.test(text) && !theirs.test(text));
  return [...leftInEnglish(texts), ...sentences];
}

const faultsOf = faultsOfEveryPage(s, inSpanish, {
  english: inEnglish,
  light: inScheme('light'),
  narrow: inWindow(320, 640),
  paper: onPaper,
});
const findsNothing = (look) => async () => assert.deepEqual(await faultsOf(look), []);

test('no_page_in_spanish_has_english_left', findsNothing('english'));
test('axe_core_finds_nothing_on_any_page_in_spanish', findsNothing('light'));
test('no_page_in_spanish_scrolls_sideways_at_320_px', findsNothing('narrow'));
test('paper_in_spanish_has_the_whole_tables_and_no_buttons', findsNothing('paper'));

test('what_the_state_wrote_is_marked_as_english', () =>
  s.withPage(inSpanish, async (page, { open, shown }) => {
    await open(`/devices/${s.collector.devices['lincoln-2'].id}`);
    await shown();
    const row = page.locator('tr[data-requirement="browser.present"]');
    const needed = row.locator('td').nth(2).locator('[lang="en"]');
    assert.match(await needed.innerText(), /secure browser/);
    assert.match(await textOf(row.locator('th')), /^Hay un navegador seguro instalado/);
  }));

test('what_is_to_be_done_about_an_inventory_is_in_spanish', async () => {
  // All that the collector can say of it, as the compiler joins it.
  const source = readFileSync(join(root, 'collector/view/inventory_findings.c'), 'utf8');
  const said = source.replace(/"[\s\\]*\n\s*"/g, '').match(/"[^"\n]+\."/g);
  assert.ok(said.length > 5);
  assert.deepEqual(
    said.map((text) => text.slice(1, -2)).sort(),
    Object.keys(findingTexts).sort(),
  );
  await s.withPage(inSpanish, async (page, { open }) => {
    await open(`/sites/${lincoln}/inventory`);
    await page.locator('.findings-table').waitFor();
    assert.equal(await page.locator('.findings-table [lang="en"]').count(), 0);
  });
});

test('what_is_said_of_a_move_that_cannot_be_is_in_spanish', () => {
  for (const file of ['act/act_place.c', 'act/placing.c', 'domain/placement.c']) {
    // As the compiler joins it, and as printf() fills it.
    const source = readFileSync(join(root, 'collector', file), 'utf8')
      .replaceAll('"%" PRId64 "', '%d')
      .replace(/"[\s\\]*\n\s*"/g, '');
    const said = source.match(/"[A-Z][a-z][^"\n]+\."/g) ?? [];
    assert.ok(said.length > 3, file);
    for (const text of said) {
      const sentence = text.slice(1, -1).replace(/%[.\d]*s/g, 'x').replaceAll('%d', '7');
      assert.doesNotMatch(es.told.problem('conflict', sentence), /En inglés/, sentence);
    }
  }
});

test('each_reason_why_nobody_is_signed_in_by_the_provider_has_its_words', () => {
  const source = readFileSync(join(root, 'collector/api/oidc.c'), 'utf8');
  const told = [...source.matchAll(/\{ \d{3}, "(\w+)",\s*((?:"[^"\n]*"\s*)+)/g)];
  const texts = told.map(([, word, text]) => [word, text.match(/"[^"]*"/g).map((it) => it.slice(1, -1)).join('')]);
  assert.deepEqual(Object.fromEntries(texts), en.sign_on_failed.why);
});

test('each_member_and_word_of_the_audit_log_has_its_name', async () => {
  const { collector } = s;
  const { id } = collector.devices['lincoln-3'];
  const place = async (body) => {
    const { place_version: version } = await collector.get(`/v1/devices/${id}`);
    const match = { 'If-Match': `"${version}"` };
    await collector.ask('POST', `/v1/devices/${id}/placements`, body, collector.token, match);
  };
  await place({ kind: 'move', room: 'Gym' });
  await place({ kind: 'retire', reason: 'other', note: 'Fell' });
  await place({ kind: 'restore' });
  const { entries } = await collector.get('/v1/audit?limit=500');
  const names = new Set();
  const look = (value) => {
    if (Array.isArray(value)) return value.forEach(look);
    if (value === null || typeof value !== 'object') return;
    for (const [name, it] of Object.entries(value)) {
      names.add(name);
      look(it);
    }
  };
  for (const { before, after } of entries) look([before, after]);
  assert.ok(names.size > 20);
  const columns = readFileSync(join(root, 'collector/domain/site_text.c'), 'utf8');
  for (const [, name] of columns.matchAll(/^\t\[SITE_.*\] = "(\w+)"/gm)) names.add(name);
  const unnamed = [...names].filter((name) => !Object.hasOwn(es.audit_names.members, name));
  // What a file of schools changed is told by their codes.
  assert.deepEqual(unnamed.filter((name) => !/^\d{14}$/.test(name)), []);
  await s.withPage(inSpanish, async (page, { open, shown }) => {
    await open('/audit?act=device_retired');
    await shown();
    const change = await textOf(page.locator('.change').first());
    assert.match(change, /qué .*Dado de baja nota .*Fell .*motivo .*Otra cosa estado .*hecho$/);
    assert.equal(await page.locator('.change [lang="en"]').count(), 0);
  });
});

// --- which language ---------------------------------------------------------

const langOf = (page) => page.evaluate(() => document.documentElement.lang);
const changeTo = async (page, name, lang) => {
  await page.getByRole('button', { name, exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction((it) => document.documentElement.lang === it, lang);
};

test('the_language_is_changed_by_keyboard_and_kept', () =>
  s.withPage({ isSignedIn: false }, async (page, { open, shown }) => {
    await open('/');
    await shown();
    assert.equal(await langOf(page), 'en-US');
    await changeTo(page, 'Español', 'es-US');
    await shown();
    assert.equal(await textOf(page.locator('h1')), 'Iniciar sesión');
    assert.equal(await page.title(), 'Iniciar sesión – Testready');
    await page.reload();
    await shown();
    assert.equal(await langOf(page), 'es-US');
    await page.getByRole('button', { name: 'Iniciar sesión con un token' }).click();
    await page.getByLabel('Token', { exact: true }).fill(s.collector.token);
    await page.keyboard.press('Enter');
    await page.locator('.overview-table').waitFor();
    assert.equal(await textOf(page.locator('h1')), 'Resumen');
    await changeTo(page, 'English', 'en-US');
    await page.locator('.overview-table').waitFor();
    assert.equal(await textOf(page.locator('h1')), 'Overview');
  }));

test('the_button_names_the_other_language_in_that_language', () =>
  s.withPage({}, async (page, { open, shown }) => {
    await open('/');
    await shown();
    assert.equal(await page.getByRole('button', { name: 'Español' }).getAttribute('lang'), 'es');
    await changeTo(page, 'Español', 'es-US');
    await shown();
    assert.equal(await page.getByRole('button', { name: 'English' }).getAttribute('lang'), 'en');
  }));

test('whoever_reads_english_loads_no_spanish', () =>
  s.withPage({}, async (page, { open, shown }) => {
    const asked = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await open('/');
    await shown();
    assert.deepEqual(
      asked.filter((path) => /^\/es-/.test(path)),
      [],
    );
    const app = asked.find((path) => /^\/app-\w+\.js$/.test(path));
    const source = readFileSync(join(webDir, app), 'utf8');
    assert.ok(source.includes(en.window.label));
    assert.ok(!source.includes(es.window.label));
  }));

for (const [locale, lang] of [
  ['es-419', 'es-US'],
  ['es', 'es-US'],
  ['en-GB', 'en-US'],
  ['fr-FR', 'en-US'],
]) {
  test(`a_browser_that_prefers_${locale}_gets_${lang}`, () =>
    s.withPage({ locale }, async (page, { open, shown }) => {
      await open('/');
      await shown();
      assert.equal(await langOf(page), lang);
    }));
}

test('without_the_file_of_spanish_the_page_is_in_english', () =>
  s.withPage(
    inSpanish,
    async (page, { open, shown }) => {
      await page.route('**/es-*.js', (route) => route.abort());
      await open('/');
      await shown();
      assert.equal(await langOf(page), 'en-US');
      assert.equal(await textOf(page.locator('h1')), 'Overview');
    },
    /ERR_FAILED/,
  ));

test('an_invitation_is_still_there_in_the_other_language', () =>
  s.withPage({ isSignedIn: false }, async (page, { open, shown }) => {
    await open(`/invitation#tri_${'A'.repeat(43)}`);
    await shown();
    assert.equal(await page.locator('input').count(), 1);
    await changeTo(page, 'Español', 'es-US');
    await shown();
    assert.equal(await textOf(page.locator('h1')), 'Elija su contraseña');
    assert.equal(await page.locator('input').count(), 1);
    assert.equal(await page.evaluate(() => location.hash), '');
  }));

test('what_was_typed_is_still_there_in_the_other_language', () =>
  s.withPage({}, async (page, { open }) => {
    await open('/waivers');
    await page.locator('#waiver-reason').fill('Headsets are on order.');
    await page.locator('#waiver-scope').selectOption('state');
    await changeTo(page, 'Español', 'es-US');
    await page.locator('#waiver-reason').waitFor();
    assert.equal(await page.locator('#waiver-reason').inputValue(), 'Headsets are on order.');
    assert.equal(await page.locator('#waiver-scope').inputValue(), 'state');
    assert.equal(await page.evaluate(() => sessionStorage.getItem('testready.kept')), null);
    await page.reload();
    await page.locator('#waiver-reason').waitFor();
    assert.equal(await page.locator('#waiver-reason').inputValue(), '');
  }));

test('no_password_is_kept_for_the_other_language', () =>
  s.withPage({ isSignedIn: false }, async (page, { open, shown }) => {
    await open('/setup');
    await shown();
    await page.locator('#setup-name').fill('Ada Kim');
    await page.locator('#setup-password').fill('correct horse battery');
    await page.getByRole('button', { name: /^Show/ }).click();
    await page.evaluate(() => {
      const { setItem } = Storage.prototype;
      Storage.prototype.setItem = function (key, value) {
        setItem.call(localStorage, `seen.${key}`, value);
        setItem.call(this, key, value);
      };
    });
    await changeTo(page, 'Español', 'es-US');
    await shown();
    assert.equal(await page.locator('#setup-name').inputValue(), 'Ada Kim');
    assert.equal(await page.locator('#setup-password').inputValue(), '');
    const kept = await page.evaluate(() => localStorage.getItem('seen.testready.kept'));
    assert.match(kept, /Ada Kim/);
    assert.doesNotMatch(kept, /horse/);
  }));

test('days_and_numbers_are_written_as_in_spanish', () =>
  s.withPage(inSpanish, async (page, { open, shown }) => {
    const { window } = await s.collector.get(`/v1/sites/${lincoln}`);
    await open(`/sites/${lincoln}`);
    await shown();
    const day = new Intl.DateTimeFormat('es-US', { dateStyle: 'long', timeZone: 'UTC' });
    const rule = await textOf(page.locator('[data-rule="window"]'));
    assert.ok(rule.includes(day.format(new Date(`${window.first}T00:00:00Z`))), rule);
  }));

test('the_evidence_says_the_same_numbers_as_the_api', () =>
  s.withPage(inSpanish, async (page, { open, shown }) => {
    const { rules } = await s.collector.get(`/v1/sites/${lincoln}`);
    await open(`/sites/${lincoln}`);
    await shown();
    const numbersOf = (text) => text.match(/\d+(\.\d+)?/g).map(Number);
    for (const id of ['coverage', 'devices', 'browser']) {
      const said = await textOf(page.locator(`[data-rule="${id}"] .rule-evidence`));
      const { evidence } = rules.find((rule) => rule.id === id);
      assert.deepEqual(numbersOf(said), numbersOf(evidence), said);
    }
  }));

test('a_refusal_is_told_in_spanish', () =>
  s.withPage(
    { ...inSpanish, isSignedIn: false },
    async (page, { open, shown }) => {
      await open('/');
      await shown();
      await page.getByLabel('Nombre de usuario', { exact: true }).fill('nobody');
      await page.getByLabel('Contraseña', { exact: true }).fill('not the password');
      await page.keyboard.press('Enter');
      await page.getByText('El nombre de usuario o la contraseña no son correctos.').waitFor();
    },
    /401/,
  ));
