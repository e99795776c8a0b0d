// SPDX-License-Identifier: Apache-2.0
// The schools and LEAs that one may see, by code and name: to write roles in words and to find
// a place by its name. They are read in parts, once for as long as somebody is signed in.
import { useEffect, useState } from 'preact/hooks';
import { read, type Grant, type PersonRole, type Scope, type SiteList } from './api';
import { may, sessionTurn } from './session';
import { t } from './strings';

export interface Place {
  scope: 'lea' | 'site';
  code: string;
  name: string;
  /** Of a school: the name and code of its LEA. */
  lea: { code: string; name: string };
}

export interface Places {
  all: Place[];
  isComplete: boolean;
}

const none: Places = { all: [], isComplete: false };
const partRows = 500;
let turn = -1;
let known = none;
let loading: Promise<void> | null = null;
const watchers = new Set<(places: Places) => void>();

async function load(mine: number): Promise<void> {
  const leas = new Map<string, Place>();
  const sites: Place[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const after: string = cursor && `&cursor=${encodeURIComponent(cursor)}`;
    const part: SiteList = await read<SiteList>(`/v1/sites?limit=${partRows}${after}`);
    if (mine !== turn) return;
    for (const { code, name, lea } of part.sites) {
      sites.push({ scope: 'site', code, name, lea });
      if (!leas.has(lea.code)) leas.set(lea.code, { scope: 'lea', ...lea, lea });
    }
    cursor = part.next_cursor;
    known = { all: [...leas.values(), ...sites], isComplete: cursor === null };
    for (const watcher of watchers) watcher(known);
  }
}

export function usePlaces(): Places {
  const [places, setPlaces] = useState(turn === sessionTurn() ? known : none);
  useEffect(() => {
    if (turn !== sessionTurn()) {
      turn = sessionTurn();
      known = none;
      loading = null;
    }
    watchers.add(setPlaces);
    // What came between the drawing and now.
    setPlaces(known);
    // Without them codes are shown; the next page that needs them asks again.
    if (may('see')) loading ??= load(turn).catch(() => void (loading = null));
    return () => void watchers.delete(setPlaces);
  }, []);
  return places;
}

export const placeName = (places: Places, scope: string, code: string): string =>
  places.all.find((place) => place.scope === scope && place.code === code)?.name ?? code;

/** "Site coordinator of Lincoln High". */
export function grantWords(grant: Grant, places: Places): string {
  const { role, scope, code } = grant;
  const place = scope === 'state' ? t.whole_state : placeName(places, scope, code ?? '');
  return t.role_of(t.people_roles[role], place);
}

/** Roles from the widest to the narrowest, each with the scopes at which it can be had. */
const roleScopes: Record<PersonRole, readonly Scope[]> = {
  admin: ['state'],
  lea_coordinator: ['lea'],
  tech_coordinator: ['site', 'lea'],
  site_coordinator: ['site'],
  viewer: ['site', 'lea', 'state'],
};
const roles = Object.keys(roleScopes) as PersonRole[];

/** What somebody with @grants may give to others; the collector decides. */
export interface Gift {
  roles: PersonRole[];
  scopes: (role: PersonRole) => Scope[];
  places: (places: Places, scope: Scope) => Place[];
}

export function giftOf(grants: Grant[]): Gift {
  const isAdmin = grants.some(({ role }) => role === 'admin');
  const leas = new Set(
    grants.filter(({ role }) => role === 'lea_coordinator').map(({ code }) => code),
  );
  return {
    roles: isAdmin ? roles : leas.size > 0 ? roles.slice(1) : [],
    scopes: (role) => roleScopes[role].filter((scope) => isAdmin || scope !== 'state'),
    places: ({ all }, scope) =>
      all.filter((place) => place.scope === scope && (isAdmin || leas.has(place.lea.code))),
  };
}
