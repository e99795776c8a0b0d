// SPDX-License-Identifier: Apache-2.0
// Accounts that somebody should look at, and why: once a year all of them, then each is renewed.
import { useState } from 'preact/hooks';
import type { PersonReview } from './api';
import { announce } from './announce';
import { Ask } from './ask';
import { write } from './api';
import { FileLink } from './file_link';
import { queryLink, reviewLink } from './links';
import { usePaged } from './live';
import { PeopleLinks, PeopleTable } from './page_people';
import { AsOf, Empty, Failed, Loading, NotUpdated, ShowMore, Title } from './parts';
import { placeName, usePlaces } from './places';
import { may, useSession } from './session';
import { t } from './strings';

const s = t.review;

type Reason = keyof typeof s.reasons;
const reasons = Object.keys(s.reasons) as Reason[];

export function PeopleReviewPage({ query }: { query: URLSearchParams }) {
  const reason = reasons.find((word) => word === query.get('reason'));
  const { data, problem, refresh, hasMore, more } = usePaged<PersonReview>(
    queryLink('/v1/people/review', { limit: '100', reason: reason ?? '' }),
  );
  const first = data?.[0];
  if (!first) return problem ? <Failed problem={problem} retry={refresh} /> : <Loading />;
  const people = data.flatMap((part) => part.people);
  return (
    <>
      <Title text={s.title} />
      <PeopleLinks shown={reviewLink} />
      <p class="explain">{s.explain}</p>
      <Reasons shown={reason} />
      <p class="screen-only">
        <FileLink href="/v1/people.csv" name="people.csv" text={s.file} />
      </p>
      <NotUpdated problem={problem} retry={refresh} />
      {may('give_roles') && <RenewAll onDone={refresh} />}
      {people.length === 0 ? (
        <Empty>{reason ? s.none_fits : s.empty}</Empty>
      ) : (
        <PeopleTable
          people={people}
          caption={s.caption}
          extra={{
            head: s.why,
            cell: (person) => (
              <ul class="no-marks">
                {person.reasons.map((reason) => (
                  <li key={reason}>{s.reasons[reason]}</li>
                ))}
              </ul>
            ),
          }}
        />
      )}
      <ShowMore hasMore={hasMore} more={more} rows={people.length} />
      <AsOf time={first.as_of} />
    </>
  );
}

/** One reason at a time: that nobody has a second factor would else hide all the others. */
const Reasons = ({ shown }: { shown: Reason | undefined }) => (
  <nav class="whiches" aria-label={s.why}>
    <ul>
      {[undefined, ...reasons].map((reason) => (
        <li key={reason ?? ''}>
          <a
            href={queryLink(reviewLink, { reason: reason ?? '' })}
            aria-current={reason === shown ? 'page' : undefined}
          >
            {reason ? s.reasons[reason] : t.people.all}
          </a>
        </li>
      ))}
    </ul>
  </nav>
);

/** For whoever gives the roles of an LEA: everybody who is to stay. */
function RenewAll({ onDone }: { onDone: () => Promise<void> }) {
  const { state } = useSession();
  const places = usePlaces();
  const [done, setDone] = useState('');
  const grants = state.phase === 'in' ? state.session.grants : [];
  const leas = grants.flatMap(({ role, scope, code }) =>
    role === 'lea_coordinator' && scope === 'lea' && code ? [code] : [],
  );
  const renew = async (lea: string) => {
    const { renewed } = await write<{ renewed: number }>('POST', '/v1/people/renewal', {
      body: { lea },
    });
    const sentence = s.renewed(renewed, placeName(places, 'lea', lea));
    await onDone();
    setDone(sentence);
    announce(sentence);
  };
  return (
    <>
      {done && <p class="notice tone-ready">{done}</p>}
      {leas.map((lea) => (
        <p class="screen-only" key={lea}>
          <Ask
            text={s.renew(placeName(places, 'lea', lea))}
            question={s.renew_ask}
            yes={s.renew_yes}
            act={() => renew(lea)}
          />
        </p>
      ))}
    </>
  );
}
