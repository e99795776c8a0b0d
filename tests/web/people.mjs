// SPDX-License-Identifier: Apache-2.0
// Accounts for the browser tests, made through the API, and the codes that a phone would show.
import { createHmac } from 'node:crypto';

export const password = 'correct horse battery';

/** What the tests do with accounts at the collector of @origin, by its admin's @token. */
export function people(origin, token) {
  const ask = async (method, path, body, key = token, headers = {}) => {
    const answer = await fetch(origin + path, {
      method,
      headers: {
        ...(key && { Authorization: `Bearer ${key}` }),
        ...(body && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const json = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${json.detail}`);
    return json;
  };
  return {
    ask,
    /** An account that was invited; the answer has the invitation. */
    invite: (login, name, ...grants) => ask('POST', '/v1/people', { login, name, grants }),
    change: (id, version, what) =>
      ask('PATCH', `/v1/people/${id}`, what, token, { 'If-Match': `"${version}"` }),
    /** An account that has its password. */
    async person(login, name, ...grants) {
      const made = await this.invite(login, name, ...grants);
      const { code } = made.invitation;
      await ask('POST', '/v1/invitation', { code, password }, '');
      return made;
    },
  };
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The code of @secret (base32) at @ms, as RFC 6238 has it: 30 s, six digits, SHA-1. */
export function totp(secret, ms = Date.now()) {
  const bits = [...secret.replaceAll(' ', '')]
    .map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(ms / 30_000)));
  const digest = createHmac('sha1', key).update(step).digest();
  const at = digest[19] & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** Signs in on the page that is shown. */
export async function signInAs(page, login, secret = password) {
  await page.getByLabel('Login', { exact: true }).fill(login);
  await page.getByLabel('Password', { exact: true }).fill(secret);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}
