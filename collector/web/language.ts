// SPDX-License-Identifier: Apache-2.0
// Which language the pages speak: what the person chose, else the first of the browser's that
// they know, else English. It holds for all of a load: whoever chooses another loads anew.
export type Language = 'en' | 'es';

/** Each by its own name: whoever looks for one may not read the other. */
export const languageNames: Record<Language, string> = { en: 'English', es: 'Español' };

const key = 'testready.language';

function known(tag: string): Language | undefined {
  const primary = tag.toLowerCase().split('-')[0] ?? '';
  return Object.hasOwn(languageNames, primary) ? (primary as Language) : undefined;
}

function wanted(): Language {
  const chosen = known(localStorage.getItem(key) ?? '');
  if (chosen) return chosen;
  for (const tag of navigator.languages) {
    const language = known(tag);
    if (language) return language;
  }
  return 'en';
}

export const language: Language = wanted();

/** What counts from the next load on, in every tab. */
export const chooseLanguage = (next: Language): void => localStorage.setItem(key, next);

/** The words of another language for those of @T: all of them, and with the same parameters. */
export type Translated<T> = T;
