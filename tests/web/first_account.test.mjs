// SPDX-License-Identifier: Apache-2.0
// The first account, invitations, signing in with a second factor: by keyboard, as people do it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessibilityFaults } from './browser.mjs';
import { lincoln } from './fleet.mjs';
import { password, signInAs, totp } from './people.mjs';
import { suite, textOf } from './suite.mjs';

const s = suite();
const nobody = { isSignedIn: false };
const heading = (page, name) => page.getByRole('heading', { level: 1, name, exact: true });
const refusals = /console: Failed to load resource.*(40[0139]|429)/;
const focused = (page) => page.evaluate(() => document.activeElement?.id ?? '');

/** Types each of @texts into the field that has the focus, and goes on to the next field. */
async function typeThrough(page, fields) {
  for (const [label, text] of fields) {
    const field = page.getByLabel(label, { exact: true });
    const id = await field.getAttribute('id');
    for (let i = 0; (await focused(page)) !== id; i++) {
      assert.ok(i < 40, `Tab does not reach ${label}`);
      await page.keyboard.press('Tab');
    }
    await page.keyboard.type(text);
  }
}

test('the_code_of_the_collector_makes_the_first_account_once', () =>
  s.withPage(
    nobody,
    async (page, { open }) => {
      await open('/');
      await page.getByRole('link', { name: 'make the first one' }).click();
      await heading(page, 'The first account').waitFor();
      await page.keyboard.press('Tab');
      await typeThrough(page, [
        ['Code', s.collector.setupCode],
        ['Your name', 'Ada Kim'],
        ['Login', 'akim'],
        ['Password', 'too short'],
      ]);
      await page.keyboard.press('Enter');
      await page.locator('#setup-password-mistake').waitFor();
      assert.match(await textOf(page.locator('#setup-password-mistake')), /9 characters/);
      assert.equal(await focused(page), 'setup-password');
      await page.keyboard.press('Control+A');
      await page.keyboard.type('Password1234');
      await page.keyboard.press('Enter');
      await page.locator('#setup-password-mistake').getByText('tried first').waitFor();
      await page.keyboard.press('Control+A');
      await page.keyboard.type(password);
      await page.keyboard.press('Enter');
      await heading(page, 'Overview').waitFor();
      assert.equal(new URL(page.url()).pathname, '/');
      assert.match(await textOf(page.locator('.who')), /My account ?: Ada Kim \(akim\)/);

      await open('/setup');
      await page.getByLabel('Code', { exact: true }).fill(s.collector.setupCode);
      await page.getByLabel('Your name').fill('Eve');
      await page.getByLabel('Login', { exact: true }).fill('eve');
      await page.getByLabel('Password', { exact: true }).fill(password);
      await page.keyboard.press('Enter');
      await page.locator('#setup-code-mistake').waitFor();
    },
    refusals,
  ));

test('a_session_outlives_a_reload_and_no_script_can_read_it', () =>
  s.withPage(nobody, async (page, { open }) => {
    await open(`/sites/${lincoln}`);
    await signInAs(page, 'akim');
    await heading(page, 'Lincoln High').waitFor();
    assert.equal(new URL(page.url()).pathname, `/sites/${lincoln}`);
    await page.reload();
    await heading(page, 'Lincoln High').waitFor();
    const kept = await page.evaluate(() => [
      localStorage.length,
      sessionStorage.length,
      document.cookie,
    ]);
    assert.deepEqual(kept, [0, 0, '']);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('You are signed out.').waitFor();
    await page.reload();
    await page.getByLabel('Login', { exact: true }).waitFor();
  }));

test('a_wrong_password_is_said_beside_the_field', () =>
  s.withPage(
    nobody,
    async (page, { open }) => {
      await open('/');
      await signInAs(page, 'akim', 'not the password');
      await page.locator('#sign-in-password-mistake').waitFor();
      assert.match(await textOf(page.locator('#sign-in-password-mistake')), /is wrong/);
      assert.equal(await focused(page), 'sign-in-password');
    },
    refusals,
  ));

