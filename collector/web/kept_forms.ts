// SPDX-License-Identifier: Apache-2.0
// What was typed, over the load that another language needs: it is kept for that load alone, and
// never a password.
const key = 'testready.kept';

type Values = Record<string, string>;

interface Kept {
  address: string;
  forms: Record<string, Values>;
  /** Why nobody was signed in, where that is shown. */
  failure: string;
}

const address = (): string => location.pathname + location.search;

function take(): Kept {
  const text = sessionStorage.getItem(key);
  sessionStorage.removeItem(key);
  return text ? (JSON.parse(text) as Kept) : { address: '', forms: {}, failure: '' };
}

const kept = take();
const shown = new Map<string, () => Values>();

/** What was typed into the form @id before the load. */
export const keptValues = (id: string): Values =>
  kept.address === address() ? (kept.forms[id] ?? {}) : {};

/** The form @id was sent: nothing of it is left to be kept. */
export const forgetKept = (id: string): void => void delete kept.forms[id];

/** @typed: what was typed into the form @id that may be kept; returns what ends that. */
export function watchForm(id: string, typed: () => Values): () => void {
  shown.set(id, typed);
  return () => void (shown.get(id) === typed && shown.delete(id));
}

export const keptFailure = (): string => kept.failure;

export function keepForms(failure: string): void {
  const forms = Object.fromEntries([...shown].map(([id, typed]) => [id, typed()]));
  const next: Kept = { address: address(), forms, failure };
  sessionStorage.setItem(key, JSON.stringify(next));
}
