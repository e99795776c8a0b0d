// SPDX-License-Identifier: Apache-2.0
// Accounts that somebody should look at, and why.
import type { PersonReview } from './api';
import { reviewLink } from './links';
import { usePaged } from './live';
import { PeopleLinks, PeopleTable } from './page_people';
import { AsOf, Empty, Failed, Loading, NotUpdated, ShowMore, Title } from './parts';
import { t } from './strings';

const s = t.review;

export function PeopleReviewPage() {
  const { data, problem, refresh, hasMore, more } = usePaged<PersonReview>(
    '/v1/people/review?limit=100',
  );
  const first = data?.[0];
  if (!first) return problem ? <Failed problem={problem} retry={refresh} /> : <Loading />;
  const people = data.flatMap((part) => part.people);
  return (
    <>
      <Title text={s.title} />
      <PeopleLinks shown={reviewLink} />
      <p class="explain">{s.explain}</p>
      <NotUpdated problem={problem} retry={refresh} />
      {people.length === 0 ? (
        <Empty>{s.empty}</Empty>
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