test('whoever_tried_too_often_is_told_how_long_to_wait', () =>
  s.withPage(
    nobody,
    async (page, { open }) => {
      await open('/');
      for (let i = 0; i < 12; i++) {
        // Not the answer to who is signed in, which may still be on its way.
        const answered = page.waitForResponse(
          (answer) =>
            answer.url().endsWith('/v1/session') && answer.request().method() === 'POST',
        );
        await signInAs(page, 'nobody', `not the password ${i}`);
        if ((await answered).status() === 429) break;
      }
      await page.getByRole('alert').getByText('Too many tries').waitFor();
      assert.match(await textOf(page.getByRole('alert')), /in \d+ (second|minute)s?, at \d+:\d\d/);
    },
    refusals,
  ));

test('an_invitation_is_accepted_by_keyboard_and_its_code_leaves_the_address', () =>
  s.withPage(
    nobody,
    async (page, { open }) => {
      const grant = { role: 'site_coordinator', scope: 'site', code: lincoln };
      const { invitation } = await s.collector.invite('bo', 'Bo Li', grant);
      await open(invitation.path);
      await heading(page, 'Choose your password').waitFor();
      assert.equal(page.url(), `${s.collector.origin}/invitation`);
      assert.match(await textOf(page.locator('.password-rules')), /12 characters or more/);
      await typeThrough(page, [['Password', password]]);
      const rules = await textOf(page.locator('.password-rules'));
      assert.match(rules, /keep in mind: done/);
      assert.doesNotMatch(rules, /not the login: done/);
      await page.keyboard.press('Enter');
      await heading(page, 'Overview').waitFor();

      await page.getByRole('link', { name: /^My account/ }).click();
      await page.getByText('Site coordinator of Lincoln High').waitFor();

      await open('/');
      await open(invitation.path);
      await page.getByLabel('Password', { exact: true }).fill(password);
      await page.keyboard.press('Enter');
      await page.getByRole('alert').waitFor();
      assert.match(await textOf(page.getByRole('alert')), /This link was used/);
    },
    refusals,
  ));

test('no_form_is_shown_that_the_answer_who_one_is_would_draw_anew', () =>
  s.withPage(
    nobody,
    async (page, { open }) => {
      let hold;
      const held = new Promise((wake) => (hold = wake));
      await page.route('**/v1/session', hold);
      await open(`/invitation#tri_${'A'.repeat(43)}`);
      const answer = await held;
      await page.getByText('Loading…').waitFor();
      assert.equal(await page.locator('input').count(), 0);
      await answer.continue();
      await page.getByLabel('Password', { exact: true }).waitFor();
    },
    refusals,
  ));

test('a_second_factor_is_set_up_asked_for_and_a_recovery_code_takes_its_place', () =>
  s.withPage(
    { ...nobody, isSlow: true },
    async (page, { open }) => {
      await s.collector.person('cy', 'Cy Ono', { role: 'viewer', scope: 'state' });
      await open('/account');
      await signInAs(page, 'cy');
      await page.getByText('Viewer of the whole state').waitFor();
      await page.getByText('Set up a second factor', { exact: true }).click();
      await page.getByLabel('Your password', { exact: true }).fill('no ' + password);
      await page.keyboard.press('Enter');
      await page.getByText('The password is not right; nothing was changed.').first().waitFor();
      await page.getByLabel('Your password', { exact: true }).fill(password);
      await page.keyboard.press('Enter');
      await page.getByRole('img', { name: /QR code/ }).waitFor();
      const secret = (await page.locator('.secret code').innerText()).replaceAll(' ', '');
      await typeThrough(page, [['Code', '000000']]);
      await page.keyboard.press('Enter');
      await page.locator('#factor-code-mistake').waitFor();
      await page.keyboard.press('Control+A');
      await page.keyboard.type(totp(secret));
      await page.keyboard.press('Enter');
      await page.getByText('Your recovery codes').waitFor();
      const codes = await page.locator('.recovery-codes code').allInnerTexts();
      assert.equal(codes.length, 10);
      await page.getByRole('button', { name: 'I have kept them' }).click();
      await page.getByText('On: signing in needs a code').waitFor();
      assert.equal(await page.locator('.recovery-codes').count(), 0);

      await page.getByRole('button', { name: 'Sign out', exact: true }).click();
      // The code of the step that comes is in time too, and was not used yet; that of a step before
      // would be too old where the step ends while it is typed.
      for (const code of [() => totp(secret, Date.now() + 30_000), () => codes[0]]) {
        await signInAs(page, 'cy');
        await page.getByLabel('Code', { exact: true }).waitFor();
        assert.equal(await focused(page), 'code-code');
        await page.keyboard.type(code());
        await page.keyboard.press('Enter');
        await heading(page, 'My account').waitFor();
        await page.getByRole('button', { name: 'Sign out', exact: true }).click();
        await page.getByText('You are signed out.').waitFor();
      }

      await signInAs(page, 'cy');
      await page.getByLabel('Code', { exact: true }).fill(codes[1]);
      await page.keyboard.press('Enter');
      await page.getByText('Take the second factor away', { exact: true }).click();
      await page.getByLabel('Your password', { exact: true }).fill(password);
      await page.keyboard.press('Enter');
      await page.locator('.notice').getByText('The second factor is taken away').waitFor();
      await page.getByText('Set up a second factor', { exact: true }).waitFor();
    },
    refusals,
  ));

