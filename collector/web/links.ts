// SPDX-License-Identifier: Apache-2.0
// Where each number leads: for every number that a page shows, the address of exactly the rows
// that it counts, by the definitions of the API's contract.
import type { State } from './api';

/** The states of each tile. Their numbers add up to the expected devices. */
export const groupStates = {
  ready: ['ready', 'ready_with_warnings'],
  needs_work: ['not_ready'],
  unknown_or_stale: ['unknown', 'stale', 'never_seen', 'conflict'],
} as const satisfies Record<string, readonly State[]>;
export type Group = keyof typeof groupStates;

/** A device whose report is fresh and not in conflict is in one of these. */
const freshStates: readonly State[] = ['not_ready', 'unknown', 'ready_with_warnings', 'ready'];
const staleStates: readonly State[] = ['stale', 'never_seen', 'conflict'];
const notReadyStates: readonly State[] = [
  ...groupStates.needs_work,
  ...groupStates.unknown_or_stale,
];

export interface Filter {
  state?: readonly State[];
  fix?: string;
  requirement?: string;
  passes?: string;
  room?: string;
  expected?: boolean;
  /** Whether a requirement is waived on them. */
  waived?: boolean;
  /** This requirement is waived on them. */
  waives?: string;
}

export const siteLink = (code: string): string => `/sites/${encodeURIComponent(code)}`;
export const leaLink = (code: string): string => `/leas/${encodeURIComponent(code)}`;
export const deviceLink = (id: string): string => `/devices/${encodeURIComponent(id)}`;

export const profilesLink = '/profiles';

/** The requirements of a profile; with @site what that school is judged by. */
export const profileLink = (id: string, site?: string): string =>
  `/profiles/${encodeURIComponent(id)}${site ? `?site=${encodeURIComponent(site)}` : ''}`;

/** The waivers; what is given here is already in the form. */
export interface WaiverStart {
  profile?: string;
  requirement?: string;
  site?: string;
  state?: string;
}
export function waiversLink(start: WaiverStart = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(start)) if (value) query.set(name, String(value));
  const text = query.toString();
  return `/waivers${text && `?${text}`}`;
}

export function rowsLink(code: string, filter: Filter = {}): string {
  const query = new URLSearchParams();
  if (filter.state) query.set('state', filter.state.join(','));
  for (const name of ['fix', 'requirement', 'passes', 'room', 'waives'] as const) {
    const value = filter[name];
    if (value !== undefined) query.set(name, value);
  }
  for (const name of ['expected', 'waived'] as const) {
    const value = filter[name];
    if (value !== undefined) query.set(name, String(value));
  }
  // A comma needs no escape in a query, and people read these addresses.
  const text = query.toString().replaceAll('%2C', ',');
  return `${siteLink(code)}/devices${text && `?${text}`}`;
}

export const expectedRows = (code: string) => rowsLink(code, { expected: true });
export const unexpectedRows = (code: string) => rowsLink(code, { expected: false });
export const stateRows = (code: string, state: State) =>
  rowsLink(code, { state: [state], expected: true });
export const groupRows = (code: string, group: Group) =>
  rowsLink(code, { state: groupStates[group], expected: true });
/** The part of the ready devices that is ready although something on them fails. */
export const waivedRows = (code: string) =>
  rowsLink(code, { state: groupStates.ready, expected: true, waived: true });
export const waivesRows = (code: string, requirement: string) =>
  rowsLink(code, { expected: true, waives: requirement });
export const notReadyRows = (code: string) =>
  rowsLink(code, { state: notReadyStates, expected: true });
export const freshRows = (code: string) => rowsLink(code, { state: freshStates, expected: true });
export const staleRows = (code: string) => rowsLink(code, { state: staleStates, expected: true });
export const browserRows = (code: string) =>
  rowsLink(code, { passes: 'browser.version', expected: true });
export const browserMissingRows = (code: string) =>
  rowsLink(code, { requirement: 'browser.version', expected: true });

/** The work list counts expected devices with a fresh report. */
export const fixRows = (code: string, fix: string, room?: string) =>
  rowsLink(code, { state: freshStates, fix, expected: true, ...(room !== undefined && { room }) });

export const roomRows = (code: string, room: string) => rowsLink(code, { room, expected: true });
export const roomReadyRows = (code: string, room: string) =>
  rowsLink(code, { state: groupStates.ready, room, expected: true });
export const roomNotReadyRows = (code: string, room: string) =>
  rowsLink(code, { state: notReadyStates, room, expected: true });

/** What does not fit together at a school; of one kind, or all. */
export const inventoryRows = (code: string, kind = '', days = ''): string =>
  queryLink(`${siteLink(code)}/inventory`, { kind, days });
export const inventoriesLink = '/inventory';
export const importsLink = '/imports';
export const importInventoryLink = queryLink(importsLink, { what: 'inventory' });

export const setupLink = '/setup';
export const accountLink = '/account';
export const peopleLink = '/people';
export const personAddLink = '/people/add';
export const reviewLink = '/people/review';
export const importLink = '/people/import';
export const keysLink = '/keys';
export const tokensLink = '/tokens';
export const auditLink = '/audit';

/** @path with those of @query that say something. */
export function queryLink(path: string, query: Record<string, string>): string {
  const said = Object.entries(query).filter(([, value]) => value !== '');
  const text = new URLSearchParams(said).toString();
  return `${path}${text && `?${text}`}`;
}
export const personLink = (id: string): string => `/people/${encodeURIComponent(id)}`;
