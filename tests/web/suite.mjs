// SPDX-License-Identifier: Apache-2.0
// What every file of tests begins with: one collector and one browser for all of its tests.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { openPage, startBrowser } from './browser.mjs';
import { startCollector } from './collector.mjs';

/** @prepare: what happens at the collector before the first test. */
export function suite(options, prepare) {
  const self = {
    /**
     * Runs @body with a page, and fails when the page did something that no page may do.
     * @allowed: what of it belongs to the test, as a pattern.
     */
    async withPage(pageOptions, body, allowed) {
      const opened = await openPage(self.browser, self.collector, pageOptions);
      try {
        await body(opened.page, opened);
        const faults = opened.faults.filter((fault) => !allowed?.test(fault));
        assert.deepEqual(faults, []);
      } finally {
        await opened.close();
      }
    },
  };
  before(async () => {
    self.collector = await startCollector(options);
    await prepare?.(self.collector);
    self.browser = await startBrowser();
  });
  after(async () => {
    await self.browser?.close();
    await self.collector?.stop();
  });
  return self;
}

/** The visible text of an element, with white space as a person sees it. */
export const textOf = async (locator) => (await locator.innerText()).replace(/\s+/g, ' ').trim();

/** The text of an element without what only screen readers get. */
export const shownNumber = (locator) =>
  locator.evaluate((element) => {
    const copy = element.cloneNode(true);
    for (const hidden of copy.querySelectorAll('.usa-sr-only')) hidden.remove();
    return copy.textContent.trim();
  });

export const rowsOf = (page, table) => page.locator(`${table} tbody tr`);
