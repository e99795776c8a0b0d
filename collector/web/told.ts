// SPDX-License-Identifier: Apache-2.0
// What comes from the API is the state's English: requirements, fixes, refusals. Where the pages
// have words of their own for it they say those; the rest is shown as it came, marked as English
// so that a screen reader does not read it as Spanish.
import type { Overview, Rule, Site, State } from './api';

/** What the API says, in the words of another language. */
export interface ApiWords {
  overview: (overview: Overview) => string;
  site: (site: Site) => string;
  site_next: (site: Site) => string;
  rule_titles: Record<Rule['id'], string>;
  evidence: (rule: Rule, site: Site) => string;
  /** Of a device: what its state asks for. */
  device_next: Partial<Record<State, string>>;
  /** Of a profile: a title or what to do, where it is known word for word; else as it came. */
  text: (text: string) => string;
  /** Who did something, where it is no person's name: the command line. */
  who: (who: string) => string;
  /** @type: of the problem, without its prefix. @detail: the API's own sentence. */
  problem: (type: string, detail: string) => string;
}

// For private use: in no text that anybody writes.
const begin = '\uE000';
const end = '\uE001';
const marks = /[\uE000\uE001]/g;

export const withoutMarks = (text: string): string => text.replace(marks, '');

/** @text marked as English, for a sentence in another language. */
export const inEnglish = (text: string): string => `${begin}${withoutMarks(text)}${end}`;

/** The parts of a sentence, each as its own language. */
export const partsOf = (sentence: string): { text: string; isEnglish: boolean }[] =>
  sentence
    .split(/(\uE000[^\uE001]*\uE001)/)
    .filter((text) => text !== '')
    .map((text) => ({ text: withoutMarks(text), isEnglish: text.startsWith(begin) }));
