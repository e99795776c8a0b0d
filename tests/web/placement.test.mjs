// SPDX-License-Identifier: Apache-2.0
// Moving, retiring and restoring a device on its page, by mouse and by keyboard, and the undo.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessibilityFaults } from './browser.mjs';
import { suite, textOf } from './suite.mjs';
import { holdReads } from './updates.mjs';

const s = suite();
const done = (page) => page.locator('[data-done]');
const past = (page) => page.locator('.placements li');

async function openDevice(page, { open, shown }, name) {
  const { id } = s.collector.devices[name];
  await open(`/devices/${id}`);
  await shown();
  return () => s.collector.get(`/v1/devices/${id}`);
}

const submit = (page, name) => page.getByRole('button', { name, exact: true }).click();

test('a_device_moves_to_another_room_and_back_by_keyboard', () =>
  s.withPage({}, async (page, opened) => {
    const api = await openDevice(page, opened, 'lincoln-1');
    const before = await api();
    await page.locator('#place summary', { hasText: 'Move it' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('#move-room').fill('Room <b>9</b>');
    await page.keyboard.press('Enter');
    await done(page).waitFor();
    assert.match(await textOf(done(page)), /The device was moved\. Undo/);
    assert.equal((await api()).room, 'Room <b>9</b>');
    // The focus is where it is said, and the undo is the next stop.
    assert.ok(await done(page).evaluate((element) => element === document.activeElement));
    await page.locator('.about', { hasText: 'Room <b>9</b>' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await done(page).getByText('It was undone').waitFor();
    const after = await api();
    assert.equal(after.room, before.room);
    assert.equal(after.placements[0].status, 'undone');
    assert.match(await textOf(past(page).first()), /Moved undone, .* by .*Room <b>9<\/b>/);
    assert.equal(await past(page).first().getByRole('button').count(), 0);
  }));

test('axe_core_finds_nothing_when_the_forms_are_open', () =>
  s.withPage({}, async (page, opened) => {
    await openDevice(page, opened, 'lincoln-1');
    for (const form of ['Move it', 'Retire it'])
      await page.locator('#place summary', { hasText: form }).click();
    assert.deepEqual(await accessibilityFaults(page), []);
    if (process.env.SHOT) await page.screenshot({ path: process.env.SHOT, fullPage: true });
  }));

test('a_move_that_changes_nothing_says_so_at_the_field', () =>
  s.withPage({}, async (page, opened) => {
    await openDevice(page, opened, 'lincoln-1');
    await page.locator('#place summary', { hasText: 'Move it' }).click();
    await submit(page, 'Move it');
    await page.getByText('This is where the device is already.').waitFor();
    assert.equal(await page.locator('#move-room').getAttribute('aria-invalid'), 'true');
  }));

test('a_plan_for_another_school_is_shown_and_cancelled', () =>
  s.withPage({}, async (page, opened) => {
    const api = await openDevice(page, opened, 'lincoln-2');
    const day = new Date(Date.now() + 5 * 86400000).toISOString().slice(0, 10);
    await page.locator('#place summary', { hasText: 'Move it' }).click();
    const school = page.locator('#move-code option').first();
    await school.waitFor({ state: 'attached' });
    await page.locator('#move-code').selectOption(await school.getAttribute('value'));
    await page.locator('#move-on').fill(day);
    await submit(page, 'Move it');
    await done(page).getByText('This is planned for').waitFor();
    assert.deepEqual(
      (await api()).placements.map(({ status, on }) => [status, on]),
      [['planned', day]],
    );
    await past(page).getByRole('button', { name: /^Cancel this plan/ }).click();
    await done(page).getByText('The plan was cancelled.').waitFor();
    assert.equal((await api()).placements[0].status, 'cancelled');
  }));

test('a_device_is_retired_with_a_reason_and_restored', () =>
  s.withPage({}, async (page, opened) => {
    const api = await openDevice(page, opened, 'lincoln-3');
    assert.ok((await page.getByRole('link', { name: /^Waive…/ }).count()) > 0);
    await page.locator('#place summary', { hasText: 'Retire it' }).click();
    await page.locator('#retire-reason').selectOption('other');
    await submit(page, 'Retire it');
    await page.getByText('Say why, in a few words.').waitFor();
    await page.locator('#retire-note').fill('Fell from a roof');
    await submit(page, 'Retire it');
    await done(page).getByText('The device was retired.').waitFor();
    await page.getByText('This device is retired; it counts nowhere.').first().waitFor();
    assert.equal(await page.getByRole('link', { name: /^Waive…/ }).count(), 0);
    assert.equal((await api()).state, 'retired');
    assert.match(await textOf(past(page).first()), /Retired .* Something else: Fell from a roof/);
    await page.locator('#place summary', { hasText: 'Restore it' }).click();
    await submit(page, 'Restore it');
    await done(page).getByText('The device was restored.').waitFor();
    assert.notEqual((await api()).state, 'retired');
  }));

test('what_was_done_is_said_once_the_page_has_it_and_can_be_taken_back_at_once', () =>
  s.withPage({}, async (page, opened) => {
    const { id } = s.collector.devices['lincoln-5'];
    await openDevice(page, opened, 'lincoln-5');
    const reads = await holdReads(page, `/v1/devices/${id}`);
    await page.locator('#place summary', { hasText: 'Retire it' }).click();
    await submit(page, 'Retire it');
    await reads.asked;
    assert.equal(await done(page).count(), 0);
    reads.release();
    await done(page).getByText('The device was retired.').waitFor();
    assert.match(await textOf(page.locator('.verdict')), /This device is retired/);
    await done(page).getByRole('button', { name: /^Undo/ }).click();
    await done(page).getByText('It was undone').waitFor();
    assert.match(await textOf(past(page).first()), /undone/);
  }));

test('what_somebody_else_did_meanwhile_is_not_overwritten', () =>
  s.withPage(
    {},
    async (page, opened) => {
      const api = await openDevice(page, opened, 'lincoln-6');
      const { id, place_version: version } = await api();
      const moved = await fetch(`${s.collector.origin}/v1/devices/${id}/placements`, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${s.collector.token}`,
          'Content-Type': 'application/json',
          'If-Match': `"${version}"`,
        },
        body: JSON.stringify({ kind: 'move', room: 'theirs' }),
      });
      assert.equal(moved.status, 200);
      await page.locator('#place summary', { hasText: 'Move it' }).click();
      await page.locator('#move-room').fill('mine');
      await submit(page, 'Move it');
      await page.getByText('Look at it again').waitFor();
      assert.equal((await api()).room, 'theirs');
    },
    /412/,
  ));
