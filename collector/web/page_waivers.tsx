// SPDX-License-Identifier: Apache-2.0
// Waivers: what is accepted although it fails, for whom, until when and by whom; waiving and
// revoking.
import { useState } from 'preact/hooks';
import { announce } from './announce';
import { Problem, write, type Waiver, type WaiverChange, type WaiverList } from './api';
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
import { WaiverTable } from './waiver_table';

const s = t.waivers;
export type Which = keyof typeof s.states;

const whichOf = (word: string | null): Which =>
  word !== null && Object.hasOwn(s.states, word) ? (word as Which) : 'active';

export function WaiversPage({ query }: { query: URLSearchParams }) {
  const which = whichOf(query.get('state'));
  const profile = query.get('profile') ?? '';
  const asked = new URLSearchParams({ limit: '100', state: which, ...(profile && { profile }) });
  const { data, problem, refresh, hasMore, more } = usePaged<WaiverList>(`/v1/waivers?${asked}`);
  const [done, setDone] = useState<Done | null>(null);
  const first = data?.[0];
  if (!first) return problem ? <Failed problem={problem} retry={refresh} /> : <Loading />;

  const waivers = data.flatMap((part) => part.waivers);
  const onDone = (next: Done) => {
    setDone(next);
    announce(`${next.sentence} ${next.problem ?? reachOf(next.change)}`);
    refresh();
  };
  return (
    <>
      <Title text={s.title} />
      <Verdict
        tone={which === 'active' && waivers.length > 0 ? 'warning' : 'ready'}
        sentence={sentenceOf(which, waivers.length, hasMore)}
      />
      <p class="explain">{s.explain}</p>
      <NotUpdated problem={problem} retry={refresh} />
      {done && <DoneNotice done={done} onDone={onDone} />}
      <Whiches which={which} profile={profile} />
      <WaiverTable waivers={waivers} which={which} onDone={onDone} />
      <ShowMore hasMore={hasMore} more={more} rows={waivers.length} />
      {may('waive') ? (
        <WaiverForm query={query} onDone={onDone} />
      ) : (
        <p>{t.refused_here(t.actions.waive)}</p>
      )}
      <AsOf time={first.as_of} />
    </>
  );
}

const sentenceOf = (which: Which, n: number, hasMore: boolean): string =>
  (which === 'active' ? s.verdict.active : s.verdict.others)(n, hasMore ? s.verdict.more : '');

const Whiches = ({ which, profile }: { which: Which; profile: string }) => (
  <nav class="whiches" aria-label={s.which}>
    <ul>
      {(Object.keys(s.states) as Which[]).map((word) => (
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
  /** It was revoked: it can be waived again. */
  canUndo: boolean;
  problem?: string;
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

function DoneNotice({ done, onDone }: { done: Done; onDone: (done: Done) => void }) {
  const [isBusy, setBusy] = useState(false);
  const undo = async () => {
    setBusy(true);
    try {
      const change = await write<WaiverChange>('POST', '/v1/waivers', {
        body: requestOf(done.change),
      });
      const title = change.title ?? change.requirement;
      onDone({ sentence: s.undone(title), change, canUndo: false });
    } catch (error) {
      onDone({ ...done, problem: error instanceof Problem ? error.detail : t.unreachable });
    }
    setBusy(false);
  };
  return (
    <div class={`notice tone-${done.problem ? 'not_ready' : 'waived'}`} data-done>
      <p>
        <strong>
          <Outside text={done.sentence} />
        </strong>{' '}
        <Outside text={done.problem ?? reachOf(done.change)} />
      </p>
      {done.canUndo && may('waive') && (
        <button
          type="button"
          class="usa-button usa-button--outline"
          aria-disabled={isBusy}
          onClick={() => !isBusy && void undo()}
        >
          {s.undo}
        </button>
      )}
    </div>
  );
}
