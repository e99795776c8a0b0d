// SPDX-License-Identifier: Apache-2.0
// All schools: one sentence, the totals, and the schools with the highest risk first.
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import type { Overview, SiteSummary } from './api';
import { useKeptOrder } from './kept_order';
import { siteLink } from './links';
import { usePaged } from './live';
import { NoSchools } from './nothing_yet';
import { OverviewTotals } from './overview_totals';
import { showOf, shows, type Show } from './overview_shows';
import { OverviewTable } from './overview_table';
import {
  Announced,
  AsOf,
  Empty,
  Failed,
  Loading,
  NotUpdated,
  ShowMore,
  SortAgain,
  Title,
  Verdict,
} from './parts';
import { replaceAddress } from './route';
import { may } from './session';
import { t } from './strings';
import { ProposalsWait } from './waiver_proposals';

const s = t.overview;
const path = '/v1/overview?limit=200';

export function OverviewPage({ query }: { query: URLSearchParams }) {
  const { data, problem, refresh, hasMore, more } = usePaged<Overview>(path);
  const first = data?.[0];
  const sites = data?.flatMap((part) => part.sites) ?? [];
  const kept = useKeptOrder(path, sites, (site) => site.code);
  const [text, setText] = useState(query.get('find') ?? '');

  // With what it names: a reload or a step away may follow at once.
  useLayoutEffect(() => {
    const next = new URLSearchParams(query);
    if (text) next.set('find', text);
    else next.delete('find');
    const search = next.toString();
    replaceAddress(search ? `/?${search}` : '/');
  }, [text]);

  if (!first) return problem ? <Failed problem={problem} retry={refresh} /> : <Loading />;

  const sentence = t.told?.overview(first) ?? first.sentence;
  // The list comes with the highest risk first.
  const worst = sites.find(({ certifiable, window }) => !certifiable && window?.phase !== 'over');
  return (
    <>
      <Title text={s.title} />
      <Verdict
        tone={overviewTone(first)}
        sentence={sentence}
        {...(worst && { next: s.begin_with(worst.name), nextHref: siteLink(worst.code) })}
        label={t.site.next}
      />
      <Announced sentence={sentence} />
      <NotUpdated problem={problem} retry={refresh} />
      {may('waive') && <ProposalsWait />}
      {first.totals.sites === 0 ? (
        <NoSchools />
      ) : (
        <>
          {first.totals.judging > 0 && (
            <p class="notice tone-unknown" data-judging>
              {s.judging_sites(first.totals.judging)}
            </p>
          )}
          <OverviewTotals totals={first.totals} />
          <Schools
            sites={kept.rows}
            text={text}
            setText={setText}
            show={showOf(query.get('show'))}
            hasMore={hasMore}
          >
            <SortAgain {...kept} />
          </Schools>
          <ShowMore hasMore={hasMore} more={more} rows={sites.length} />
        </>
      )}
      <AsOf time={first.as_of} />
    </>
  );
}

interface SchoolsProps {
  sites: SiteSummary[];
  text: string;
  setText: (text: string) => void;
  show: Show | undefined;
  hasMore: boolean;
  children: ComponentChildren;
}

/** The schools that fit the text and the number that led here. */
function Schools({ sites, text, setText, show, hasMore, children }: SchoolsProps) {
  const fitting = sites.filter((site) => (!show || shows[show](site)) && fits(site, text));
  return (
    <section id="schools" aria-labelledby="schools-title">
      <h2 id="schools-title">{s.schools}</h2>
      <div class="filter" role="search">
        <label class="usa-label" for="find">
          {s.filter}
        </label>
        <input
          class="usa-input"
          id="find"
          type="search"
          autocomplete="off"
          placeholder={s.filter_hint}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <p class="filter-status" role="status">
          {fitting.length === sites.length
            ? s.showing_all(sites.length)
            : s.showing(fitting.length, sites.length)}
          {show && <> {s.shows[show]}</>}
          {hasMore && (text || show) && <>. {s.loaded_only}</>}
        </p>
        {show && <a href="/">{s.clear}</a>}
      </div>
      {children}
      {fitting.length > 0 ? <OverviewTable sites={fitting} /> : <Empty>{s.no_match}</Empty>}
    </section>
  );
}

function overviewTone({ totals }: Overview): string {
  if (totals.sites === 0) return 'stale';
  return totals.certifiable === totals.sites ? 'ready' : 'warning';
}

function fits(site: SiteSummary, text: string): boolean {
  const words = text.toLocaleLowerCase().split(/\s+/);
  const all = `${site.name} ${site.code} ${site.lea.name} ${site.lea.code}`.toLocaleLowerCase();
  return words.every((word) => all.includes(word));
}
