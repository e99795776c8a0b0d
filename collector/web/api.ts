// SPDX-License-Identifier: Apache-2.0
// Reads the API. What was read is kept with its ETag, so that a page seen before is there at
// once and an unchanged answer costs no body.
import type { components } from 'api-schema';
import { sessionEnd, sessionToken } from './session';
import { t } from './strings';

type Schemas = components['schemas'];
export type Overview = Schemas['Overview'];
export type Totals = Schemas['Totals'];
export type SiteSummary = Schemas['SiteSummary'];
export type Site = Schemas['Site'];
export type TestWindow = Schemas['Window'];
export type FixWork = Schemas['FixWork'];
export type Rule = Schemas['Rule'];
export type SiteProfile = Schemas['SiteProfile'];
export type PublishedProfile = Schemas['PublishedProfile'];
export type PublishedProfileSummary = Schemas['PublishedProfileSummary'];
export type PublishedProfileList = Schemas['PublishedProfileList'];
export type ProfileVersionList = Schemas['ProfileVersionList'];
export type Requirement = Schemas['Requirement'];
export type Role = Schemas['Role'];
export type Scope = Schemas['Scope'];
export type Waiver = Schemas['Waiver'];
export type WaiverList = Schemas['WaiverList'];
export type WaiverChange = Schemas['WaiverChange'];
export type WaiverRequest = Schemas['WaiverRequest'];
export type AppliedWaiver = Schemas['AppliedWaiver'];
export type Device = Schemas['Device'];
export type DeviceSummary = Schemas['DeviceSummary'];
export type DeviceList = Schemas['DeviceList'];
export type DeviceNames = Schemas['DeviceNames'];
export type RequirementResult = Schemas['RequirementResult'];
export type Transition = Schemas['Transition'];
export type State = Schemas['State'];
export type Result = Schemas['Result'];
export type States = Schemas['States'];

/**
 * What went wrong, as a sentence that says what to do. `status` is 0 without an answer; `pointer`
 * names the place in what was sent.
 */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly pointer = '',
  ) {
    super(detail);
  }
}

const timeoutMs = 30_000;
const keptAnswers = 100;

interface Kept {
  etag: string;
  body: unknown;
}
const kept = new Map<string, Kept>();

/** When the collector last answered, in ms, by its own clock. */
let checkedMs = 0;
const checkWatchers = new Set<() => void>();
export const lastChecked = (): number => checkedMs;

/** Calls @watcher after each answer; returns what stops that. */
export function watchChecks(watcher: () => void): () => void {
  checkWatchers.add(watcher);
  return () => checkWatchers.delete(watcher);
}

/** What was last read from @path, if it is still kept. */
export const peek = <T>(path: string): T | undefined => kept.get(path)?.body as T | undefined;

export const forgetAnswers = (): void => kept.clear();

/** Reads @path; the same object as before when nothing has changed. Throws a Problem. */
export async function read<T>(path: string): Promise<T> {
  const known = kept.get(path);
  const token = sessionToken();
  const answer = await get(path, token, known?.etag);
  if (answer.status === 304 && known) {
    noteCheck(answer);
    return known.body as T;
  }
  if (!answer.ok) throw await refused(answer, token);
  let body: T;
  try {
    body = (await answer.json()) as T;
  } catch {
    throw new Problem(0, t.unreachable);
  }
  noteCheck(answer);
  if (token === sessionToken()) keep(path, { etag: answer.headers.get('ETag') ?? '', body });
  return body;
}

/** Changes something; returns what the collector answers. Throws a Problem. */
export async function write<T>(method: 'POST' | 'DELETE', path: string, body?: object): Promise<T> {
  const token = sessionToken();
  const answer = await ask(path, token, {
    method,
    ...(body && {
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json' },
    }),
  });
  if (!answer.ok) throw await refused(answer, token);
  try {
    return (await answer.json()) as T;
  } catch {
    throw new Problem(0, t.unreachable);
  }
}

/** Whether the collector knows @token. Throws a Problem when that cannot be said. */
export async function checkToken(token: string): Promise<Problem | null> {
  const answer = await get('/v1/session', token);
  if (answer.ok) return null;
  return problemOf(answer);
}

const get = (path: string, token: string, etag?: string): Promise<Response> =>
  ask(path, token, { headers: etag ? { 'If-None-Match': etag } : {} });

interface Asked {
  method?: string;
  body?: string;
  headers?: Record<string, string>;
}

async function ask(path: string, token: string, asked: Asked): Promise<Response> {
  const { headers, ...rest } = asked;
  try {
    // The copies are kept here: one in the browser's cache would outlive the session.
    return await fetch(path, {
      ...rest,
      headers: { Accept: 'application/json', Authorization: `Bearer ${token}`, ...headers },
      cache: 'no-store',
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch {
    throw new Problem(0, t.unreachable);
  }
}

async function refused(answer: Response, token: string): Promise<Problem> {
  const problem = await problemOf(answer);
  // A late answer to an old token must not end the session that followed.
  if (answer.status === 401 && token === sessionToken())
    sessionEnd(`${t.sign_in.expired} ${problem.detail}`);
  return problem;
}

async function problemOf(answer: Response): Promise<Problem> {
  let detail = '';
  let pointer = '';
  try {
    const body: unknown = await answer.json();
    if (typeof body === 'object' && body && 'detail' in body) detail = String(body.detail);
    if (typeof body === 'object' && body && 'pointer' in body) pointer = String(body.pointer);
  } catch {
    // A proxy in between may answer with something else than JSON.
  }
  return new Problem(answer.status, detail || t.unexpected_answer(answer.status), pointer);
}

function noteCheck(answer: Response): void {
  checkedMs = Date.parse(answer.headers.get('Date') ?? '') || Date.now();
  for (const watcher of checkWatchers) watcher();
}

function keep(path: string, answer: Kept): void {
  kept.delete(path);
  kept.set(path, answer);
  for (const oldest of kept.keys()) {
    if (kept.size <= keptAnswers) break;
    kept.delete(oldest);
  }
}
