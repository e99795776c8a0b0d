// SPDX-License-Identifier: Apache-2.0
// Who has an account, with which roles, and when it was used last.
import type { JSX } from 'preact';
import type { Person, PersonList, PersonState } from './api';
import { Form, SelectField, useForm } from './form';
import { formatDate } from './format';
import { importLink, peopleLink, personAddLink, personLink, queryLink, reviewLink } from './links';
import { useList } from './list';
import { PersonMark } from './marks';
import { Empty, Head, Outside, Table, Title, UsedHour } from './parts';
import { grantWords, usePlaces, type Places } from './places';
import { go } from './route';
import { may } from './session';
import { t } from './strings';

const s = t.people;
const names = ['role', 'scope', 'state'] as const;

/** The API refuses what it does not know, so an address from elsewhere is cut down to these. */
function filtersOf(query: URLSearchParams): Record<(typeof names)[number], string> {
  const known = { role: t.people_roles, scope: s.scopes, state: t.person_states };
  const value = (name: (typeof names)[number]) => {
    const text = query.get(name) ?? '';
    return Object.hasOwn(known[name], text) ? text : '';
  };
  return { role: value('role'), scope: value('scope'), state: value('state') };
}

export function PeoplePage({ query }: { query: URLSearchParams }) {
  const filters = filtersOf(query);
  const isFiltered = names.some((name) => filters[name] !== '');
  const path = queryLink('/v1/people', { limit: '100', ...filters });
  const list = useList(path, (part: PersonList) => part.people);
  if (!list.first) return list.instead;
  const { rows: people } = list;
  return (
    <>
      <Title text={s.title} />
      <PeopleLinks shown={peopleLink} />
      <p class="explain">{s.explain}</p>
      {list.notUpdated}
      <Filters filters={filters} />
      {people.length === 0 ? (
        <Empty>
          {isFiltered ? s.none_fits : s.empty} {isFiltered && <a href={peopleLink}>{s.show_all}</a>}
        </Empty>
      ) : (
        <PeopleTable people={people} caption={isFiltered ? s.caption_some : s.caption} />
      )}
      {list.showMore}
      {list.asOf}
    </>
  );
}

/** What else there is about people, for those who may. */
export function PeopleLinks({ shown }: { shown: string }) {
  const links: [string, string][] = [
    [peopleLink, s.all],
    [reviewLink, s.review],
    ...(may('give_roles')
      ? ([
          [personAddLink, s.add],
          [importLink, s.import],
        ] satisfies [string, string][])
      : []),
  ];
  return (
    <nav class="whiches" aria-label={s.more}>
      <ul>
        {links.map(([href, text]) => (
          <li key={href}>
            <a href={href} aria-current={href === shown ? 'page' : undefined}>
              {text}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Filters({ filters }: { filters: Record<string, string> }) {
  const form = useForm({
    id: 'people',
    start: filters,
    missing: {},
    send: (values) => Promise.resolve(go(queryLink(peopleLink, values))),
  });
  const any = (words: Record<string, string>): [string, string][] => [
    ['', s.any],
    ...Object.entries(words),
  ];
  return (
    <Form form={form} submit={s.show} busy={s.show} class="filter-form">
      <SelectField form={form} name="role" label={s.columns.roles} options={any(t.people_roles)} />
      <SelectField form={form} name="scope" label={s.where} options={any(s.scopes)} />
      <SelectField
        form={form}
        name="state"
        label={s.columns.state}
        options={any(t.person_states)}
      />
    </Form>
  );
}

interface TableProps<T extends Person> {
  people: T[];
  caption: string;
  /** One column more. */
  extra?: { head: string; cell: (person: T) => JSX.Element };
}

export function PeopleTable<T extends Person>({ people, caption, extra }: TableProps<T>) {
  const places = usePlaces();
  const c = s.columns;
  return (
    <Table
      caption={caption}
      class="people-table"
      head={
        <>
          <Head text={c.name} />
          {extra && <Head text={extra.head} />}
          <Head text={c.roles} />
          <Head text={c.state} />
          <Head text={c.used} />
          <Head text={c.factor} />
          <Head text={c.good_until} />
        </>
      }
    >
      {people.map((person) => (
        <tr key={person.id} data-person={person.login}>
          <th scope="row">
            <a href={personLink(person.id)}>
              <Outside text={person.name} />
            </a>
            <span class="secondary">
              <Outside text={person.login} />
            </span>
          </th>
          {extra && <td>{extra.cell(person)}</td>}
          <td>
            <RoleLines person={person} places={places} />
          </td>
          <td>
            <PersonMark state={person.state} />
          </td>
          <td>
            <Used person={person} />
          </td>
          <td>{person.has_second_factor ? t.yes : t.no}</td>
          <td class="nowrap">{formatDate(person.good_until, true)}</td>
        </tr>
      ))}
    </Table>
  );
}

const RoleLines = ({ person, places }: { person: Person; places: Places }) =>
  person.grants.length === 0 ? (
    <span class="muted">{s.no_roles}</span>
  ) : (
    <>
      {person.grants.map((grant) => (
        <span class="role-line" key={`${grant.role} ${grant.scope} ${grant.code ?? ''}`}>
          <Outside text={grantWords(grant, places)} />
        </span>
      ))}
    </>
  );

export const Used = ({ person }: { person: { used_at: string | null; state: PersonState } }) =>
  person.used_at ? <UsedHour time={person.used_at} /> : <span class="muted">{s.never}</span>;
