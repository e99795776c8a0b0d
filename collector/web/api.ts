// SPDX-License-Identifier: Apache-2.0
// Reads the API. What was read is kept with its ETag, so that a page seen before is there at
// once and an unchanged answer costs no body.
import type { components } from 'api-schema';
import {
  sessionCsrf,
  sessionEnd,
  sessionState,
  sessionToken,
  sessionTurn,
  sessionUpdate,
  type Session,
} from './session';
import { t } from './strings';

type Schemas = components['schemas'];
export type Overview = Schemas['Overview'];
export type Totals = Schemas['Totals'];
export type SiteSummary = Schemas['SiteSummary'];
export type Site = Schemas['Site'];
export type Lea = Schemas['Lea'];
export type LeaChange = Schemas['LeaChange'];
export type ContactPerson = Schemas['Contact'];
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
export type WaiverDecision = Schemas['WaiverDecision'];
export type AppliedWaiver = Schemas['AppliedWaiver'];
export type Device = Schemas['Device'];
export type Placement = Schemas['Placement'];
export type PlacementRequest = Schemas['PlacementRequest'];
export type DeviceSummary = Schemas['DeviceSummary'];
export type DeviceList = Schemas['DeviceList'];
export type DeviceNames = Schemas['DeviceNames'];
export type RequirementResult = Schemas['RequirementResult'];
export type Transition = Schemas['Transition'];
export type State = Schemas['State'];
export type Result = Schemas['Result'];
export type States = Schemas['States'];
export type Grant = Schemas['Grant'];
export type PersonRole = Schemas['PersonRole'];
export type PersonState = Schemas['PersonState'];
export type Person = Schemas['Person'];
export type PersonAnswer = Schemas['PersonAnswer'];
export type PersonChange = Schemas['PersonChange'];
export type PersonList = Schemas['PersonList'];
export type PersonPatch = Schemas['PersonPatch'];
export type PersonReview = Schemas['PersonReview'];
export type ReviewedPerson = Schemas['ReviewedPerson'];
export type Token = Schemas['Token'];
export type TokenList = Schemas['TokenList'];
export type TokenMade = Schemas['TokenMade'];
export type AuditEntry = Schemas['AuditEntry'];
export type AuditList = Schemas['AuditList'];
export type AuditAct = Schemas['AuditAct'];
export type PeopleImport = Schemas['PeopleImport'];
export type InventoryImport = Schemas['InventoryImport'];
export type SiteImport = Schemas['SiteImport'];
export type RoomImport = Schemas['RoomImport'];
export type InventoryList = Schemas['InventoryList'];
export type InventorySummary = Schemas['InventorySummary'];
export type SiteInventory = Schemas['SiteInventory'];
export type Finding = Schemas['Finding'];
export type FindingKind = Schemas['FindingKind'];
export type FindingTotals = Schemas['FindingTotals'];
export type EnrollmentKey = Schemas['EnrollmentKey'];
export type EnrollmentKeyList = Schemas['EnrollmentKeyList'];
export type EnrollmentKeyMade = Schemas['EnrollmentKeyMade'];
export type SiteList = Schemas['SiteList'];
export type WaysToSignIn = Schemas['WaysToSignIn'];

interface Told {
  /** 0 without an answer. */
  status: number;
  /** A sentence that says what to do. */
  detail: string;
  /** Stable, without its "urn:testready:problem:". */
  type?: string;
  /** The place in what was sent. */
  pointer?: string;
  /** How long to wait before it is tried again; 0 where it was not said. */
  waitSeconds?: number;
}

/** What went wrong. */
export class Problem extends Error {
  readonly status: number;
  readonly detail: string;
  readonly type: string;
  readonly pointer: string;
  readonly waitSeconds: number;
  constructor(told: Told) {
    super(told.detail);
    this.status = told.status;
    this.detail = told.detail;
    this.type = told.type ?? '';
    this.pointer = told.pointer ?? '';
    this.waitSeconds = told.waitSeconds ?? 0;
  }
}

export const unreachable = (): Problem => new Problem({ status: 0, detail: t.unreachable });
export const problemOf = (error: unknown): Problem =>
  error instanceof Problem ? error : unreachable();

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
  const turn = sessionTurn();
  const answer = await ask(path, known?.etag ? { headers: { 'If-None-Match': known.etag } } : {});
  if (answer.status === 304 && known) {
    noteCheck(answer);
    return known.body as T;
  }
  if (answer.status === 403 && path !== sessionPath) void rolesAnew(turn);
  if (!answer.ok) throw await refused(answer, turn);
  const body = await bodyOf<T>(answer);
  noteCheck(answer);
  if (turn === sessionTurn()) keep(path, { etag: answer.headers.get('ETag') ?? '', body });
  return body;
}

