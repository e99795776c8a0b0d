// SPDX-License-Identifier: Apache-2.0
// A page with a list that is read in parts: what surrounds the list is the same on all of them.
import type { JSX } from 'preact';
import type { Problem } from './api';
import { usePaged } from './live';
import { AsOf, Failed, Loading, NotUpdated, ShowMore } from './parts';

interface Part {
  as_of: string;
  next_cursor: string | null;
}

export interface List<P, R> {
  /** The first part; without it there is only what stands `instead` of the page. */
  first: P | undefined;
  instead: JSX.Element;
  /** Of all parts that were asked for. */
  rows: R[];
  hasMore: boolean;
  /** Why it could not be read just now. */
  problem: Problem | undefined;
  refresh: () => Promise<void>;
  /** Above the list, where it could not be read anew. */
  notUpdated: JSX.Element;
  /** Below it. */
  showMore: JSX.Element;
  asOf: JSX.Element;
}

/** The list at @path of the API, whose parts have the rows @rowsOf. */
export function useList<P extends Part, R>(path: string, rowsOf: (part: P) => R[]): List<P, R> {
  const { data, problem, refresh, hasMore, more } = usePaged<P>(path);
  const first = data?.[0];
  const rows = data?.flatMap(rowsOf) ?? [];
  return {
    first,
    instead: problem ? <Failed problem={problem} retry={refresh} /> : <Loading />,
    rows,
    hasMore,
    problem,
    refresh,
    notUpdated: <NotUpdated problem={problem} retry={refresh} />,
    showMore: <ShowMore hasMore={hasMore} more={more} rows={rows.length} />,
    asOf: <AsOf time={first?.as_of ?? ''} />,
  };
}
