// SPDX-License-Identifier: Apache-2.0
// A district with an identity provider: starts it, stops it by its pid, and starts it anew at the
// same place.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npmDir } from '../../collector/web/npm.mjs';

const program = fileURLToPath(new URL('provider.mjs', import.meta.url));

/** @settings: of provider.mjs, but for where npm's packages are and the port. */
export function makeDistrict(settings) {
  let child;
  const district = {
    issuer: undefined,
    /** @changes: what is other than usual until the next start. */
    start: async (changes = {}) => {
      const all = { npm: resolve(npmDir, '../npm-oidc'), port: 0, ...settings, ...changes };
      if (district.port) all.port = district.port;
      child = spawn(process.execPath, [program, JSON.stringify(all)], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let told = '';
      child.stderr.on('data', (text) => (told += text));
      const lines = createInterface({ input: child.stdout });
      const ended = once(child, 'exit').then(([code]) => {
        throw new Error(`the provider ended with ${code} before it was ready\n${told}`);
      });
      const said = new Promise((done) => {
        lines.on('line', (line) => {
          const port = /^listening on (\d+)$/.exec(line)?.[1];
          if (port) done(Number(port));
        });
      });
      district.port = await Promise.race([said, ended]);
      district.issuer = `https://localhost:${district.port}`;
    },
    stop: async () => {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const over = once(child, 'exit');
      process.kill(child.pid, 'SIGKILL');
      await over;
    },
    /** With other keys, and @changes. */
    restart: async (changes) => {
      await district.stop();
      await district.start(changes);
    },
  };
  return district;
}
