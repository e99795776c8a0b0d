// SPDX-License-Identifier: Apache-2.0
// Roles by CSV, enrolment keys, API tokens and the audit log.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { lincoln } from './fleet.mjs';
import { signInAs } from './people.mjs';
import { rowsOf, suite, textOf } from './suite.mjs';

const s = suite({}, async (collector) => {
  await collector.person('ada', 'Ada Kim', { role: 'admin', scope: 'state' });
  await collector.person('bo', 'Bo Li', { role: 'viewer', scope: 'state' });
  await collector.person('tek', 'Tek Io', {
    role: 'tech_coordinator',
    scope: 'site',
    code: lincoln,
  });
});
const nobody = { isSignedIn: false };
const refusals = /console: Failed to load resource.*40[013]/;

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

const csv = (...lines) => ({
  name: 'roles.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(`login,name,role,scope,code\n${lines.join('\n')}\n`),
});

async function checkFile(page, file) {
  await page.getByLabel('CSV file').setInputFiles(file);
  await page.getByRole('button', { name: 'Check the file' }).press('Enter');
}

test('a_file_with_mistakes_is_told_by_row_and_column_and_loads_nothing', () =>
  as('ada', '/people/import', async (page) => {
    await page.getByRole('button', { name: 'Check the file' }).click();
    await page.getByRole('alert').getByText('Choose the file.').waitFor();
    await checkFile(page, csv('new.one,New One,boss,state,', 'new.two,New Two,viewer,<b>,404'));
    await page.locator('[data-import]').getByText('2 things are wrong').waitFor();
    const rows = await rowsOf(page, '.problems-table').allInnerTexts();
    assert.match(rows[0], /^2\tnew.one\tNew One\t[^]*boss\tstate/);
    assert.match(rows[1], /^column 'role': role is admin/);
    assert.match(rows[3], /^column 'scope': scope is/);
    assert.equal(await page.getByRole('button', { name: 'Load these roles' }).count(), 0);
    const { people } = await s.collector.get('/v1/people');
    assert.ok(!people.some(({ login }) => login.startsWith('new.')));
  }));

test('roles_are_previewed_then_loaded_and_the_links_shown_once', () =>
  as('ada', '/people/import', async (page) => {
    await checkFile(
      page,
      csv(`bo,Bo Li,site_coordinator,site,${lincoln}`, `cy,Cy Ono,viewer,site,${lincoln}`),
    );
    await page
      .locator('[data-import]')
      .getByText('1 account would be made and 1 changed')
      .waitFor();
    assert.equal(await textOf(page.locator(':focus')), 'What roles.csv would do');
    const bo = page.locator('[data-person="bo"]');
    await bo.getByText('Site coordinator of Lincoln High').waitFor();
    assert.match(await textOf(bo), /before: Viewer of the whole state after: Site coordinator/);
    assert.equal(
      (await s.collector.get('/v1/people')).people.some(({ login }) => login === 'cy'),
      false,
    );

    await page.getByRole('button', { name: 'Load these roles' }).press('Enter');
    await page.locator('[data-import]').getByText('1 account was made and 1 changed').waitFor();
    assert.match(await textOf(page.locator('[data-person="cy"] code')), /\/invitation#tri_/);
    assert.equal(await page.getByRole('button', { name: 'Load these roles' }).count(), 0);
    await page.reload();
    await page.getByLabel('CSV file').waitFor();
    assert.doesNotMatch(await page.content(), /tri_/);
  }));

test('the_template_is_a_file_that_the_check_takes_apart', () =>
  as('ada', '/people/import', async (page) => {
    const began = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Get the template' }).click();
    const file = await began;
    assert.equal(file.suggestedFilename(), 'people.csv');
    assert.match(readFileSync(await file.path(), 'utf8'), /^\ufeff?login,name,role,scope,code/);
  }));

test('an_enrolment_key_is_made_by_keyboard_shown_once_and_revoked', () =>
  as('tek', '/keys', async (page) => {
    const find = page.getByLabel('School', { exact: true });
    await find.getByText('Lincoln High').waitFor({ state: 'attached' });
    assert.equal(await find.locator('option').count(), 1);
    await page.getByLabel('For how many devices').focus();
    await page.keyboard.type('ten');
    await page.keyboard.press('Enter');
    assert.match(await textOf(page.locator('#key-uses-mistake')), /whole number/);
    await page.keyboard.press('Control+A');
    await page.keyboard.type('10');
    await page.keyboard.press('Enter');
    const made = page.locator('[data-made]');
    await made.getByText('A key for Lincoln High').waitFor();
    assert.match(await textOf(made.locator('code')), /^tre_[\w-]{43}$/);
    const { enrollment_keys: keys } = await s.collector.get('/v1/enrollment-keys');
    const row = page.locator(`[data-key="${keys[0].id}"]`);
    assert.match(await textOf(row), /Lincoln High Good 10/);
    await row.getByRole('button', { name: 'Revoke' }).press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await row.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'All', exact: true }).click();
    assert.match(await textOf(page.locator(`[data-key="${keys[0].id}"]`)), /Revoked/);
  }));

