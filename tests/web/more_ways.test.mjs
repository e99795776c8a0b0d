// SPDX-License-Identifier: Apache-2.0
// Signing in where somebody else knows who it is: only offered where the collector was set up so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suite } from './suite.mjs';

const s = suite({ serveWith: ['--trusted-proxy', '127.0.0.1', '--login-header', 'X-Remote-User'] });
const button = (page) => page.getByRole('button', { name: 'Go on as you signed in before' });

test('whom_the_proxy_names_is_signed_in_by_one_button', async () => {
  await s.collector.person('akim', 'Ada Kim', { role: 'admin', scope: 'state' });
  await s.withPage(
    { isSignedIn: false, extraHTTPHeaders: { 'X-Remote-User': 'akim' } },
    async (page, { open }) => {
      await open('/');
      await button(page).click();
      await page.getByRole('link', { name: 'Ada Kim' }).waitFor();
    },
  );
});

test('who_has_no_account_is_told_so_and_stays', () =>
  s.withPage(
    { isSignedIn: false, extraHTTPHeaders: { 'X-Remote-User': 'nobody' } },
    async (page, { open }) => {
      await open('/');
      await button(page).click();
      await page.getByRole('alert').waitFor();
      await page.getByLabel('Login', { exact: true }).waitFor();
    },
    /console: Failed to load resource.*40[13]/,
  ));

test('nothing_is_offered_that_is_not_there', () =>
  s.withPage({ isSignedIn: false }, async (page, { open }) => {
    await open('/');
    await page.getByLabel('Login', { exact: true }).waitFor();
    await page.waitForLoadState('networkidle');
    assert.equal(await page.getByRole('link', { name: 'district' }).count(), 0);
    assert.equal(await button(page).count(), 0);
  }));
