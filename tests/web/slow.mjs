// SPDX-License-Identifier: Apache-2.0
// A slow line, or a slow device, for the pages of a run: it shows what a test, or a page, takes for
// granted that came in time only because all is near. Every browser test has to pass so, with
// TESTREADY_SLOW=WAY before `node --test`.

const lineMs = 700;

/** How long each way holds an answer back; @seen: the addresses that the page asked for before. */
const ways = {
  /** A device with a sixth of the speed, and a line of which nobody knows. */
  device: () => Math.random() * 400,
  /** What is asked for again comes late: the page stays as it was. */
  again: ({ method, url }, seen) => (method === 'GET' && seen.has(url) ? lineMs : 0),
  /** A change is answered at once, and what it has changed comes late. */
  change: ({ method }, seen) => (method === 'GET' && seen.hasChanged ? lineMs : 0),
};

/** Makes @page slow where that is wished. */
export async function slowDown(page, way = process.env.TESTREADY_SLOW) {
  if (!way) return;
  if (!Object.hasOwn(ways, way))
    throw new Error(`TESTREADY_SLOW=${way}: it is one of ${Object.keys(ways).join(', ')}`);
  const debug = await page.context().newCDPSession(page);
  if (way === 'device') await debug.send('Emulation.setCPUThrottlingRate', { rate: 6 });
  const seen = new Set();
  debug.on('Fetch.requestPaused', async ({ requestId, request }) => {
    const ms = ways[way](request, seen);
    seen.add(request.url);
    seen.hasChanged ||= request.method !== 'GET';
    if (ms > 0) await new Promise((wake) => setTimeout(wake, ms));
    // The page may be closed by now.
    await debug.send('Fetch.continueRequest', { requestId }).catch(() => undefined);
  });
  const patterns = [{ urlPattern: '*/v1/*', requestStage: 'Response' }];
  await debug.send('Fetch.enable', { patterns });
}
