// SPDX-License-Identifier: Apache-2.0
// Loading files, and inventories beside what was seen: mistakes beside their rows, what would
// change, loading once, and numbers that are as many as the rows they lead to.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { accessibilityFaults } from './browser.mjs';
import { hostile, hostileNames, large, lincoln } from './fleet.mjs';
import { signInAs } from './people.mjs';
import { rowsOf, shownNumber, suite, textOf } from './suite.mjs';

const s = suite({}, async (collector) => {
  const at = (role, code) => ({ role, scope: 'site', code });
  await collector.person('ada', 'Ada Kim', { role: 'admin', scope: 'state' });
  await collector.person('sol', 'Sol Ray', at('site_coordinator', lincoln));
  await collector.person('vi', 'Vi Ewer', at('viewer', lincoln));
});
const refusals = /console: Failed to load resource.*(4\d\d|ERR_FAILED)/;

const as = (login, path, body) =>
  s.withPage(
    { isSignedIn: false },
    async (page, opened) => {
      await opened.open(path);
      await signInAs(page, login);
      await page.locator('.who').waitFor();
      await body(page, opened);
    },
    refusals,
  );

const header = 'site_code,asset_tag,serial,host_name,role,room';
const csv = (lines, name = 'devices.csv') => ({
  name,
  mimeType: 'text/csv',
  buffer: Buffer.from([header, ...lines, ''].join('\r\n')),
});
const check = async (page, file) => {
  await page.getByLabel('CSV file').setInputFiles(file);
  await page.getByRole('button', { name: 'Check the file' }).press('Enter');
};
const notice = (page) => page.locator('[data-import]');
const load = (page) => page.getByRole('button', { name: 'Load this inventory' });
const imported = '/imports?what=inventory';

test('from_mistakes_to_a_loaded_inventory_by_keyboard_alone', () =>
  as('sol', '/', async (page) => {
    await page.getByRole('link', { name: 'Import files' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Devices of an inventory' }).waitFor();
    const input = page.getByLabel('CSV file');
    await input.focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('Choose the file.').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'import-file');

    const good = `${lincoln},L-101,SN-L1,lincoln-1,student,104`;
    const wrong = [good, `nowhere,L-102,,x,student,`, `${lincoln},,SN-L3,,boss,1`];
    await input.setInputFiles(csv(wrong));
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await notice(page).getByText('2 things are wrong').waitFor();
    assert.equal(await textOf(page.locator(':focus')), 'What is wrong with devices.csv');
    const rows = page.locator('.wrong-row');
    assert.deepEqual(
      await rows.evaluateAll((all) => all.map((row) => row.dataset.wrong)),
      ['3', '4'],
    );
    assert.equal(await textOf(rows.nth(0).locator('mark')), 'wrong: nowhere');
    assert.equal(await textOf(rows.nth(1).locator('mark')), 'wrong: boss');
    assert.match(await textOf(page.locator('.wrong-why').nth(1)), /'boss' is not one of student/);
    assert.match(await textOf(rows.nth(1)), /^4 19647330000001 SN-L3 wrong: boss 1$/);
    assert.equal(await load(page).count(), 0);

    const mended = [good.replace(',104', ',105'), `${lincoln},L-900,SN-L9x,lincoln-new,,107`];
    await input.focus();
    await input.setInputFiles(csv(mended, 'mended.csv'));
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const wouldBe = '1 new, 1 changed, ';
    await notice(page).getByText(wouldBe).waitFor();
    assert.equal(await textOf(page.locator(':focus')), 'What mended.csv would do');
    const site = page.locator(`[data-site="${lincoln}"]`);
    assert.match(await textOf(site.locator('[data-change="changed"]')), /Room 104 → 105$/);
    await site.getByText('Removed: it is not in the file').first().waitFor();
    const before = await s.collector.get(`/v1/sites/${lincoln}/devices?limit=100`);
    assert.ok(!before.devices.some(({ names }) => names.host_name === 'lincoln-new'));

    await load(page).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'The inventory is loaded' }).waitFor();
    assert.equal(await load(page).count(), 0);
    const after = await s.collector.get(`/v1/sites/${lincoln}/devices?limit=100`);
    assert.ok(after.devices.some(({ names }) => names.host_name === 'lincoln-new'));

    await site.getByRole('link', { name: 'See the inventory of Lincoln High' }).press('Enter');
    await page.getByRole('heading', { name: 'Inventory of Lincoln High' }).waitFor();
    await page.goBack();
    await page.getByRole('button', { name: 'Import another file' }).press('Enter');
    await notice(page).waitFor({ state: 'detached' });
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'import-file');
    assert.equal(await input.inputValue(), '');
  }));

