// SPDX-License-Identifier: Apache-2.0
// Whoever comes back from the identity provider without being signed in gets our pages from the
// collector with a word for why.
import { keptFailure } from './kept_forms';
import { replaceAddress } from './route';
import { t } from './strings';

const texts: Record<string, string> = t.sign_on_failed.why;
let word = keptFailure();

/** Takes the word from @place, where the app shows itself, and the provider's answer from the address. */
export function takeFailure(place: HTMLElement): void {
  const told = place.dataset['notSignedIn'];
  if (told === undefined) return;
  word = told;
  place.replaceChildren();
  replaceAddress('/');
}

/** It belongs to the page that is shown first: whoever goes on or signs in has read it. */
export function failureWord(turn: number, address: string): string {
  if (turn > 1 || address !== '/') word = '';
  return word;
}

/** A word that the pages do not know says no more than that it failed. */
export const failureText = (failed: string): string =>
  (Object.hasOwn(texts, failed) ? texts[failed] : texts['fault']) ?? '';
