// SPDX-License-Identifier: Apache-2.0
// Who is signed in, in this browser tab: by a session, whose cookie no script can read, or by an
// API token, kept in sessionStorage so that it ends with the tab. Nothing else is kept.
import type { components } from 'api-schema';
import { useEffect, useState } from 'preact/hooks';
import type { Problem } from './api';

export type Session = components['schemas']['Session'];
export type Action = components['schemas']['Action'];

export type State =
  | { phase: 'asking' }
  | { phase: 'failed'; problem: Problem }
  /** @reason: why nobody is signed in; empty at the first visit. */
  | { phase: 'out'; reason: string }
  | { phase: 'in'; session: Session };

const key = 'testready.token';
const listeners = new Set<() => void>();
let state: State = { phase: 'asking' };
/** Grows with everybody who signs in or out: what was asked before is not for who is there now. */
let turn = 0;

export const sessionState = (): State => state;
export const sessionTurn = (): number => turn;
export const sessionToken = (): string => sessionStorage.getItem(key) ?? '';
export const sessionCsrf = (): string => (state.phase === 'in' && state.session.csrf_token) || '';

/** Whether the roles of who is signed in allow @action somewhere. */
export const may = (action: Action): boolean =>
  state.phase === 'in' && state.session.may.includes(action);

export function sessionStart(session: Session, token = ''): void {
  if (token) sessionStorage.setItem(key, token);
  else sessionStorage.removeItem(key);
  change({ phase: 'in', session });
}

/** The same person in the same session, of whom more or something else is known now. */
export function sessionUpdate(session: Session): void {
  state = { phase: 'in', session };
  tell();
}

export function sessionEnd(reason: string): void {
  sessionStorage.removeItem(key);
  change({ phase: 'out', reason });
}

export const sessionFailed = (problem: Problem): void => change({ phase: 'failed', problem });
export const sessionAsking = (): void => change({ phase: 'asking' });

/** Calls @listener whenever someone signs in or out; returns what stops that. */
export function sessionWatch(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useSession(): { state: State; turn: number } {
  const [shown, setShown] = useState({ state, turn });
  useEffect(() => {
    const listener = () => setShown({ state, turn });
    listener();
    return sessionWatch(listener);
  }, []);
  return shown;
}

/** Whether @text can be a token: anything else must not reach a request header. */
export const isToken = (text: string): boolean => /^trt_[0-9A-Za-z_-]{1,200}$/.test(text);

/** Takes what follows @name in the address's fragment, and removes it from the address. */
function takeFragment(pattern: RegExp): string {
  const found = pattern.exec(location.hash);
  if (!found) return '';
  history.replaceState(history.state, '', location.pathname + location.search);
  return found[1] ?? '';
}

/**
 * Keeps the token of the address (`/#token=trt_…`, as the demo prints it), if there is one, and
 * removes it from there, so that it is neither bookmarked nor seen by the next person.
 */
export function tokenFromAddress(): boolean {
  const token = takeFragment(/^#token=(.*)$/);
  if (!isToken(token)) return false;
  sessionStorage.setItem(key, token);
  return true;
}

let code = '';

/** The code of an invitation or of the set-up: `/invitation#tri_…`. It leaves the address too. */
export function codeFromAddress(): boolean {
  const found = takeFragment(/^#(tri_[0-9A-Za-z_-]{1,100})$/);
  if (found) code = found;
  return found !== '';
}

export const invitationCode = (): string => code;

/** Loads the page anew, with the code that has left its address. */
export function loadAnew(): void {
  if (code) history.replaceState(history.state, '', `${location.pathname}${location.search}#${code}`);
  location.reload();
}

export const forgetCode = (): void => void (code = '');

function change(next: State): void {
  state = next;
  turn++;
  tell();
}

function tell(): void {
  for (const listener of listeners) listener();
}