test('two_clicks_and_a_lost_answer_load_once', () =>
  as('ada', imported, async (page) => {
    const line = `${hostile},H-1,SN-H1,h-one,student,1`;
    await check(page, csv([line]));
    await notice(page).getByText('1 new').waitFor();
    let isLost = true;
    const keys = [];
    await page.route('**/commit', async (route) => {
      keys.push(route.request().headers()['idempotency-key']);
      const answer = await route.fetch();
      if (!isLost) return route.fulfill({ response: answer });
      isLost = false;
      return route.abort();
    });
    await load(page).dblclick();
    await page.locator('[data-problem]').getByText('The answer did not come').waitFor();
    assert.equal(keys.length, 1);
    await load(page).click();
    await page.getByRole('heading', { name: 'The inventory is loaded' }).waitFor();
    assert.equal(keys.length, 2);
    assert.equal(keys[0], keys[1]);
    assert.match(keys[0], /^[0-9a-f]{32}$/);
    const { entries } = await s.collector.get('/v1/audit?act=inventory_imported&limit=100');
    assert.equal(entries.filter(({ site }) => site === hostile).length, 1);
  }));

test('what_changed_since_the_check_is_told_and_looked_at_again', () =>
  as('ada', imported, async (page) => {
    const rows = [1, 2].map((i) => `${hostile},H-${i},SN-H${i},h-${i},student,1`);
    await check(page, csv(rows));
    await load(page).waitFor();
    const other = csv([rows[0].replace(/1$/, '2')]).buffer;
    const ask = (path) =>
      fetch(s.collector.origin + path, {
        method: 'POST',
        headers: { Authorization: `Bearer ${s.collector.token}`, 'Content-Type': 'text/csv' },
        body: other,
      }).then((answer) => answer.json());
    const { id } = await ask('/v1/inventory/imports');
    assert.ok((await ask(`/v1/inventory/imports/${id}/commit`)).is_loaded);
    await load(page).click();
    const changed = page.locator('[data-changed]');
    await changed.waitFor();
    assert.match(await textOf(changed), /nothing was loaded\. Before it was: .*Now it is: /);
    assert.ok((await page.getByText('new since you looked').count()) > 0);
    await load(page).click();
    await page.getByRole('heading', { name: 'The inventory is loaded' }).waitFor();
  }));

test('a_file_that_is_too_large_or_empty_is_refused_before_it_is_sent', () =>
  as('ada', imported, async (page) => {
    const sent = [];
    page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()));
    await check(page, { ...csv([]), buffer: Buffer.alloc(4 * 1024 * 1024 + 1, 'x') });
    await page.getByRole('alert').getByText('Split it by school').waitFor();
    await check(page, { ...csv([]), buffer: Buffer.alloc(0) });
    await page.getByRole('alert').getByText('devices.csv is empty').waitFor();
    assert.deepEqual(sent.filter((url) => url.includes('imports')), []);
  }));

