// SPDX-License-Identifier: Apache-2.0
// Signing in and out. Other tabs of this browser have the same cookie, so they are told.
import { problemOf, read, readAs, write } from './api';
import {
  sessionAsking,
  sessionEnd,
  sessionFailed,
  sessionStart,
  sessionState,
  sessionToken,
  sessionUpdate,
  type Session,
} from './session';
import { t } from './strings';

const tabs = new BroadcastChannel('testready.session');
tabs.onmessage = () => {
  if (!sessionToken()) void askSession(t.sign_in.signed_out_elsewhere);
};
const tellTabs = (): void => tabs.postMessage('changed');

/** Who @token is of, or, where it is "", whose session this is. Throws a Problem. */
const whoIs = (token: string): Promise<Session> => readAs<Session>('/v1/session', token);

/**
 * Finds out who is signed in, after a load or when it may have changed. @reason: what is said if
 * somebody was and is not any more.
 */
export async function askSession(reason = ''): Promise<void> {
  const before = sessionState();
  const token = sessionToken();
  try {
    const session = await whoIs(token);
    if (before.phase === 'in' && before.session.csrf_token === session.csrf_token)
      return sessionUpdate(session);
    sessionStart(session, token);
  } catch (error) {
    const problem = problemOf(error);
    if (problem.status !== 401) return sessionFailed(problem);
    if (token) return sessionEnd(`${t.sign_in.expired} ${problem.detail}`);
    sessionEnd(before.phase === 'in' ? reason : '');
  }
}

export function askSessionAgain(): void {
  sessionAsking();
  void askSession();
}

/** Takes up @session anew: what somebody may, or has, has changed. */
export const refreshSession = async (): Promise<void> =>
  sessionUpdate(await read<Session>('/v1/session'));

export interface Credentials {
  login: string;
  password: string;
  code?: string;
}

/** Throws a Problem; `second-factor-needed` asks for the code as well. */
export async function signIn(credentials: Credentials): Promise<void> {
  await write('POST', '/v1/session', { body: credentials, isOpen: true });
  // Without a token: the cookie is what counts from now on.
  sessionStart(await whoIs(''));
  tellTabs();
}

/** As whoever a proxy in front says. Throws a Problem. */
export async function signInByProxy(): Promise<void> {
  await write('POST', '/v1/session/proxy', { isOpen: true });
  sessionStart(await whoIs(''));
  tellTabs();
}

/** Tries the token before it is kept. Throws a Problem. */
export const signInWithToken = async (token: string): Promise<void> =>
  sessionStart(await whoIs(token), token);

export async function signOut(): Promise<void> {
  // A token knows no session: it is enough to forget it.
  if (!sessionToken()) await write('DELETE', '/v1/session');
  sessionEnd(t.sign_in.signed_out);
  tellTabs();
}

/** Returns how many sessions ended. Throws a Problem. */
export async function signOutEverywhere(): Promise<void> {
  const { ended } = await write<{ ended: number }>('DELETE', '/v1/sessions');
  sessionEnd(t.sign_in.signed_out_everywhere(ended));
  tellTabs();
}
