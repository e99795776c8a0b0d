// SPDX-License-Identifier: Apache-2.0
// A browser for the tests, and pages that write down everything that must not happen: console
// errors, refused content, requests that leave the collector.
import { readFileSync } from 'node:fs';
import { npm } from '../../collector/web/npm.mjs';
import { slowDown } from './slow.mjs';

const { chromium } = npm('playwright-core');
const axeSource = readFileSync(npm.resolve('axe-core/axe.min.js'), 'utf8');

const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * How long a page may take for what it is to do before it is taken never to do it. What fails waits
 * so long, what passes never: on a machine with more to do than it can, the check of a password
 * alone takes some seconds.
 */
const patienceMs = 30_000;

/** @args: further ones of Chromium. */
export const startBrowser = (args = []) =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: [...chromiumArgs, ...args],
  });

/**
 * As on a slow device: what waits for a frame, or 35 ms where there is none, as effects do, comes
 * half a second after the page was drawn.
 */
function lateFrames() {
  const { setTimeout } = window;
  window.setTimeout = (run, after, ...more) => setTimeout(run, after === 35 ? 500 : after, ...more);
  window.requestAnimationFrame = (run) => setTimeout(() => run(performance.now()), 500);
  window.cancelAnimationFrame = (id) => clearTimeout(id);
}

/** In the page: once what waits for the next frame has come, and what it has set off. */
const afterFrame = () =>
  new Promise((wake) => requestAnimationFrame(() => setTimeout(() => setTimeout(wake))));

/** A page in a context of its own: somebody is signed in, and its frames come when they are due. */
export async function openPage(browser, collector, options = {}) {
  const { isSignedIn = true, isSlow = false, ...contextOptions } = options;
  const context = await browser.newContext({
    locale: 'en-US',
    viewport: { width: 1280, height: 900 },
    reducedMotion: 'reduce',
    ...contextOptions,
  });
  const faults = [];
  if (isSignedIn)
    await context.addInitScript(
      (token) => sessionStorage.setItem('testready.token', token),
      collector.token,
    );
  if (isSlow) await context.addInitScript(lateFrames);
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`Content-Security-Policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  const page = await context.newPage();
  await slowDown(page);
  page.setDefaultTimeout(patienceMs);
  page.on('console', (message) => {
    if (isAskingWho(message)) return;
    if (message.type() === 'error' || message.type() === 'warning')
      faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`exception: ${error.message}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== collector.origin && url.protocol !== 'data:')
      faults.push(`request to ${url.origin}`);
  });
  const asking = new Set();
  page.on('request', (request) => asking.add(request));
  page.on('requestfinished', (request) => asking.delete(request));
  page.on('requestfailed', (request) => asking.delete(request));
  return {
    page,
    faults,
    /** Resolves once the page has what it asks for, what it asks for after a frame as well. */
    quiet: async () => {
      do {
        for (const request of asking) await request.response().then((it) => it?.finished());
        await page.evaluate(afterFrame);
      } while (asking.size > 0);
    },
    open: (path) => page.goto(collector.origin + path),
    /** Resolves once the page shows its heading. */
    shown: () => page.locator('main h1').waitFor(),
    close: () => context.close(),
  };
}

/** The browser reports every 401, and each load asks who is signed in: often nobody is. */
const isAskingWho = (message) =>
  message.location().url.endsWith('/v1/session') && / 401 /.test(message.text());

/** What axe-core finds wrong with the page for WCAG 2.1 AA, one line each. */
export async function accessibilityFaults(page) {
  // evaluate() is the debugger's: the page's own policy does not stop it.
  await page.evaluate(axeSource);
  const found = await page.evaluate(() =>
    window.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
    }),
  );
  return found.violations.flatMap((violation) =>
    violation.nodes.map(
      (node) =>
        `${violation.id}: ${node.target.join(' ')}: ${node.failureSummary?.replaceAll('\n', ' ')}`,
    ),
  );
}