test('a_file_that_is_dropped_is_checked', () =>
  as('ada', imported, async (page) => {
    await page.getByLabel('CSV file').waitFor();
    const text = `${header}\n${lincoln},,,,,\n`;
    const data = await page.evaluateHandle((content) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([content], 'dropped.csv', { type: 'text/csv' }));
      return transfer;
    }, text);
    await page.locator('form.drop').dispatchEvent('drop', { dataTransfer: data });
    await page.getByRole('heading', { name: 'What is wrong with dropped.csv' }).waitFor();
    assert.equal(await page.locator('.wrong-row mark').count(), 0);
    assert.match(await textOf(page.locator('.wrong-why')), /one of asset_tag, serial and host_name/);
  }));

test('script_in_every_cell_is_text_when_it_is_wrong_when_it_is_shown_and_when_it_is_stored', () =>
  as('ada', imported, async (page) => {
    const evil = hostileNames.markup.replaceAll('"', '""');
    const row = (site, room) => `${site},"${evil}","S ${evil}","${evil}",student,"${room}"`;
    await check(page, csv([row(evil, 1), `${lincoln},a,b,c,"${evil}",1`], `${hostileNames.markup}.csv`));
    await page.locator('.wrong-row').first().waitFor();
    const main = () => page.locator('main').innerText();
    assert.ok((await main()).includes(hostileNames.markup));
    assert.equal(await page.locator('img').count(), 0);
    await check(page, csv([row(hostile, evil)]));
    await load(page).click();
    await page.getByRole('heading', { name: 'The inventory is loaded' }).waitFor();
    assert.ok((await main()).includes(hostileNames.markup));
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.getByRole('link', { name: /^See the inventory of/ }).click();
    await page.locator('.findings-table').waitFor();
    assert.ok((await main()).includes(hostileNames.markup));
    assert.equal(await page.locator('img').count(), 0);
  }));

test('a_check_goes_on_while_another_page_is_looked_at', () =>
  as('ada', imported, async (page) => {
    let goOn;
    const held = new Promise((wake) => (goOn = wake));
    await page.route('**/v1/inventory/imports', async (route) => {
      await held;
      await route.continue();
    });
    await check(page, csv([`${large},R-1001,SN-R1,roosevelt-001,student,1`]));
    await page.locator('[data-progress]').getByText('Checking devices.csv').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.getByRole('link', { name: 'Overview', exact: true }).click();
    await page.locator('.overview-table').waitFor();
    goOn();
    await page.getByRole('link', { name: 'Import files' }).click();
    await page.getByRole('heading', { name: 'What devices.csv would do' }).waitFor();
    await page.getByText(/And \d+ changes? more at this school|129 removed/).first().waitFor();
  }));

test('a_check_that_is_stopped_stores_nothing_and_says_so', () =>
  as('ada', imported, async (page) => {
    await page.route('**/v1/inventory/imports', () => undefined);
    await check(page, csv([`${large},R-1001,SN-R1,roosevelt-001,student,1`]));
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('alert').getByText('Stopped. Nothing was stored.').waitFor();
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  }));

test('districts_and_schools_are_previewed_then_loaded', () =>
  as('ada', '/imports?what=sites', async (page) => {
    const lines = [
      'lea_code,lea_name,site_code,site_name,zone',
      `1964733,Example Unified,${lincoln},Lincoln Senior High,America/Los_Angeles`,
      '1964733,Example Unified,19647330000009,Ninth School,America/Los_Angeles',
    ];
    const file = (text) => ({ ...csv([]), buffer: Buffer.from(text.join('\n')) });
    await check(page, file([lines[0], lines[1].replace('Los_Angeles', 'Nowhere')]));
    await page.locator('.wrong-row mark').getByText('America/Nowhere').waitFor();
    await check(page, file(lines));
    await notice(page).getByText('1 new, 1 changed').waitFor();
    const changed = page.locator('[data-change="changed"]');
    assert.match(await textOf(changed), /Name of the school Lincoln High → Lincoln Senior High$/);
    assert.equal((await s.collector.get(`/v1/sites/${lincoln}`)).name, 'Lincoln High');
    await page.getByRole('button', { name: 'Load these schools' }).press('Enter');
    await page.getByRole('heading', { name: 'The schools are loaded' }).waitFor();
    await page.getByRole('link', { name: 'Ninth School' }).click();
    await page.getByRole('heading', { name: 'Ninth School' }).waitFor();
    // As it was, for the tests behind this one.
    await page.getByRole('link', { name: 'Import files' }).click();
    await check(page, file([lines[0], lines[1].replace('Senior ', '')]));
    await page.getByRole('button', { name: 'Load these schools' }).press('Enter');
    await page.getByRole('heading', { name: 'The schools are loaded' }).waitFor();
  }));

