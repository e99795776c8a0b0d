// SPDX-License-Identifier: Apache-2.0
// Signing in, and why one has to.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lincoln } from './fleet.mjs';
import { suite, textOf } from './suite.mjs';

const s = suite();
const nobody = { isSignedIn: false };
const heading = (page) => page.getByRole('heading', { level: 1 });
/** The browser itself reports every refused request on the console. */
const refusals = /console: Failed to load resource.*40[13]/;

async function signIn(page, token) {
  const other = page.getByRole('button', { name: 'Sign in with a token' });
  await page.getByLabel('Token', { exact: true }).or(other).first().waitFor();
  if (await other.isVisible()) await other.click();
  await page.getByLabel('Token', { exact: true }).fill(token);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

test('the_token_of_the_collector_opens_the_page_that_was_asked_for', () =>
  s.withPage(nobody, async (page, { open }) => {
    await open(`/sites/${lincoln}`);
    await signIn(page, s.collector.token);
    await page.getByRole('heading', { level: 1, name: 'Lincoln High' }).waitFor();
    assert.equal(new URL(page.url()).pathname, `/sites/${lincoln}`);
    assert.equal(await page.evaluate(() => localStorage.length), 0);
  }));

test('an_unknown_token_is_refused_with_the_collectors_reason', () =>
  s.withPage(
    nobody,
    async (page, { open }) => {
      await open('/');
      await signIn(page, `trt_${'A'.repeat(43)}`);
      const mistake = page.locator('#sign-in-token-mistake');
      await mistake.waitFor();
      assert.ok((await textOf(mistake)).length > 10);
      assert.equal(await page.evaluate(() => document.activeElement?.id), 'sign-in-token');
      assert.equal(await page.evaluate(() => sessionStorage.length), 0);
    },
    refusals,
  ));

test('what_cannot_be_a_token_is_not_sent', () =>
  s.withPage(nobody, async (page, { open }) => {
    await open('/');
    // By then the page has asked who is signed in.
    await page.getByRole('button', { name: 'Sign in with a token' }).waitFor();
    const asked = [];
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      const hasToken = 'authorization' in request.headers();
      // In which ways one can sign in is asked once, and with no token at all.
      if (pathname !== '/v1/session/ways' || hasToken) asked.push(pathname);
    });
    for (const text of ['', 'hello', 'trt_\u00e9', 'trt_a b']) {
      await signIn(page, text);
      await page.locator('#sign-in-token-mistake').waitFor();
    }
    assert.deepEqual(
      asked.filter((path) => path.startsWith('/v1/')),
      [],
    );
  }));

test('a_token_in_the_address_signs_in_and_leaves_the_address', () =>
  s.withPage(nobody, async (page, { open, shown }) => {
    await open(`/#token=${s.collector.token}`);
    await shown();
    assert.equal(await textOf(heading(page)), 'Overview');
    assert.equal(page.url(), `${s.collector.origin}/`);
  }));

test('a_token_that_no_longer_holds_leads_to_sign_in_with_the_reason', () =>
  s.withPage(
    nobody,
    async (page, { open }) => {
      await open(`/sites/${lincoln}#token=trt_${'B'.repeat(43)}`);
      await page.getByRole('alert').waitFor();
      assert.equal(await textOf(heading(page)), 'Sign in');
      assert.match(await textOf(page.getByRole('alert')), /refused your token/);
    },
    refusals,
  ));

test('signing_out_forgets_the_token', () =>
  s.withPage(nobody, async (page, { open, shown }) => {
    await open(`/#token=${s.collector.token}`);
    await shown();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Login', { exact: true }).waitFor();
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
    assert.equal(await page.getByRole('button', { name: 'Sign out' }).count(), 0);
  }));