test('a_password_is_changed_and_the_old_one_is_no_more', () =>
  s.withPage(
    nobody,
    async (page, { open }) => {
      await s.collector.person('dee', 'Dee Fox', { role: 'viewer', scope: 'state' });
      await open('/account');
      await signInAs(page, 'dee');
      await page.getByLabel('Password that you have now').fill('not this one here');
      await page.getByLabel('New password').fill('another horse battery');
      await page.keyboard.press('Enter');
      await page.locator('#password-old-mistake').waitFor();
      await page.getByLabel('Password that you have now').fill(password);
      await page.keyboard.press('Enter');
      await page.locator('.notice').getByText('The password is changed').waitFor();
      assert.equal(await page.getByLabel('New password').inputValue(), '');
      await page.getByRole('button', { name: 'Sign out everywhere' }).click();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByText('You are signed out everywhere: 1 session ended.').waitFor();
      await signInAs(page, 'dee');
      await page.locator('#sign-in-password-mistake').waitFor();
      await signInAs(page, 'dee', 'another horse battery');
      await heading(page, 'My account').waitFor();
    },
    refusals,
  ));

test('a_session_that_was_ended_elsewhere_says_so_and_keeps_the_page', () =>
  s.withPage(
    nobody,
    async (page, { open }) => {
      const { id, version } = await s.collector.person('ed', 'Ed Poe', {
        role: 'viewer',
        scope: 'state',
      });
      await open('/profiles');
      await signInAs(page, 'ed');
      await heading(page, 'Requirements').waitFor();
      assert.ok(id && version);
      await page.context().clearCookies();
      await page.getByRole('link', { name: 'Waivers' }).click();
      await page.getByRole('alert').getByText('Your session is over').waitFor();
      assert.equal(new URL(page.url()).pathname, '/waivers');
      await signInAs(page, 'ed');
      await heading(page, 'Waivers').waitFor();
    },
    refusals,
  ));

test('signing_out_in_one_window_signs_out_in_the_others', () =>
  s.withPage(nobody, async (page, { open }) => {
    await s.collector.person('flo', 'Flo Ray', { role: 'viewer', scope: 'state' });
    await open('/');
    await signInAs(page, 'flo');
    await heading(page, 'Overview').waitFor();
    const other = await page.context().newPage();
    await other.goto(`${s.collector.origin}/`);
    await heading(other, 'Overview').waitFor();
    await other.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('You were signed out in another window.').waitFor();
  }));

test('who_has_no_role_is_told_so_and_reaches_their_own_account', () =>
  s.withPage(
    nobody,
    async (page, { open }) => {
      const grants = [{ role: 'viewer', scope: 'state' }];
      const { id } = await s.collector.person('gus', 'Gus Lee', ...grants);
      const versionNow = async () => (await s.collector.get(`/v1/people/${id}`)).version;
      await s.collector.change(id, await versionNow(), { grants: [] });
      await open('/waivers');
      await signInAs(page, 'gus');
      await heading(page, 'You have no role yet').waitFor();
      assert.equal(await page.locator('nav.places li').count(), 0);
      assert.deepEqual(await accessibilityFaults(page), []);
      await page.getByRole('button', { name: 'Look again' }).click();
      await page.getByText('There is still none.').waitFor();
      await page.getByRole('link', { name: /^Your account: password/ }).click();
      await page.getByLabel('Password that you have now').waitFor();
      await page.goBack();
      await s.collector.change(id, await versionNow(), { grants });
      await page.getByRole('button', { name: 'Look again' }).click();
      await heading(page, 'Waivers').waitFor();
      await page.getByRole('button', { name: 'Sign out', exact: true }).click();
      await page.getByText('You are signed out.').waitFor();
    },
    refusals,
  ));
