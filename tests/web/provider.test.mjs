// SPDX-License-Identifier: Apache-2.0
// Signing in at a real identity provider, from the sign-in page to the overview and back, and all
// that may be wrong on the way. Both are reached over TLS with a private authority.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { makeCertificates } from '../oidc/certificate.mjs';
import { makeDistrict } from '../oidc/district.mjs';
import { openPage, startBrowser } from './browser.mjs';
import { startCollector } from './collector.mjs';
import { password, signInAs, totp } from './people.mjs';
import { textOf } from './suite.mjs';

const host = 'ready.example.org';
const origin = `https://${host}`;
const client = { client: 'testready', secret: 'a secret/with+signs' };
const s = {};

/** A collector that people reach as https://ready.example.org. */
async function startBehind(...more) {
  const secret = join(s.dir, 'secret');
  writeFileSync(secret, `${client.secret}\n`, { mode: 0o600 });
  const collector = await startCollector({
    isEmpty: true,
    serveWith: [
      ...['--tls-cert', s.paths.cert, '--tls-key', s.paths.key, '--public-url', origin],
      ...['--oidc-issuer', s.district.issuer, '--oidc-client-id', client.client],
      ...['--oidc-client-secret-file', secret, ...more],
    ],
  });
  const { port } = new URL(collector.origin);
  const browser = await startBrowser([`--host-resolver-rules=MAP ${host}:443 127.0.0.1:${port}`]);
  return { collector, browser };
}

const withCa = () => ['--oidc-ca', s.paths.ca];

/** Runs @body with a page of a browser that keeps nothing of others. */
async function withPage({ collector, browser }, body, allowed) {
  const context = { isSignedIn: false, ignoreHTTPSErrors: true };
  const opened = await openPage(browser, { origin, token: collector.token }, context);
  try {
    await body(opened.page, opened);
    const faults = opened.faults.filter(
      (fault) => fault !== `request to ${s.district.issuer}` && !allowed?.test(fault),
    );
    assert.deepEqual(faults, []);
  } finally {
    await opened.close();
  }
}

/** An account that is awaited from the provider; its invitation. */
function addAwaited(collector, login, name = `${login}@example.org`) {
  const told = collector.command(
    ...['person', 'add', login, '--name', `Person ${login}`, '--role', 'admin', '--state'],
  );
  collector.command('person', 'sign-on', login, '--name', name);
  return /\/invitation#(\S+)/.exec(told)[1];
}

/** From the sign-in page to the provider's. */
async function goThere(page, open, path = '/') {
  await open(path);
  await page.getByRole('link', { name: /with your district/ }).click();
  await page.getByRole('heading', { name: 'District sign-in' }).waitFor();
}

async function signInThere(page, login, code = '') {
  await page.getByLabel('District name').fill(login);
  await page.getByLabel('Code of your phone').fill(code);
  await page.getByRole('button', { name: 'Sign in at the district' }).click();
}

/** What stands on the page that says that nobody was signed in. */
async function refusal(page) {
  // Once the app has taken the place of the plain page.
  await page.locator('.sign-in h1', { hasText: 'Not signed in' }).waitFor();
  // What the provider answered is neither kept in the history nor asked for again by a reload.
  assert.equal(page.url(), `${origin}/`);
  const cookies = (await page.context().cookies(origin)).map((cookie) => cookie.name);
  assert.ok(!cookies.includes('__Host-testready'), cookies.join());
  return textOf(page.locator('main .notice'));
}

const isHere = (page, login) =>
  page.locator('header').getByRole('link', { name: `Person ${login}` }).waitFor();
const refusals = /console: Failed to load resource.*(40[0-9]|50[0-9])/;

before(async () => {
  s.dir = mkdtempSync(join(tmpdir(), 'testready-oidc-'));
  s.paths = makeCertificates(s.dir, 'localhost', host);
  s.district = makeDistrict({ ...s.paths, ...client, back: `${origin}/v1/session/oidc/callback` });
  await s.district.start();
  s.usual = await startBehind(...withCa());
});

after(async () => {
  await s.usual?.browser.close();
  await s.usual?.collector.stop();
  await s.district?.stop();
  rmSync(s.dir, { recursive: true, force: true });
});

