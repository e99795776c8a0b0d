// SPDX-License-Identifier: Apache-2.0
// What an entry of the audit log changed: each member that differs, before and after.
import { Fragment } from 'preact';
import type { Grant } from './api';
import { said } from './format';
import { Outside } from './parts';
import { grantWords, type Places } from './places';
import { t } from './strings';

const s = t.audit;

interface Line {
  name: string;
  before: string | null;
  after: string | null;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isGrant = (value: Record<string, unknown>): boolean =>
  Object.hasOwn(t.people_roles, String(value['role'])) && typeof value['scope'] === 'string';

const names = t.audit_names;
const own = (words: Record<string, string>, word: string): string | undefined =>
  Object.hasOwn(words, word) ? words[word] : undefined;

/** What a member is called; one that is not known as the API calls it. */
const nameOf = (name: string): string => own(names.members, name) ?? said(name.replaceAll('_', ' '));

/** The members whose values are words of the API. */
const words: Record<string, Record<string, string>> = {
  role: { ...t.people_roles, ...t.roles },
  scope: t.place.scopes,
  kind: t.placement.kinds,
  status: names.statuses,
  resolution: names.resolutions,
};

/** The value of the member @name of @whole. */
function valueOf(name: string, value: unknown, whole: Record<string, unknown>, places: Places) {
  if (typeof value !== 'string') return wordsOf(value, places);
  // Of what is retired the reason is a word; elsewhere somebody wrote it.
  const known = name === 'reason' && 'placement' in whole ? t.placement.reasons : words[name];
  return own(known ?? {}, value) ?? (name === 'why' ? said(value) : wordsOf(value, places));
}

/** A value in words: nothing is left out. */
function wordsOf(value: unknown, places: Places): string {
  if (value === null || value === undefined || value === '') return s.nothing;
  if (value === true) return t.yes;
  if (value === false) return t.no;
  if (Array.isArray(value))
    return value.length === 0 ? s.nothing : value.map((it) => wordsOf(it, places)).join('; ');
  if (isObject(value) && isGrant(value)) return grantWords(value as Grant, places);
  if (isObject(value))
    return Object.entries(value)
      .map(([name, it]) => `${nameOf(name)}: ${valueOf(name, it, value, places)}`)
      .join(', ');
  return String(value);
}

/** What older collectors wrote as a number that says nothing to people. */
const plainOf = (name: string, value: unknown): unknown =>
  name === 'uses_left' && (value === -1 || value === 'unlimited') ? s.unlimited : value;

/** The members of @before and @after that differ; a value that is no object is one line. */
function linesOf(before: unknown, after: unknown, places: Places): Line[] {
  if (!isObject(before) && !isObject(after)) {
    if (before === null && after === null) return [];
    return [
      {
        name: '',
        before: before === null ? null : wordsOf(before, places),
        after: after === null ? null : wordsOf(after, places),
      },
    ];
  }
  const was = isObject(before) ? before : {};
  const is = isObject(after) ? after : {};
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .map((name) => ({
      name: nameOf(name),
      before: isObject(before) ? valueOf(name, plainOf(name, was[name]), was, places) : null,
      after: isObject(after) ? valueOf(name, plainOf(name, is[name]), is, places) : null,
    }))
    .filter((line) => (line.before ?? s.nothing) !== (line.after ?? s.nothing));
}

interface Props {
  before: unknown;
  after: unknown;
  places: Places;
}

export function AuditChange({ before, after, places }: Props) {
  const lines = linesOf(before, after, places);
  if (lines.length === 0) return <span class="muted">{t.empty_value}</span>;
  return (
    <dl class="change">
      {lines.map(({ name, before: was, after: is }) => (
        <Fragment key={name}>
          <dt>
            <Outside text={name} />
          </dt>
          <dd>
            {was !== null && (
              <span class="was">
                <span class="usa-sr-only">{s.before} </span>
                <Outside text={was} />
              </span>
            )}
            {was !== null && is !== null && <span aria-hidden="true"> → </span>}
            {is !== null && (
              <>
                <span class="usa-sr-only"> {s.after} </span>
                <Outside text={is} />
              </>
            )}
            {is === null && <span> ({s.gone})</span>}
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}
