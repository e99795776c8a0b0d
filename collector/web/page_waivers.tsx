// SPDX-License-Identifier: Apache-2.0
// Waivers: what is accepted although it fails, for whom, until when and by whom; waiving and
// revoking.
import { useEffect, useState } from 'preact/hooks';
import { announce } from './announce';
import { problemOf, write, type Waiver, type WaiverChange, type WaiverList } from './api';
import { waiversLink } from './links';
import { usePaged } from './live';
import {
  AsOf,
  Failed,
  Loading,
  NotUpdated,
  Outside,
  ShowMore,
  Title,
  Verdict,
} from './parts';
import { may } from './session';
import { t } from './strings';
import { WaiverForm } from './waiver_form';
import { ProposalTable, decide, type ProposalState } from './waiver_proposals';
import { titleOf } from './waiver_for';
import { WaiverTable } from './waiver_table';

const s = t.waivers;
const p = t.proposals;
export type Which = keyof typeof s.states;

/** Proposals are told only to those who may propose. */
const isProposal = (which: Which): which is ProposalState => Object.hasOwn(p.caption, which);
const shown = (): Which[] =>
  (Object.keys(s.states) as Which[]).filter((word) => !isProposal(word) || may('propose_waiver'));
const whichOf = (word: string | null): Which => shown().find((which) => which === word) ?? 'active';

export function WaiversPage({ query }: { query: URLSearchParams }) {
  const which = whichOf(query.get('state'));
  const profile = query.get('profile') ?? '';
  const asked = new URLSearchParams({ limit: '100', state: which, ...(profile && { profile }) });
  const { data, problem, refresh, hasMore, more } = usePaged<WaiverList>(`/v1/waivers?${asked}`);
  const [done, setDone] = useState<Done | null>(null);
  const [turn, setTurn] = useState(0);
  const first = data?.[0];
  if (!first) return problem ? <Failed problem={problem} retry={refresh} /> : <Loading />;

  const waivers = data.flatMap((part) => part.waivers);
  const onDone = (next: Done) => {
    setDone(next);
    setTurn((n) => n + 1);
    announce(`${next.sentence} ${next.problem ?? detailOf(next.change)}`);
    refresh();
  };
  return (
    <>
      <Title text={s.title} />
      {done && <DoneNotice done={done} onDone={onDone} />}
      {which !== 'proposed' && may('propose_waiver') && (
        <Proposed profile={profile} turn={turn} onDone={onDone} />
      )}
      <Verdict
        tone={which === 'active' && waivers.length > 0 ? 'warning' : 'ready'}
        sentence={sentenceOf(which, waivers.length, hasMore)}
      />
      <p class="explain">{s.explain}</p>
      <NotUpdated problem={problem} retry={refresh} />
      <Whiches which={which} profile={profile} />
      {isProposal(which) ? (
        <ProposalTable waivers={waivers} which={which} onDone={onDone} />
      ) : (
        <WaiverTable waivers={waivers} which={which} onDone={onDone} />
      )}
      <ShowMore hasMore={hasMore} more={more} rows={waivers.length} />
      {may('propose_waiver') ? (
        <WaiverForm query={query} onDone={onDone} />
      ) : (
        <p>{t.refused_here(t.actions.propose_waiver)}</p>
      )}
      <AsOf time={first.as_of} />
    </>
  );
}

/** What waits to be decided, before everything else; nothing where nothing does. */
function Proposed({ profile, turn, onDone }: ProposedProps) {
  const asked = new URLSearchParams({ limit: '100', state: 'proposed', ...(profile && { profile }) });
  const { data, refresh, hasMore, more } = usePaged<WaiverList>(`/v1/waivers?${asked}`);
  useEffect(() => {
    if (turn > 0) refresh();
  }, [turn]);
  const waivers = data?.flatMap((part) => part.waivers) ?? [];
  if (waivers.length === 0) return null;
  return (
    <section aria-labelledby="proposed-title" class="screen-only" data-proposed>
      <h2 id="proposed-title">{p.title}</h2>
      <p class="explain">{p.explain}</p>
      <ProposalTable waivers={waivers} which="proposed" onDone={onDone} />
      <ShowMore hasMore={hasMore} more={more} rows={waivers.length} />
    </section>
  );
}

interface ProposedProps {
  profile: string;
  /** Grows with everything that is done here. */
  turn: number;
  onDone: (done: Done) => void;
}

const sentenceOf = (which: Which, n: number, hasMore: boolean): string =>
  which === 'proposed'
    ? `${p.title}: ${n}${hasMore ? s.verdict.more : ''}.`
    : (which === 'active' ? s.verdict.active : s.verdict.others)(n, hasMore ? s.verdict.more : '');

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

/** What was done last, here and now. */
export interface Done {
  sentence: string;
  change: WaiverChange;
  /** How it is taken back; left out, it is not. */
  undo?: keyof typeof undos;
  problem?: string;
}

/** What follows from what was done. */
function detailOf(change: WaiverChange): string {
  switch (change.state) {
    case 'proposed':
      return p.waits;
    case 'moot':
      return change.moot ? `${p.moot[change.moot]} ${p.waits}` : p.waits;
    case 'declined':
    case 'withdrawn':
      return p.nothing;
    default:
      return reachOf(change);
  }
}

const reachOf = ({ reach }: WaiverChange): string =>
  s.reach(reach.devices, reach.sites) + (reach.too_short > 0 ? s.too_short(reach.too_short) : '');

/** What the collector accepts as the same waiver once more. */
const requestOf = (waiver: Waiver) => ({
  profile: waiver.profile,
  requirement: waiver.requirement,
  scope: waiver.scope,
  ...(waiver.code !== null && { code: waiver.code }),
  reason: waiver.reason,
  who: waiver.who,
  until: waiver.until,
});

/** How each is taken back, and what that is called. */
const undos = {
  waive: {
    text: s.undo,
    run: async (waiver: Waiver): Promise<Done> => {
      const change = await write<WaiverChange>('POST', '/v1/waivers', { body: requestOf(waiver) });
      return { sentence: s.undone(titleOf(change)), change };
    },
  },
  revoke: {
    text: p.undo_give,
    run: async (waiver: Waiver): Promise<Done> => {
      const path = `/v1/waivers/${encodeURIComponent(waiver.id)}`;
      const change = await write<WaiverChange>('DELETE', path);
      return { sentence: s.revoked_now(titleOf(change)), change, undo: 'waive' };
    },
  },
  reopen: {
    text: p.undo_decline,
    run: (waiver: Waiver): Promise<Done> => decide(waiver, { decision: 'reopen' }),
  },
};

function DoneNotice({ done, onDone }: { done: Done; onDone: (done: Done) => void }) {
  const [isBusy, setBusy] = useState(false);
  const way = done.undo && undos[done.undo];
  const undo = async () => {
    if (!way) return;
    setBusy(true);
    try {
      onDone(await way.run(done.change));
    } catch (error) {
      onDone({ ...done, problem: problemOf(error).detail });
    }
    setBusy(false);
  };
  return (
    <div class={`notice tone-${done.problem ? 'not_ready' : 'waived'}`} data-done>
      <p>
        <strong>
          <Outside text={done.sentence} />
        </strong>{' '}
        <Outside text={done.problem ?? detailOf(done.change)} />
      </p>
      {way && may('waive') && (
        <button
          type="button"
          class="usa-button usa-button--outline"
          aria-disabled={isBusy}
          onClick={() => !isBusy && void undo()}
        >
          {way.text}
        </button>
      )}
    </div>
  );
}
