// SPDX-License-Identifier: Apache-2.0
// What a file changes: a table of its rows with before and after, school by school where a school
// has more than one.
import type { Answer } from './import_job';
import { Head, Outside, Table } from './parts';
import { placeName, usePlaces } from './places';
import { t } from './strings';

const s = t.imports;

/** What is said of a row, by its fields. */
export type Fields = Record<string, string | number | boolean | null | undefined>;

export interface Change {
  change: string;
  site: string;
  before: object | null;
  after: object | null;
  /** Of a device that is there; a line has none. */
  device?: string | null;
}

/** At one school: how many of each kind. */
export interface SiteChanges {
  site: string;
  [kind: string]: number | string;
}

/** What all answers have whose changes are told here. */
export interface ChangesAnswer extends Answer {
  sites: SiteChanges[];
  n_sites: number;
  rows: Change[];
}

export interface Link {
  href: string;
  text: string;
}

/** How the rows of a kind of file are told. */
export interface Look {
  /** What a row is of: "Device". */
  thing: string;
  caption: string;
  captionOf: (site: string) => string;
  changes: Record<string, string>;
  /** In the order in which they are told. */
  fields: Record<string, string>;
  wordOf: (field: string, value: Fields[string]) => string;
  nameOf: (row: Fields, site: string) => string;
  /** Where the row is; "": nowhere. */
  linkOf: (change: Change, isLoaded: boolean) => string;
  /** Where the changes of a school are seen once they are loaded. */
  siteLink: (site: string, name: string) => Link;
  counts: Record<string, (n: number) => string>;
  /** Each school is one row. */
  isFlat?: boolean;
}

interface Props {
  look: Look;
  answer: ChangesAnswer;
  before: ChangesAnswer | null;
}

/** Rows that are the same in two answers: nothing has changed between these. */
const keyOf = (change: Change): string => JSON.stringify(change);

/** "3 new, 1 changed": those that are not 0. */
export const changesOf = (look: Look, counts: Record<string, unknown>): string =>
  Object.entries(look.counts)
    .flatMap(([kind, words]) => (Number(counts[kind]) > 0 ? [words(Number(counts[kind]))] : []))
    .join(', ') || s.no_change;

const sumOf = (counts: SiteChanges): number =>
  Object.values(counts).reduce<number>((sum, n) => sum + (typeof n === 'number' ? n : 0), 0);

export function Changes({ look, answer, before }: Props) {
  const places = usePlaces();
  const known = before && new Set(before.rows.map(keyOf));
  const { sites, n_sites, rows, is_loaded: isLoaded } = answer;
  if (sites.length === 0) return <p>{s.nothing}</p>;
  const shared = { look, isLoaded, known };
  if (look.isFlat)
    return (
      <>
        <ChangeTable {...shared} caption={look.caption} rows={rows} />
        {n_sites > rows.length && <p class="secondary">{s.more_schools(n_sites - rows.length)}</p>}
      </>
    );
  return (
    <>
      {sites.map((site) => (
        <SiteSection
          {...shared}
          key={site.site}
          site={site}
          name={placeName(places, 'site', site.site)}
          rows={rows.filter((row) => row.site === site.site)}
        />
      ))}
      {n_sites > sites.length && <p>{s.more_schools(n_sites - sites.length)}</p>}
    </>
  );
}

interface SharedProps {
  look: Look;
  isLoaded: boolean;
  known: Set<string> | null;
  rows: Change[];
}

function SiteSection({ site, name, ...shared }: SharedProps & { site: SiteChanges; name: string }) {
  const { look, isLoaded, rows } = shared;
  const more = sumOf(site) - rows.length;
  const { href, text } = look.siteLink(site.site, name);
  return (
    <section aria-labelledby={`changes-${site.site}`} data-site={site.site}>
      <h3 id={`changes-${site.site}`}>
        <Outside text={name} />: {changesOf(look, site)}
      </h3>
      {isLoaded && (
        <p>
          <a href={href}>
            <Outside text={text} />
          </a>
        </p>
      )}
      {rows.length > 0 && <ChangeTable {...shared} caption={look.captionOf(name)} />}
      {more > 0 && (
        <p class="secondary">{rows.length > 0 ? s.more_rows(more) : s.not_shown}</p>
      )}
    </section>
  );
}

const ChangeTable = ({ caption, rows, ...shared }: SharedProps & { caption: string }) => (
  <Table
    caption={caption}
    class="changes-table"
    head={
      <>
        <Head text={shared.look.thing} />
        <Head text={s.change} />
        <Head text={s.before_after} />
      </>
    }
  >
    {rows.map((change) => (
      <ChangeRow {...shared} key={keyOf(change)} change={change} />
    ))}
  </Table>
);

interface RowProps extends Omit<SharedProps, 'rows'> {
  change: Change;
}

function ChangeRow({ change, look, isLoaded, known }: RowProps) {
  const before = change.before as Fields | null;
  const after = change.after as Fields | null;
  const link = look.linkOf(change, isLoaded);
  const name = <Outside text={look.nameOf(after ?? before ?? {}, change.site)} />;
  return (
    <tr data-change={change.change}>
      <th scope="row">{link ? <a href={link}>{name}</a> : name}</th>
      <td>
        {look.changes[change.change]}
        {known && !known.has(keyOf(change)) && (
          <span class="secondary">
            <mark class="wrong-cell">{s.differs}</mark>
          </span>
        )}
      </td>
      <td>
        <dl class="change">
          {Object.entries(look.fields)
            .filter(([field]) => isTold(before, after, field))
            .map(([field, label]) => (
              <Was
                key={field}
                label={label}
                before={before}
                after={after}
                word={(row) => look.wordOf(field, row[field])}
              />
            ))}
        </dl>
      </td>
    </tr>
  );
}

/** What differs; of what comes or goes all that it has. */
function isTold(before: Fields | null, after: Fields | null, field: string): boolean {
  const now = (after ?? before)?.[field];
  if (before && after) return before[field] !== now;
  return now !== undefined && now !== null && now !== '' && now !== true;
}

interface WasProps {
  label: string;
  before: Fields | null;
  after: Fields | null;
  word: (row: Fields) => string;
}

const Was = ({ label, before, after, word }: WasProps) => (
  <>
    <dt>{label}</dt>
    <dd>
      {before && (
        <span class={after ? 'was' : undefined}>
          <Outside text={word(before)} />
        </span>
      )}
      {before && after && ' → '}
      {after && <Outside text={word(after)} />}
    </dd>
  </>
);