interface Written {
  /** An object goes as JSON, the bytes of a file as CSV. */
  body?: object | Uint8Array<ArrayBuffer>;
  /** The version of what is changed, where the API wants it named. */
  version?: string;
  /** Whoever asks need not be signed in, and a refusal says nothing about who is. */
  isOpen?: boolean;
  /** Sent again with the same key it is answered as before, and nothing is made twice. */
  key?: string;
  /** What stops it, in the place of the time that other requests have. */
  signal?: AbortSignal;
}

export type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Changes something; returns what the collector answers. Throws a Problem. */
export async function write<T>(method: Method, path: string, written: Written = {}): Promise<T> {
  const { body, version, isOpen, key, signal } = written;
  const isFile = body instanceof Uint8Array;
  const turn = sessionTurn();
  const csrf = sessionCsrf();
  const answer = await ask(path, {
    method,
    headers: {
      ...(body && { 'Content-Type': isFile ? 'text/csv' : 'application/json' }),
      ...(version && { 'If-Match': `"${version}"` }),
      ...(csrf && { 'X-CSRF-Token': csrf }),
      ...(key && { 'Idempotency-Key': key }),
    },
    ...(body && { body: isFile ? body : JSON.stringify(body) }),
    ...(signal && { signal }),
  });
  if (!answer.ok) throw isOpen ? await problemIn(answer) : await refused(answer, turn);
  return bodyOf<T>(answer);
}

/** A file of the API, for who is signed in with a token: a link alone would not send it. */
export async function readFile(path: string): Promise<Blob> {
  const turn = sessionTurn();
  const answer = await ask(path, { headers: { Accept: '*/*' } });
  if (!answer.ok) throw await refused(answer, turn);
  return answer.blob();
}

/** Asks as @token, whoever is signed in. Throws a Problem. */
export async function readAs<T>(path: string, token: string): Promise<T> {
  const answer = await ask(path, {}, token);
  if (!answer.ok) throw await problemIn(answer);
  return bodyOf<T>(answer);
}

async function bodyOf<T>(answer: Response): Promise<T> {
  try {
    return (await answer.json()) as T;
  } catch {
    throw unreachable();
  }
}

interface Asked {
  method?: string;
  body?: string | Uint8Array<ArrayBuffer>;
  signal?: AbortSignal;
  headers?: Record<string, string>;
}

async function ask(path: string, asked: Asked, token = sessionToken()): Promise<Response> {
  const { headers, signal, ...rest } = asked;
  try {
    // The copies are kept here: one in the browser's cache would outlive the session.
    return await fetch(path, {
      ...rest,
      headers: {
        Accept: 'application/json',
        ...(token && { Authorization: `Bearer ${token}` }),
        ...headers,
      },
      cache: 'no-store',
      signal: signal ?? AbortSignal.timeout(timeoutMs),
    });
  } catch {
    throw unreachable();
  }
}

const sessionPath = '/v1/session';

/** A page that was open for who is signed in is not any more: menu and pages follow their roles. */
async function rolesAnew(turn: number): Promise<void> {
  try {
    const session = await read<Session>(sessionPath);
    if (turn === sessionTurn() && sessionState().phase === 'in') sessionUpdate(session);
  } catch {
    // The refusal itself is told.
  }
}

async function refused(answer: Response, turn: number): Promise<Problem> {
  const problem = await problemIn(answer);
  // A late answer to the one before must not end the session that followed.
  if (answer.status === 401 && turn === sessionTurn() && sessionState().phase === 'in')
    sessionEnd(sessionToken() ? `${t.sign_in.expired} ${problem.detail}` : t.sign_in.session_over);
  return problem;
}

async function problemIn(answer: Response): Promise<Problem> {
  const told: Record<string, unknown> = {};
  try {
    Object.assign(told, await answer.json());
  } catch {
    // A proxy in between may answer with something else than JSON.
  }
  const type = String(told['type'] ?? '').replace('urn:testready:problem:', '');
  const detail = String(told['detail'] ?? '');
  return new Problem({
    status: answer.status,
    detail: detail ? (t.told?.problem(type, detail) ?? detail) : t.unexpected_answer(answer.status),
    type,
    pointer: String(told['pointer'] ?? ''),
    waitSeconds: Number(answer.headers.get('Retry-After')) || 0,
  });
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
