// SPDX-License-Identifier: Apache-2.0
// A collector that knows no school yet says what to do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessibilityFaults } from './browser.mjs';
import { suite } from './suite.mjs';

const s = suite({ isEmpty: true });

test('without_schools_the_overview_says_how_to_load_them', () =>
  s.withPage({}, async (page, { open }) => {
    await open('/');
    await page.getByText('testready-collector site import FILE').waitFor();
    const link = page.locator('main').getByRole('link', { name: 'import the schools' });
    assert.equal(await link.getAttribute('href'), '/imports?what=sites');
    assert.equal(await page.locator('table').count(), 0);
    assert.deepEqual(await accessibilityFaults(page), []);
  }));