test('somebody_signs_in_at_the_district_and_is_on_the_page_that_was_asked_for', () =>
  withPage(s.usual, async (page, { open }) => {
    addAwaited(s.usual.collector, 'rosa');
    await goThere(page, open, '/people?role=admin');
    const asked = new URL(page.url());
    assert.equal(asked.origin, s.district.issuer);
    await signInThere(page, 'rosa');
    await isHere(page, 'rosa');
    assert.equal(page.url(), `${origin}/people?role=admin`);
    await page.getByRole('link', { name: 'Overview' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  }));

test('a_provider_that_names_nobody_in_its_token_is_asked_who_it_is', async () => {
  for (const has_names_in_token of [true, false]) {
    const login = has_names_in_token ? 'named' : 'nameless';
    addAwaited(s.usual.collector, login);
    await s.district.restart({ has_names_in_token });
    await withPage(s.usual, async (page, { open }) => {
      await goThere(page, open);
      await signInThere(page, login);
      await isHere(page, login);
    });
  }
  await s.district.restart();
});

test('who_signed_out_is_asked_again_and_the_district_still_knows_them', () =>
  withPage(s.usual, async (page, { open }) => {
    addAwaited(s.usual.collector, 'lea');
    await goThere(page, open);
    await signInThere(page, 'lea');
    await isHere(page, 'lea');
    const before = await page.context().cookies(origin);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Login', { exact: true }).waitFor();
    // The cookie that was is no more, whoever has kept it.
    await page.context().addCookies(before);
    await open('/people');
    await page.getByLabel('Login', { exact: true }).waitFor();
    await page.getByRole('link', { name: /with your district/ }).click();
    await isHere(page, 'lea');
  }));

test('who_has_no_account_here_is_told_whom_to_ask', () =>
  withPage(
    s.usual,
    async (page, { open }) => {
      await goThere(page, open);
      await signInThere(page, 'stranger');
      assert.match(await refusal(page), /knows you, but no account here is yours/);
    },
    refusals,
  ));

test('who_gives_up_there_can_begin_again', () =>
  withPage(
    s.usual,
    async (page, { open }) => {
      await goThere(page, open);
      await page.getByRole('button', { name: 'Cancel' }).click();
      assert.match(await refusal(page), /did not let you in/);
      await page.getByLabel('Login', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Español' }).click();
      await page.getByRole('heading', { level: 1, name: 'No se inició la sesión' }).waitFor();
      assert.match(await textOf(page.locator('main .notice')), /no le dio acceso/);
      await page.reload();
      await page.getByRole('heading', { level: 1, name: 'Iniciar sesión' }).waitFor();
    },
    refusals,
  ));

test('other_keys_of_the_provider_are_found_out', async () => {
  addAwaited(s.usual.collector, 'keys');
  for (let turn = 0; turn < 2; turn++) {
    await s.district.restart();
    await withPage(s.usual, async (page, { open }) => {
      await goThere(page, open);
      await signInThere(page, 'keys');
      await isHere(page, 'keys');
    });
  }
});

const wrong = {
  for_another_collector: { is: { audience: 'another' }, said: /not for this collector alone/ },
  of_two_hours_ago: { is: { clock_s: -7200 }, said: /the token was valid until \d+ s ago/ },
  of_the_future: { is: { clock_s: 7200 }, said: /the token is of the future/ },
};
for (const [what, { is, said }] of Object.entries(wrong))
  test(`a_token_${what}_signs_nobody_in`, async () => {
    await s.district.restart(is);
    await withPage(
      s.usual,
      async (page, { open }) => {
        await goThere(page, open);
        await signInThere(page, 'rosa');
        assert.match(await refusal(page), /cannot be trusted, so nobody was signed in/);
        assert.match(s.usual.collector.log(), said);
      },
      refusals,
    );
    await s.district.restart();
  });

test('what_another_browser_began_signs_nobody_in', () =>
  withPage(
    s.usual,
    async (page, { open }) => {
      await goThere(page, open);
      // The browser keeps the secret of another sign-in: as if this one were somebody else's.
      const other = await page.context().newPage();
      await goThere(other, (path) => other.goto(origin + path));
      await signInThere(page, 'rosa');
      assert.match(await refusal(page), /not begun in this browser/);
      assert.match(s.usual.collector.log(), /what came back was begun in another browser/);
    },
    refusals,
  ));

test('an_account_with_a_second_factor_needs_one_there_as_well', async () => {
  const code = addAwaited(s.usual.collector, 'careful');
  await withPage(s.usual, async (page, { open }) => {
    await open('/');
    await page.evaluate(choosePassword, { code, password });
    const made = await page.evaluate(setUpSecondFactor, { login: 'careful', password });
    const secret = totp(made.secret);
    const status = await page.evaluate(confirmSecondFactor, { ...made, code: secret });
    assert.equal(status, 200);
  });
  await withPage(
    s.usual,
    async (page, { open }) => {
      await goThere(page, open);
      await signInThere(page, 'careful');
      assert.match(await refusal(page), /did not say that it asked you for one/);
    },
    refusals,
  );
  await withPage(s.usual, async (page, { open }) => {
    await goThere(page, open);
    await signInThere(page, 'careful', '123456');
    await isHere(page, 'careful');
  });
});

/* These run in the page: the collector's certificate is one that only the browser takes. */
async function choosePassword(body) {
  await fetch('/v1/invitation', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function setUpSecondFactor({ login, password: chosen }) {
  const send = (method, path, body, token) =>
    fetch(path, {
      method,
      headers: {
        ...(body && { 'Content-Type': 'application/json' }),
        ...(token && { 'X-CSRF-Token': token }),
      },
      body: body && JSON.stringify(body),
    });
  const signedIn = await send('POST', '/v1/session', { login, password: chosen });
  const token = (await signedIn.json()).csrf_token;
  const begun = await send('POST', '/v1/session/second-factor', { password: chosen }, token);
  const told = await begun.text();
  if (!begun.ok) throw new Error(told);
  return { token, secret: JSON.parse(told).secret };
}

async function confirmSecondFactor({ token, code }) {
  const answer = await fetch('/v1/session/second-factor', {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': token },
    body: JSON.stringify({ code }),
  });
  return answer.status;
}

test('a_provider_that_is_down_says_so_and_the_password_still_lets_in', async () => {
  // One that was never asked, so that it knows nothing of the provider.
  const behind = await startBehind(...withCa());
  const code = addAwaited(behind.collector, 'rosa');
  await s.district.stop();
  try {
    await withPage(
      behind,
      async (page, { open }) => {
        await open('/');
        await page.evaluate(choosePassword, { code, password });
        await page.getByRole('link', { name: /with your district/ }).click();
        assert.match(await refusal(page), /Try again later, or sign in with your password/);
        await signInAs(page, 'rosa');
        await isHere(page, 'rosa');
      },
      refusals,
    );
  } finally {
    await s.district.start();
    await behind.browser.close();
    await behind.collector.stop();
  }
});

test('a_provider_whose_authority_nobody_named_is_not_trusted', async () => {
  const behind = await startBehind();
  try {
    await withPage(
      behind,
      async (page, { open }) => {
        await open('/');
        await page.getByRole('link', { name: /with your district/ }).click();
        assert.match(await refusal(page), /cannot be asked at the moment/);
        assert.match(behind.collector.log(), /its certificate is not trusted/);
      },
      refusals,
    );
  } finally {
    await behind.browser.close();
    await behind.collector.stop();
  }
});

test('a_second_factor_that_is_named_in_another_way_is_asked_for_and_counts', async () => {
  const behind = await startBehind(...withCa(), '--oidc-second-factor', 'acr:two-factors');
  addAwaited(behind.collector, 'rosa');
  try {
    await withPage(behind, async (page, { open }) => {
      const asked = page.waitForRequest((request) => request.url().includes('/auth?'));
      await goThere(page, open);
      assert.equal(new URL((await asked).url()).searchParams.get('acr_values'), 'two-factors');
      await signInThere(page, 'rosa', '123456');
      await isHere(page, 'rosa');
    });
  } finally {
    await behind.browser.close();
    await behind.collector.stop();
  }
});
