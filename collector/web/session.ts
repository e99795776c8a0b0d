// SPDX-License-Identifier: Apache-2.0
// The token of this browser tab. It is kept in sessionStorage so that it ends with the tab.

const key = 'testready.token';
const listeners = new Set<() => void>();

/** Why nobody is signed in; shown on the sign-in page. Empty at the first visit. */
let reason = '';

export const sessionToken = (): string => sessionStorage.getItem(key) ?? '';
export const sessionReason = (): string => reason;

export function sessionStart(token: string): void {
  sessionStorage.setItem(key, token);
  reason = '';
  tell();
}

export function sessionEnd(why: string): void {
  sessionStorage.removeItem(key);
  reason = why;
  tell();
}

/** Calls @listener whenever someone signs in or out; returns what stops that. */
export function sessionWatch(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether @text can be a token: anything else must not reach a request header. */
export const isToken = (text: string): boolean => /^trt_[0-9A-Za-z_-]{1,200}$/.test(text);

/**
 * Takes a token from the address (`/#token=trt_…`, as the collector prints it) and removes it
 * from there, so that it is neither bookmarked nor seen by the next person.
 */
export function sessionFromAddress(): void {
  const found = /^#token=(.*)$/.exec(location.hash);
  if (!found) return;
  history.replaceState(history.state, '', location.pathname + location.search);
  const token = found[1] ?? '';
  if (isToken(token)) sessionStart(token);
}

function tell(): void {
  for (const listener of listeners) listener();
}