test('every_column_of_schools_is_legible_and_a_mistake_in_any_is_marked', () =>
  as('ada', '/imports?what=sites', async (page) => {
    const answer = await fetch(`${s.collector.origin}/v1/sites/template.csv`, {
      headers: { Authorization: `Bearer ${s.collector.token}` },
    });
    const text = await answer.text();
    const file = (it) => ({ ...csv([]), buffer: Buffer.from(it) });
    await check(page, file(text));
    await notice(page).getByText('2 new').waitFor();
    const widths = await page
      .locator('.change dd')
      .evaluateAll((all) => all.map((it) => it.getBoundingClientRect().width));
    assert.ok(Math.min(...widths) > 100, widths.join());

    // Far to the right, where no column is shown as long as nothing is wrong there.
    await check(page, file(text.replace('2027-04-12', '2027-13-12')));
    await page.locator('.wrong-row mark').getByText('2027-13-12').waitFor();
    await page.locator('.problems-table thead').getByText('first', { exact: true }).waitFor();
    await page.locator('.problems-table thead').getByText('and 8 more').waitFor();
  }));

test('rooms_of_a_school_are_previewed_then_loaded', () =>
  as('sol', '/imports?what=rooms', async (page) => {
    const file = (...lines) => ({
      ...csv([]),
      buffer: Buffer.from(['site_code,room,seats', ...lines].join('\n')),
    });
    await check(page, file(`${large},104,30`, `${lincoln},104,many`));
    await page.locator('.wrong-row mark').getByText('many').waitFor();
    await check(page, file(`${lincoln},104,30`, `${lincoln},106,`));
    await notice(page).getByText('2 new; 0 unchanged').waitFor();
    await page.getByRole('button', { name: 'Load these rooms' }).press('Enter');
    await page.getByRole('heading', { name: 'The rooms are loaded' }).waitFor();
    await check(page, file(`${lincoln},104,28`));
    await notice(page).getByText('1 changed, 1 removed').waitFor();
    const changed = page.locator('[data-change="changed"]');
    assert.match(await textOf(changed), /^104 Changed Seats 30 → 28$/);
  }));

test('only_what_one_may_import_is_offered', async () => {
  await as('sol', '/imports', async (page) => {
    const kinds = page.locator('nav.whiches a');
    await kinds.first().waitFor();
    assert.deepEqual(await kinds.allInnerTexts(), ['Devices of an inventory', 'Rooms of schools']);
    await page.goto(`${s.collector.origin}/imports?what=people`);
    await page.getByText('Your roles do not let you import roles of people').waitFor();
  });
  await as('vi', '/imports', async (page) => {
    await page.getByText('Your roles do not let you import anything').waitFor();
    assert.equal(await page.getByRole('link', { name: 'Import files' }).count(), 0);
    assert.equal(await page.getByLabel('CSV file').count(), 0);
  });
});

test('the_template_comes_and_its_columns_are_explained', () =>
  as('sol', '/imports', async (page) => {
    const began = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Get the template' }).click();
    const file = await began;
    assert.equal(file.suggestedFilename(), 'inventory.csv');
    const names = readFileSync(await file.path(), 'utf8').trim();
    await page.locator('summary', { hasText: 'What each column means' }).click();
    const shown = await page.locator('.columns-meant th code').allInnerTexts();
    assert.equal(shown.join(','), names);
    assert.deepEqual(await accessibilityFaults(page), []);
  }));

