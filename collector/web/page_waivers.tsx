// SPDX-License-Identifier: Apache-2.0
// Waivers: what is accepted although it fails, for whom, until when and by whom; waiving and
// revoking.
import { useRef, useState } from 'preact/hooks';
import { announce } from './announce';
import type { Waiver, WaiverList } from './api';
import { queryLink, waiversLink } from './links';
import { useList } from './list';
import { Outside, Title, Verdict } from './parts';
import { may } from './session';
import { t } from './strings';
import { WaiverDone, detailOf, type Done } from './waiver_done';
import { WaiverForm } from './waiver_form';
import { Proposed, nothing } from './waiver_proposals';
import { WaiverTable, isProposal, type Which } from './waiver_table';

const s = t.waivers;
const p = t.proposals;

/** Proposals are told only to those who may propose. */
const shown = (): Which[] =>
  (Object.keys(s.states) as Which[]).filter((word) => !isProposal(word) || may('propose_waiver'));
const whichOf = (word: string | null): Which => shown().find((which) => which === word) ?? 'active';

export function WaiversPage({ query }: { query: URLSearchParams }) {
  const which = whichOf(query.get('state'));
  const profile = query.get('profile') ?? '';
  const path = queryLink('/v1/waivers', { limit: '100', state: which, profile });
  const list = useList(path, (part: WaiverList) => part.waivers);
  const [done, setDone] = useState<Done | null>(null);
  const proposed = useRef(nothing);
  if (!list.first) return list.instead;

  const onDone = async (next: Done) => {
    // First: nobody is to decide once more what is decided.
    await Promise.all([list.refresh(), proposed.current()]);
    setDone(next);
    announce(`${next.sentence} ${detailOf(next.change)}`);
  };
  return (
    <>
      <Title text={s.title} />
      {done && <WaiverDone done={done} onDone={onDone} />}
      {which !== 'proposed' && may('propose_waiver') && (
        <Proposed profile={profile} refresher={proposed} onDone={onDone} />
      )}
      <Says which={which} waivers={list.rows} hasMore={list.hasMore} isAll={!profile} />
      <p class="explain">{s.explain}</p>
      {list.notUpdated}
      <Whiches which={which} profile={profile} />
      <WaiverTable waivers={list.rows} which={which} onDone={onDone} />
      {list.showMore}
      {may('propose_waiver') ? (
        <WaiverForm query={query} onDone={onDone} />
      ) : (
        <p>{t.refused_here(t.actions.propose_waiver)}</p>
      )}
      {list.asOf}
    </>
  );
}

interface SaysProps {
  which: Which;
  waivers: Waiver[];
  hasMore: boolean;
  /** Else those of one profile: that there is none says nothing of the others. */
  isAll: boolean;
}

/** How many there are, and of those that wait what to do with them. */
function Says({ which, waivers, hasMore, isAll }: SaysProps) {
  const n = waivers.length;
  const more = hasMore ? s.verdict.more : '';
  if (which !== 'proposed')
    return (
      <Verdict
        tone={which === 'active' && n > 0 ? 'warning' : 'ready'}
        sentence={(which === 'active' && isAll ? s.verdict.active : s.verdict.others)(n, more)}
      />
    );
  const mine = waivers.filter((waiver) => waiver.may.includes('give')).length;
  return (
    <Verdict
      tone={n > 0 ? 'warning' : 'ready'}
      sentence={p.verdict(n, more)}
      {...(n > 0 && { next: mine > 0 ? p.next_decide : p.next_wait, label: t.device.next })}
    />
  );
}

const Whiches = ({ which, profile }: { which: Which; profile: string }) => (
  <nav class="whiches" aria-label={s.which}>
    <ul>
      {shown().map((word) => (
        <li key={word}>
          <a
            href={waiversLink({ profile, ...(word !== 'active' && { state: word }) })}
            aria-current={word === which ? 'true' : undefined}
          >
            {s.states[word]}
          </a>
        </li>
      ))}
    </ul>
    {profile && (
      <p>
        <Outside text={s.of_profile(profile)} />{' '}
        <a href={waiversLink(which === 'active' ? {} : { state: which })}>{s.show_all}</a>
      </p>
    )}
  </nav>
);
