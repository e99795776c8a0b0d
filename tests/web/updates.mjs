// SPDX-License-Identifier: Apache-2.0
// The time of a page in the hand of its test, and the updates that come with it.

/** How long a page waits after an answer before it asks again: collector/web/live.ts. */
export const refreshMs = 15_000;

export const answerTo = (page, path) =>
  page.waitForResponse((response) => new URL(response.url()).pathname === path);

/**
 * As on a slow line: what the page reads from @path from now on waits. `asked` resolves once it has
 * asked, `release` lets this and all that follows through.
 */
export async function holdReads(page, path) {
  const held = {};
  held.asked = new Promise((wake) => (held.ask = wake));
  const released = new Promise((wake) => (held.release = wake));
  await page.route(
    (url) => url.pathname === path,
    async (route) => {
      if (route.request().method() === 'GET') {
        held.ask();
        await released;
      }
      await route.continue();
    },
  );
  return held;
}

/** Takes over the time of what @page opens from now on. */
export async function holdTime(page) {
  await page.clock.install();
  await page.addInitScript((ms) => {
    const { setTimeout } = window;
    /** Whether it waits for its time, by what updates itself. */
    const waits = new Map();
    window.waits = () => waits.size > 0 && [...waits.values()].every(Boolean) && waits.size;
    window.setTimeout = (run, after, ...more) => {
      if (after !== ms) return setTimeout(run, after, ...more);
      waits.set(run, true);
      return setTimeout(() => {
        waits.set(run, false);
        run();
      }, after);
    };
  }, refreshMs);
}

/** Resolves once the @n parts of the page that update themselves show what they were answered. */
export const settled = (page, n = 1) => page.waitForFunction((least) => window.waits() >= least, n);

/** Lets time pass until the page asks for @path again; returns the answer. */
export async function nextUpdate(page, path) {
  // Time that passes while an answer is still on its way is lost to the update that follows it.
  await settled(page);
  const answer = answerTo(page, path);
  await page.clock.runFor(refreshMs + 1);
  return answer;
}
