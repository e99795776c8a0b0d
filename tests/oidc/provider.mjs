// SPDX-License-Identifier: Apache-2.0
// A provider of OpenID Connect as districts run them (npm's oidc-provider, certified), in a process
// of its own: each start has other keys. Started by district.mjs, which gives it its settings as
// JSON and stops it by its pid.
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const settings = JSON.parse(process.argv[2]);
const npm = createRequire(join(settings.npm, 'package.json'));

/** Another clock, but only for tokens: browsers would drop cookies of the past. */
async function atAnotherTime(next) {
  const now = Date.now;
  Date.now = () => now() + settings.clock_s * 1000;
  try {
    await next();
  } finally {
    Date.now = now;
  }
}

/** Who can sign in there: any login, whose mail is the login's at example.org. */
const account = (_, login) => ({
  accountId: login,
  claims: () => ({
    sub: `number-of-${login}`,
    email: `${login}@example.org`,
    email_verified: true,
    preferred_username: login,
  }),
});

const signingKey = () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' };
};

const clientOf = (id) => ({
  client_id: id,
  client_secret: settings.secret,
  redirect_uris: [settings.back],
  grant_types: ['authorization_code'],
  response_types: ['code'],
});

const configuration = {
  clients: [clientOf(settings.client), clientOf('another')],
  findAccount: account,
  // `amr` and `acr` are told to whoever asks who it is; the rest of names as the standard has it.
  claims: {
    openid: ['sub', 'acr', 'amr'],
    email: ['email', 'email_verified'],
    profile: ['preferred_username'],
  },
  acrValues: ['two-factors'],
  conformIdTokenClaims: !settings.has_names_in_token,
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/sign-in/${interaction.uid}` },
  // The district agreed for all of its people that Testready learns their names.
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope('openid email profile');
    await grant.save();
    return grant;
  },
  jwks: { keys: [signingKey()] },
  cookies: { keys: ['for tests'] },
  ttl: { AuthorizationCode: 86400 }, // also where the clock is another
  pkce: { required: () => true },
  renderError: (ctx, out) => {
    ctx.type = 'text';
    ctx.body = `${out.error}: ${out.error_description}`;
  },
};

const form = (uid) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>District</title><link rel="icon" href="data:,">
<h1>District sign-in</h1><form method="post" action="/sign-in/${uid}">
<label>District name <input name="login"></label>
<label>Code of your phone <input name="code"></label>
<button>Sign in at the district</button><button name="give_up" value="1">Cancel</button></form></html>`;

async function bodyOf(request) {
  let text = '';
  for await (const part of request) text += part;
  return new URLSearchParams(text);
}

/** What somebody typed: with a code they have shown two factors, and the token says so. */
const shown = (typed) => {
  if (typed.get('give_up')) return { error: 'access_denied', error_description: 'given up' };
  const factors = typed.get('code') ? { amr: ['pwd', 'otp', 'mfa'], acr: 'two-factors' } : { amr: ['pwd'] };
  return { login: { accountId: typed.get('login'), ...factors } };
};

/** A real token of this provider, for somebody else: @token's claims for the client "another". */
async function forAnother(provider, token) {
  const claims = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
  const client = await provider.Client.find('another');
  const other = new provider.IdToken({ sub: claims.sub }, { client });
  other.scope = 'openid';
  other.set('nonce', claims.nonce);
  return other.issue({ use: 'idtoken' });
}

async function main() {
  const { default: Provider } = await import(pathToFileURL(npm.resolve('oidc-provider')));
  const tls = { cert: readFileSync(settings.cert), key: readFileSync(settings.key) };
  const server = createServer(tls);
  server.listen(settings.port, '127.0.0.1');
  await new Promise((done, fail) => server.once('listening', done).once('error', fail));
  const { port } = server.address();
  const provider = new Provider(`https://localhost:${port}`, configuration);
  if (settings.audience === 'another')
    provider.use(async (ctx, next) => {
      await next();
      if (ctx.body?.id_token) ctx.body.id_token = await forAnother(provider, ctx.body.id_token);
    });
  if (settings.clock_s)
    provider.use((ctx, next) => (ctx.path === '/token' ? atAnotherTime(next) : next()));
  const rest = provider.callback();
  server.on('request', async (request, response) => {
    const uid = /^\/sign-in\/([\w-]+)$/.exec(request.url)?.[1];
    if (!uid) return rest(request, response);
    if (request.method === 'POST')
      return provider.interactionFinished(request, response, shown(await bodyOf(request)));
    response.setHeader('Content-Type', 'text/html');
    return response.end(form(uid));
  });
  process.stdout.write(`listening on ${port}\n`);
}

await main();