test('a_token_is_made_shown_once_lets_in_and_is_revoked', () =>
  as('ada', '/tokens', async (page) => {
    await page.getByLabel('Program', { exact: true }).fill('Export <b>x</b>');
    await page.getByLabel('Where').selectOption('state');
    await page.getByRole('button', { name: 'Make the token' }).click();
    const made = page.locator('[data-made]');
    await made.getByText('The token of Export <b>x</b>').waitFor();
    const token = await textOf(made.locator('code'));
    assert.equal(
      (await s.collector.ask('GET', '/v1/session', null, token)).grants[0].role,
      'viewer',
    );
    const row = page.locator('[data-token="Export <b>x</b>"]');
    assert.match(await textOf(row), /Viewer of the whole state ada Good/);
    await row.getByRole('button', { name: 'Revoke' }).click();
    await row.getByRole('button', { name: 'Yes, revoke' }).click();
    await row.waitFor({ state: 'detached' });
    await assert.rejects(s.collector.ask('GET', '/v1/session', null, token), /401/);
  }));

test('the_audit_log_shows_what_changed_and_comes_as_a_file', () =>
  as('ada', '/audit', async (page, { open }) => {
    const made = await s.collector.invite('zoe', 'Zoe Bell', { role: 'viewer', scope: 'state' });
    await s.collector.change(made.id, made.version, { name: 'Zoe Ball' });
    await open(`/audit?object=${made.id}&act=account_changed`);
    await rowsOf(page, '.audit-table').first().waitFor();
    assert.equal(await rowsOf(page, '.audit-table').count(), 1);
    assert.match(
      await textOf(rowsOf(page, '.audit-table').first()),
      /the admin token .* Account changed zoe name before: Zoe Bell → after: Zoe Ball$/,
    );
    const began = page.waitForEvent('download');
    await page.getByRole('link', { name: 'All of these as a CSV file' }).click();
    const lines = readFileSync(await (await began).path(), 'utf8')
      .trim()
      .split('\n');
    assert.equal(lines.length, 2);
    assert.match(lines[1], /account_changed/);

    await page.getByLabel('From (UTC day)').fill('2001-01-01');
    await page.getByLabel('To (UTC day)').fill('2001-01-02');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByText('No change fits.').waitFor();
  }));

test('with_a_token_the_file_comes_too', () =>
  s.withPage({}, async (page, { open }) => {
    await open('/audit');
    const began = page.waitForEvent('download');
    await page.getByRole('link', { name: 'All of these as a CSV file' }).click();
    const file = await began;
    assert.equal(file.suggestedFilename(), 'audit.csv');
    assert.match(readFileSync(await file.path(), 'utf8'), /profile_published/);
  }));
