// SPDX-License-Identifier: Apache-2.0
// Which page the address names, and moving between pages without loading them anew.
import { useEffect, useState } from 'preact/hooks';

export type Route =
  | { page: 'overview'; query: URLSearchParams }
  | { page: 'site'; code: string }
  | { page: 'lea'; code: string }
  | { page: 'devices'; code: string; query: URLSearchParams }
  | { page: 'device'; id: string }
  | { page: 'inventories'; query: URLSearchParams }
  | { page: 'inventory'; code: string; query: URLSearchParams }
  | { page: 'imports'; query: URLSearchParams }
  | { page: 'profiles' }
  | { page: 'profile'; id: string; query: URLSearchParams }
  | { page: 'waivers'; query: URLSearchParams }
  | { page: 'setup' }
  | { page: 'invitation' }
  | { page: 'account' }
  | { page: 'people'; query: URLSearchParams }
  | { page: 'person'; id: string }
  | { page: 'person_add' }
  | { page: 'people_review'; query: URLSearchParams }
  | { page: 'people_import' }
  | { page: 'keys'; query: URLSearchParams }
  | { page: 'tokens'; query: URLSearchParams }
  | { page: 'audit'; query: URLSearchParams }
  | { page: 'not_found' };

const code = '([0-9A-Za-z._-]{1,32})';
const pages: { path: RegExp; route: (match: string, query: URLSearchParams) => Route }[] = [
  { path: /^\/$/, route: (_, query) => ({ page: 'overview', query }) },
  { path: new RegExp(`^/sites/${code}/?$`), route: (match) => ({ page: 'site', code: match }) },
  { path: new RegExp(`^/leas/${code}/?$`), route: (match) => ({ page: 'lea', code: match }) },
  {
    path: new RegExp(`^/sites/${code}/devices/?$`),
    route: (match, query) => ({ page: 'devices', code: match, query }),
  },
  { path: /^\/devices\/([0-9a-f]{32})\/?$/, route: (match) => ({ page: 'device', id: match }) },
  { path: /^\/inventory\/?$/, route: (_, query) => ({ page: 'inventories', query }) },
  {
    path: new RegExp(`^/sites/${code}/inventory/?$`),
    route: (match, query) => ({ page: 'inventory', code: match, query }),
  },
  { path: /^\/imports\/?$/, route: (_, query) => ({ page: 'imports', query }) },
  { path: /^\/profiles\/?$/, route: () => ({ page: 'profiles' }) },
  {
    path: /^\/profiles\/([0-9A-Za-z._-]{1,64})\/?$/,
    route: (match, query) => ({ page: 'profile', id: match, query }),
  },
  { path: /^\/waivers\/?$/, route: (_, query) => ({ page: 'waivers', query }) },
  { path: /^\/setup\/?$/, route: () => ({ page: 'setup' }) },
  { path: /^\/invitation\/?$/, route: () => ({ page: 'invitation' }) },
  { path: /^\/account\/?$/, route: () => ({ page: 'account' }) },
  { path: /^\/people\/?$/, route: (_, query) => ({ page: 'people', query }) },
  { path: /^\/people\/([0-9a-f]{32})\/?$/, route: (match) => ({ page: 'person', id: match }) },
  { path: /^\/people\/add\/?$/, route: () => ({ page: 'person_add' }) },
  { path: /^\/people\/review\/?$/, route: (_, query) => ({ page: 'people_review', query }) },
  { path: /^\/people\/import\/?$/, route: () => ({ page: 'people_import' }) },
  { path: /^\/keys\/?$/, route: (_, query) => ({ page: 'keys', query }) },
  { path: /^\/tokens\/?$/, route: (_, query) => ({ page: 'tokens', query }) },
  { path: /^\/audit\/?$/, route: (_, query) => ({ page: 'audit', query }) },
];

export function routeOf(path: string, search: string): Route {
  for (const page of pages) {
    const match = page.path.exec(path);
    if (match) return page.route(match[1] ?? '', new URLSearchParams(search));
  }
  return { page: 'not_found' };
}

const address = () => location.pathname + location.search;

/** The address of the page that is shown; a jump within the page does not change it. */
let shown = address();
const listeners = new Set<() => void>();

/** Set by a move from page to page, and taken by the heading that then receives the focus. */
let headingIsDue = false;
let scrollIsDue = 0;

/** What the new page's heading must do once it is there; null when nobody has moved. */
export function takeArrival(): { scrollTo: number } | null {
  if (!headingIsDue) return null;
  headingIsDue = false;
  return { scrollTo: scrollIsDue };
}

export function expectArrival(scrollTo = 0): void {
  headingIsDue = true;
  scrollIsDue = scrollTo;
}

export function go(to: string): void {
  history.replaceState({ scroll: window.scrollY }, '');
  history.pushState({ scroll: 0 }, '', to);
  expectArrival();
  tell();
}

/** Changes the address of the page that is shown, without a step in the history. */
export function replaceAddress(to: string): void {
  history.replaceState(history.state, '', to);
  shown = address();
}

/** Lets links within the app move without a load. Call once. */
export function routeStart(): void {
  history.scrollRestoration = 'manual';
  document.addEventListener('click', follow);
  window.addEventListener('popstate', (event) => {
    if (address() === shown) return;
    expectArrival((event.state as { scroll?: number } | null)?.scroll ?? 0);
    tell();
  });
}

export function useAddress(): string {
  const [current, setCurrent] = useState(address);
  useEffect(() => {
    const listener = () => setCurrent(shown);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return current;
}

function follow(event: MouseEvent): void {
  if (
    event.defaultPrevented ||
    event.button !== 0 ||
    event.metaKey ||
    event.ctrlKey ||
    event.shiftKey ||
    event.altKey
  )
    return;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (!link || link.target || link.origin !== location.origin || link.pathname.startsWith('/v1/'))
    return;
  if (link.hash && link.pathname + link.search === address()) return;
  event.preventDefault();
  go(link.pathname + link.search);
}

/** Draws the page that is shown anew: what it was opened with has changed. */
export function routeTell(): void {
  expectArrival();
  tell();
}

function tell(): void {
  shown = address();
  for (const listener of listeners) listener();
}
