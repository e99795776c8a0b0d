// SPDX-License-Identifier: Apache-2.0
// Waivers that wait to be decided, for whoever may decide them or has proposed them.
import { useEffect } from 'preact/hooks';
import type { WaiverList } from './api';
import { queryLink, waiversLink } from './links';
import { useList } from './list';
import { useLive } from './live';
import { t } from './strings';
import type { Done } from './waiver_done';
import { WaiverTable } from './waiver_table';

const p = t.proposals;

interface Props {
  profile: string;
  /** Gets what reads them anew, while they are here. */
  refresher: { current: () => Promise<void> };
  onDone: (done: Done) => Promise<void>;
}

/** Reads nothing anew. */
export const nothing = (): Promise<void> => Promise.resolve();

/** Before everything else; nothing where nothing waits. */
export function Proposed({ profile, refresher, onDone }: Props) {
  const path = queryLink('/v1/waivers', { limit: '100', state: 'proposed', profile });
  const { rows, refresh, showMore } = useList(path, (part: WaiverList) => part.waivers);
  useEffect(() => {
    refresher.current = refresh;
    return () => void (refresher.current = nothing);
  }, []);
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby="proposed-title" class="screen-only" data-proposed>
      <h2 id="proposed-title">{p.title}</h2>
      <p class="explain">{p.explain}</p>
      <WaiverTable waivers={rows} which="proposed" onDone={onDone} />
      {showMore}
    </section>
  );
}

/** What waits for whoever may give: a sentence that leads there, or nothing. */
export function ProposalsWait() {
  const { data } = useLive<WaiverList>('/v1/waivers?state=proposed&limit=1');
  const n = data?.waiting ?? 0;
  return n > 0 ? (
    <p class="notice tone-waived" data-proposals={n}>
      {n < 500 ? p.waiting(n) : p.waiting_more}{' '}
      <a href={waiversLink({ state: 'proposed' })}>{p.decide_them}</a>
    </p>
  ) : null;
}
