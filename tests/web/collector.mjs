// SPDX-License-Identifier: Apache-2.0
// Starts a real collector on a port of its own choice with a store of its own, filled with the
// schools of fleet.mjs, and stops it by its pid.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { fillStore, lastDay, report } from './fleet.mjs';
import { people } from './people.mjs';

const root = resolve(fileURLToPath(import.meta.url), '../../..');
const build = resolve(process.env.TESTREADY_BUILD ?? join(root, 'build/default'));
const binary = process.env.TESTREADY_COLLECTOR ?? join(build, 'testready-collector');
export const webDir = process.env.TESTREADY_WEB ?? join(build, 'web');
const profile = join(root, 'packaging/profiles/example.json');

/** @serveWith: further arguments of `serve`. */
export async function startCollector({ isEmpty = false, serveWith = [] } = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'testready-web-'));
  const store = join(dir, 'store.db');
  const tokenFile = join(dir, 'admin-token');
  const command = (...args) => run([...args, '--store', store]);
  const keys = isEmpty ? {} : fillStore(command, dir, profile);

  const log = join(dir, 'log');
  const child = serve(store, tokenFile, log, serveWith);
  const said = await listening(child, log);
  const { origin } = said;
  const token = readFileSync(tokenFile, 'utf8').trim();

  const collector = {
    origin,
    token,
    command,
    log: () => readFileSync(log, 'utf8'),
    /** The code for the first account. */
    setupCode: said.setupCode,
    ...people(origin, token),
    get: async (path) =>
      answerOf(await fetch(origin + path, { headers: { Authorization: `Bearer ${token}` } })),
    post: async (path, key, body) =>
      answerOf(
        await fetch(origin + path, {
          method: 'POST',
          headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
        }),
      ),
    /** Waives as staff do; unless told otherwise something that fails at the school @code. */
    waive: (code, waiver = {}) =>
      collector.post('/v1/waivers', token, {
        profile: 'example',
        requirement: 'audio.headphones',
        scope: 'site',
        code,
        reason: 'Headsets are on order.',
        who: 'Ana Ruiz',
        until: lastDay(),
        ...waiver,
      }),
    /** Resolves once every device of the school is judged by what holds now. */
    judged: async (code) => {
      for (let i = 0; i < 200; i++) {
        const site = await collector.get(`/v1/sites/${code}`);
        if (!site.judging) return site;
        await new Promise((wake) => setTimeout(wake, 50));
      }
      throw new Error(`${code} is not judged again`);
    },
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        process.kill(child.pid, 'SIGTERM');
        await ended;
      }
      rmSync(dir, { recursive: true, force: true });
    },
  };
  try {
    collector.devices = isEmpty ? {} : await report(collector.post, keys);
  } catch (error) {
    await collector.stop();
    throw error;
  }
  return collector;
}

function serve(store, tokenFile, log, more) {
  const places = ['--store', store, '--web', webDir, '--admin-token-file', tokenFile];
  return spawn(binary, ['serve', '--listen', '127.0.0.1:0', ...places, ...more], {
    stdio: ['ignore', 'pipe', openSync(log, 'w')],
  });
}

function run(args) {
  const done = spawnSync(binary, args, { encoding: 'utf8' });
  if (done.error) throw done.error;
  if (done.status !== 0)
    throw new Error(`testready-collector ${args.join(' ')}: exit ${done.status}\n${done.stderr}`);
  return done.stdout;
}

/** Resolves to what the collector prints once it is ready, while nobody has an account. */
async function listening(child, log) {
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, 'exit').then(([code]) => {
    const said = readFileSync(log, 'utf8');
    throw new Error(`testready-collector serve ended with ${code} before it was ready\n${said}`);
  });
  const ready = (async () => {
    let origin;
    for await (const line of lines) {
      origin ??= /listening on (https?:\/\/\S+)/.exec(line)?.[1];
      const setupCode = /enter the code (tri_\S+)/.exec(line)?.[1];
      if (setupCode) {
        // Nobody reads on; a full pipe would stop the collector.
        child.stdout.resume();
        return { origin, setupCode };
      }
    }
    return ended;
  })();
  return Promise.race([ready, ended]);
}

async function answerOf(response) {
  const body = await response.json();
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${body.detail}`);
  return body;
}
