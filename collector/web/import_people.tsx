// SPDX-License-Identifier: Apache-2.0
// Whose roles a file changes, before and after, and the links of those who are new.
import type { PeopleImport } from './api';
import { invitationUrl } from './invitation_notice';
import { peopleLink } from './links';
import { Head, Outside, Table } from './parts';
import { grantWords, usePlaces, type Places } from './places';
import { CopyButton } from './secret';
import { t } from './strings';

const s = t.import;
type Changed = PeopleImport['people'][number];

export const peopleSentence = ({ is_loaded, n_problems, ...n }: PeopleImport): string =>
  n_problems > 0
    ? s.wrong(n_problems)
    : (is_loaded ? s.done : s.would)(n.made, n.changed, n.unchanged);

export function PeopleChanges({ answer }: { answer: PeopleImport }) {
  const places = usePlaces();
  const shown = answer.people.filter(({ change }) => change !== 'unchanged');
  const links = shown.flatMap(({ login, name, invitation }) =>
    invitation ? [`${login}\t${name}\t${invitationUrl(`/invitation#${invitation}`)}`] : [],
  );
  const hasLinks = links.length > 0;
  if (shown.length === 0)
    return (
      <p>
        {s.nothing} <a href={peopleLink}>{s.to_people}</a>
      </p>
    );
  return (
    <>
      {hasLinks && (
        <p class="form-buttons">
          {s.links} <CopyButton text={links.join('\n')} what={s.all_links} />
        </p>
      )}
      <Table
        caption={answer.is_loaded ? s.people_done : s.people_would}
        class="people-table"
        head={
          <>
            <Head text={t.people.columns.name} />
            <Head text={s.change} />
            <Head text={t.people.columns.roles} />
            {hasLinks && <Head text={s.link} />}
          </>
        }
      >
        {shown.map((person) => (
          <PersonRow key={person.login} person={person} places={places} hasLinks={hasLinks} />
        ))}
      </Table>
    </>
  );
}

interface RowProps {
  person: Changed;
  places: Places;
  hasLinks: boolean;
}

const PersonRow = ({ person, places, hasLinks }: RowProps) => (
  <tr data-person={person.login}>
    <th scope="row">
      <Outside text={person.name} />
      <span class="secondary">
        <Outside text={person.login} />
      </span>
    </th>
    <td>{s.changes[person.change]}</td>
    <td>
      <dl class="change">
        {person.before && (
          <>
            <dt>{t.audit.before}</dt>
            <dd class="was">
              <Outside text={wordsOf(person.before, places)} />
            </dd>
          </>
        )}
        <dt>{person.before ? t.audit.after : s.gets}</dt>
        <dd>
          <Outside text={wordsOf(person.after, places)} />
        </dd>
      </dl>
    </td>
    {hasLinks && (
      <td>
        {person.invitation && <code>{invitationUrl(`/invitation#${person.invitation}`)}</code>}
      </td>
    )}
  </tr>
);

const wordsOf = (grants: Changed['after'], places: Places) =>
  grants.length === 0
    ? t.people.no_roles
    : grants.map((grant) => grantWords(grant, places)).join('; ');
