// SPDX-License-Identifier: Apache-2.0
// What the pages offer to people by their roles, and what they say when these are taken away.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostile, large, lincoln } from './fleet.mjs';
import { signInAs } from './people.mjs';
import { suite, textOf } from './suite.mjs';

const s = suite({});
const at = (role, code) => ({ role, scope: 'site', code });

const heading = (page, name) => page.getByRole('heading', { level: 1, name }).waitFor();

async function signedIn(page, { open }, login, ...grants) {
  const person = await s.collector.person(login, login, ...grants);
  await open('/');
  await signInAs(page, login);
  await heading(page, 'Overview');
  return person;
}

async function setGrants({ id }, grants) {
  const { version } = await s.collector.get(`/v1/people/${id}`);
  await s.collector.change(id, version, { grants });
}

const signedOut = { isSignedIn: false };
const refused = /status of 40[34]/;

test('who_loses_every_role_is_told_so_by_the_next_page', () =>
  s.withPage(
    signedOut,
    async (page, opened) => {
      const nora = await signedIn(page, opened, 'nora', at('tech_coordinator', lincoln));
      await setGrants(nora, []);
      await page.getByRole('link', { name: 'Waivers', exact: true }).click();
      await heading(page, 'You have no role yet');
      assert.equal(await page.getByRole('link', { name: 'Enrolment keys' }).count(), 0);
    },
    refused,
  ));

test('the_menu_follows_the_roles_that_are_left', () =>
  s.withPage(
    signedOut,
    async (page, opened) => {
      const kay = await signedIn(page, opened, 'kay', at('tech_coordinator', lincoln));
      await setGrants(kay, [at('viewer', lincoln)]);
      await page.getByRole('link', { name: 'Enrolment keys', exact: true }).click();
      await heading(page, 'This page is not for your roles');
      assert.equal(await page.getByRole('link', { name: 'Enrolment keys' }).count(), 0);
      assert.equal(await page.getByRole('link', { name: 'Overview', exact: true }).count(), 1);
    },
    refused,
  ));

test('the_address_of_another_school_may_be_beyond_ones_roles', () =>
  s.withPage(
    signedOut,
    async (page, opened) => {
      await signedIn(page, opened, 'ollie', at('viewer', lincoln));
      await opened.open(`/sites/${large}`);
      await heading(page, 'There is no such page');
      await page.getByText('It may be gone, or your roles may not cover it.').waitFor();
    },
    refused,
  ));

test('who_works_for_one_school_proposes_for_it_without_typing_its_code', () =>
  s.withPage(signedOut, async (page, opened) => {
    await signedIn(page, opened, 'cora', at('site_coordinator', lincoln));
    await opened.open('/waivers');
    await page.getByText('propose a waiver below').waitFor();
    const code = page.getByLabel('Code of the district or school');
    assert.equal(await code.inputValue(), lincoln);
  }));

test('who_works_for_two_schools_says_for_which_and_who_looks_only_is_offered_no_form', () =>
  s.withPage(signedOut, async (page, opened) => {
    const two = [at('site_coordinator', lincoln), at('site_coordinator', large)];
    const dee = await signedIn(page, opened, 'dee', ...two);
    await opened.open('/waivers');
    assert.equal(await page.getByLabel('Code of the district or school').inputValue(), '');
    await setGrants(dee, [at('viewer', lincoln)]);
    await opened.open('/waivers');
    await page.locator('.empty').waitFor();
    assert.equal(await textOf(page.locator('.empty')), 'There is none.');
  }));

test('a_school_without_rooms_offers_what_the_roles_allow', () =>
  s.withPage(signedOut, async (page, opened) => {
    const fay = await signedIn(page, opened, 'fay', at('site_coordinator', hostile));
    const rooms = page.locator('[aria-labelledby="rooms-title"]');
    await opened.open(`/sites/${hostile}`);
    await rooms.getByRole('link', { name: 'Load an inventory' }).waitFor();
    await setGrants(fay, [at('viewer', hostile)]);
    await opened.open(`/sites/${hostile}`);
    await rooms.getByText('Whoever looks after the school’s devices does that.').waitFor();
  }));