test('each_number_of_an_inventory_is_as_many_as_the_rows_that_it_leads_to', () =>
  s.withPage({}, async (page, { open }) => {
    for (const code of [lincoln, large]) {
      const api = await s.collector.get(`/v1/sites/${code}/inventory`);
      await open(`/sites/${code}/inventory`);
      await page.locator('.totals').waitFor();
      for (const [kind, n] of Object.entries(api.totals)) {
        const link = page.locator(`[data-total="${kind}"]`);
        assert.equal(Number(await shownNumber(link.locator('.total-number'))), n, kind);
        await link.click();
        await page.locator(`[data-total="${kind}"][aria-current]`).waitFor();
        const rows = page.locator(`[data-finding="${kind}"]`);
        for (let shown = 100; shown - 100 < n; shown += 100) {
          if (shown > 100) await page.getByRole('button', { name: 'Show more' }).click();
          await rows.nth(Math.min(shown, n) - 1).waitFor();
        }
        assert.equal(await rows.count(), n, `${code} ${kind}`);
        assert.equal(await page.locator('[data-finding]').count(), n);
        assert.equal(Number(await page.locator('[data-rows]').getAttribute('data-rows')), n);
      }
    }
  }));

test('each_number_of_all_inventories_is_that_of_the_school_that_it_leads_to', () =>
  s.withPage({}, async (page, { open }) => {
    await open('/inventory');
    await page.locator('.inventories-table').waitFor();
    const links = await page
      .locator('.inventories-table td a[href*="kind="]')
      .evaluateAll((all) =>
        all.map((it) => ({ href: it.getAttribute('href'), n: Number(it.firstChild.textContent) })),
      );
    const { sites } = await s.collector.get('/v1/inventory');
    assert.equal(links.length, 6 * sites.length);
    for (const { href, n } of links.filter((link) => link.n > 0)) {
      await open(href);
      const shown = page.locator('.total[aria-current] .total-number');
      await shown.waitFor();
      assert.equal(Number(await shownNumber(shown)), n, href);
    }
    await open('/inventory?kind=never_seen');
    await page.getByRole('link', { name: 'Show all schools' }).waitFor();
    const sum = Number(await shownNumber(page.locator('[data-total="never_seen"] .total-number')));
    const cells = await rowsOf(page, '.inventories-table')
      .locator('a[href*="never_seen"]')
      .evaluateAll((all) => all.map((it) => Number(it.firstChild.textContent)));
    assert.equal(cells.reduce((a, b) => a + b, 0), sum);
    assert.ok(cells.every((n) => n > 0));
  }));

test('the_rows_come_as_a_file_and_other_days_are_an_address', () =>
  s.withPage({}, async (page, { open }) => {
    await open(`/sites/${lincoln}/inventory?kind=never_seen`);
    const began = page.waitForEvent('download');
    await page.getByRole('link', { name: 'These rows as a CSV file' }).click();
    const file = await began;
    assert.equal(file.suggestedFilename(), `inventory-${lincoln}.csv`);
    const lines = readFileSync(await file.path(), 'utf8').trim().split('\r\n');
    assert.equal(lines.length - 1, await page.locator('[data-finding]').count());
    await page.getByLabel('Missing is what was not heard of for').selectOption('90');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.waitForURL(/inventory\?kind=never_seen&days=90$/);
  }));

test('a_school_leads_to_its_inventory_and_says_how_to_load_one', () =>
  as('sol', `/sites/${lincoln}`, async (page) => {
    const links = page.locator('[data-inventory]');
    await links.getByRole('link', { name: 'Load an inventory' }).waitFor();
    await links.getByRole('link', { name: 'Inventory against what was seen' }).click();
    await page.getByRole('heading', { name: 'Inventory of Lincoln High' }).waitFor();
  }));
