// SPDX-License-Identifier: Apache-2.0
// The audit log: who changed what, with what was there before and what is there now.
import type { AuditEntry, AuditList } from './api';
import { AuditChange } from './audit_change';
import { FileLink } from './file_link';
import { Form, SelectField, TextField, useForm } from './form';
import { formatClock, whoText } from './format';
import { auditLink, personLink, queryLink } from './links';
import { useList } from './list';
import { Empty, Head, Outside, Table, Title } from './parts';
import { placeName, usePlaces, type Places } from './places';
import { go } from './route';
import { may } from './session';
import { t } from './strings';

const s = t.audit;
const names = ['act', 'object', 'account', 'since', 'until'] as const;

/** The API refuses what it does not know, so an address from elsewhere is cut down to these. */
function filtersOf(query: URLSearchParams): Record<string, string> {
  const filters: Record<string, string> = {};
  for (const name of names) filters[name] = query.get(name) ?? '';
  if (!Object.hasOwn(s.acts, filters['act'] ?? '')) filters['act'] = '';
  return filters;
}

export function AuditPage({ query }: { query: URLSearchParams }) {
  const filters = filtersOf(query);
  const isFiltered = names.some((name) => filters[name]);
  const path = queryLink('/v1/audit', { limit: '100', ...filters });
  const list = useList(path, (part: AuditList) => part.entries);
  const places = usePlaces();
  const { first, rows: entries } = list;
  // A filter that is refused is mended where it stands.
  if (!first && list.problem?.status !== 400) return list.instead;
  return (
    <>
      <Title text={t.nav.audit} />
      <p class="explain">{s.explain}</p>
      {list.notUpdated}
      <Filters filters={filters} />
      {filters['account'] && (
        <p>
          {s.of_account} <a href={queryLink(auditLink, { ...filters, account: '' })}>{s.all}</a>
        </p>
      )}
      {first && entries.length === 0 && (
        <Empty>
          {isFiltered ? s.none_fits : s.empty} {isFiltered && <a href={auditLink}>{s.show_all}</a>}
        </Empty>
      )}
      {entries.length > 0 && <Entries entries={entries} places={places} />}
      {list.showMore}
      <p class="screen-only">
        <FileLink href={queryLink('/v1/audit.csv', filters)} name="audit.csv" text={s.file} />
      </p>
      {first && list.asOf}
    </>
  );
}

function Filters({ filters }: { filters: Record<string, string> }) {
  const form = useForm({
    id: 'audit',
    start: filters,
    missing: {},
    send: (values) => Promise.resolve(go(queryLink(auditLink, values))),
  });
  const acts = Object.entries(s.acts).sort(([, a], [, b]) => a.localeCompare(b, t.locale));
  return (
    <Form form={form} submit={t.people.show} busy={t.people.show} class="filter-form">
      <SelectField form={form} name="act" label={s.act} options={[['', t.people.any], ...acts]} />
      <TextField form={form} name="object" label={s.object} />
      <TextField form={form} name="since" label={s.since} type="date" />
      <TextField form={form} name="until" label={s.until} type="date" />
    </Form>
  );
}

const Entries = ({ entries, places }: { entries: AuditEntry[]; places: Places }) => (
  <Table
    caption={s.caption}
    class="audit-table"
    head={
      <>
        <Head text={s.columns.at} />
        <Head text={s.columns.who} />
        <Head text={s.columns.what} />
        <Head text={s.columns.change} />
      </>
    }
  >
    {entries.map((entry) => (
      <tr key={entry.number} data-entry={entry.number}>
        <td>
          <time dateTime={entry.at}>{formatClock(entry.at)}</time>
        </td>
        <td>
          <Outside text={whoText(entry.who)} />
          <span class="secondary">
            <Outside text={entry.network ? s.from(entry.network) : s.here} />
          </span>
          {entry.account && (
            <a
              class="secondary screen-only"
              href={queryLink(auditLink, { account: entry.account })}
            >
              {s.only_theirs}
            </a>
          )}
        </td>
        <td>
          {s.acts[entry.act]}
          <span class="secondary">
            <What entry={entry} />
          </span>
          {(entry.site ?? entry.lea) && (
            <span class="secondary">
              <Outside
                text={placeName(places, entry.site ? 'site' : 'lea', entry.site ?? entry.lea ?? '')}
              />
            </span>
          )}
        </td>
        <td>
          <Change entry={entry} places={places} />
        </td>
      </tr>
    ))}
  </Table>
);

/** Of what changed nothing of an account, how it was then is there to open. */
function Change({ entry, places }: { entry: AuditEntry; places: Places }) {
  const change = <AuditChange before={entry.before} after={entry.after} places={places} />;
  if (entry.before !== null || entry.act === 'account_made' || !loginOf(entry)) return change;
  return (
    <details>
      <summary>{s.as_it_was}</summary>
      {change}
    </details>
  );
}

/** The login that an entry about an account has. */
function loginOf(entry: AuditEntry): string {
  for (const state of [entry.after, entry.before]) {
    const login = (state as { login?: unknown } | null)?.login;
    if (typeof login === 'string' && /^[0-9a-f]{32}$/.test(entry.object)) return login;
  }
  return '';
}

/** Its id or code; of an account the way to it. */
function What({ entry }: { entry: AuditEntry }) {
  const login = loginOf(entry);
  if (!login || !may('see_people')) return <Outside text={login || entry.object} />;
  return (
    <a href={personLink(entry.object)}>
      <Outside text={login} />
    </a>
  );
}
