// SPDX-License-Identifier: Apache-2.0
// What a real browser does with the cookie of a session, over http to its own machine.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suite } from './suite.mjs';

const s = suite({ isEmpty: true });
const password = 'correct horse battery';

/** What the page's own script is answered: status and JSON. */
const ask = (page, method, path, body, headers = {}) =>
  page.evaluate(
    async ([method, path, body, headers]) => {
      const answer = await fetch(path, {
        method,
        headers: body ? { 'Content-Type': 'application/json', ...headers } : headers,
        body: body && JSON.stringify(body),
      });
      return { status: answer.status, json: await answer.json() };
    },
    [method, path, body, headers],
  );

test('a_browser_keeps_the_cookie_for_its_own_machine_and_shows_it_to_no_script', () =>
  s.withPage(
    { isSignedIn: false },
    async (page, { open }) => {
      const told = s.collector.command('person', 'add', 'ada', '--name', 'Ada Kim', '--admin');
      const code = /\/invitation#(tri_\S+)/.exec(told)[1];
      await open('/');
      assert.equal((await ask(page, 'POST', '/v1/invitation', { code, password })).status, 200);
      const signIn = await ask(page, 'POST', '/v1/session', { login: 'ada', password });
      assert.equal(signIn.status, 200);
      assert.equal(await page.evaluate(() => document.cookie), '');
      const session = await ask(page, 'GET', '/v1/session');
      assert.equal(session.status, 200);
      assert.equal(session.json.who, 'Ada Kim (ada)');
      const [cookie] = await page.context().cookies();
      assert.equal(cookie.name, '__Host-testready');
      assert.deepEqual([cookie.secure, cookie.httpOnly, cookie.sameSite], [true, true, 'Strict']);
      // The browser's own Origin is the one that is wanted.
      assert.equal((await ask(page, 'DELETE', '/v1/session')).status, 403);
      const token = { 'X-CSRF-Token': session.json.csrf_token };
      assert.equal((await ask(page, 'DELETE', '/v1/session', undefined, token)).status, 200);
      assert.deepEqual(await page.context().cookies(), []);
      assert.equal((await ask(page, 'GET', '/v1/session')).status, 401);
    },
    /console: Failed to load resource.*40[13]/,
  ));
