// SPDX-License-Identifier: Apache-2.0
// Waivers that are proposed: what each would change, and the ways to decide it.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { problemOf, write, type Waiver, type WaiverChange, type WaiverDecision, type WaiverList } from './api';
import { formatDate, formatTime, whoText } from './format';
import { waiversLink } from './links';
import { useLive } from './live';
import type { Done } from './page_waivers';
import { Empty, Head, Outside, Table, Time } from './parts';
import { t } from './strings';
import { For, titleOf } from './waiver_for';

const s = t.waivers;
const p = t.proposals;
export type ProposalState = keyof typeof p.caption;

interface Props {
  waivers: Waiver[];
  which: ProposalState;
  onDone: (done: Done) => void;
}

export const ProposalTable = ({ waivers, which, onDone }: Props) =>
  waivers.length === 0 ? (
    <Empty>{p.empty[which]}</Empty>
  ) : (
    <Table
      caption={p.caption[which]}
      class="waivers-table"
      head={
        <>
          <Head text={s.columns.requirement} />
          <Head text={s.columns.scope} />
          <Head text={s.columns.reason} />
          <Head text={s.columns.until} />
          <Head text={p.columns.proposed} />
          <Head text={p.columns.change} />
          <Head text={p.columns.decide} />
        </>
      }
    >
      {waivers.map((waiver) => (
        <Row key={waiver.id} waiver={waiver} onDone={onDone} />
      ))}
    </Table>
  );

const Row = ({ waiver, onDone }: { waiver: Waiver; onDone: (done: Done) => void }) => (
  <tr data-waiver={waiver.id} class={waiver.state === 'proposed' ? undefined : 'row-stale'}>
    <th scope="row">
      <Outside text={titleOf(waiver)} />
      <span class="secondary">
        <Outside text={waiver.profile} /> · <code>{waiver.requirement}</code>
      </span>
      {waiver.title === null && <span class="secondary">{s.gone}</span>}
    </th>
    <td>
      <For waiver={waiver} />
    </td>
    <td class="waiver-reason">
      <Outside text={waiver.reason} />
    </td>
    <td class="nowrap">{formatDate(waiver.until, true)}</td>
    <td>
      <Outside text={whoText(waiver.proposed_by ?? '')} />
      <span class="secondary">
        <Time time={waiver.created_at} />
      </span>
      <span class="secondary">
        <Outside text={p.answers(waiver.who)} />
      </span>
    </td>
    <td>
      <Would waiver={waiver} />
    </td>
    <td class="waiver-act">
      <Came waiver={waiver} />
      <Decide waiver={waiver} onDone={onDone} />
    </td>
  </tr>
);

/** Why it is for nothing, or what it would do. */
function Would({ waiver: { moot, fails, would_be_ready: ready, too_short: tooShort, state } }: { waiver: Waiver }) {
  if (state !== 'proposed' && state !== 'moot') return <>{t.empty_value}</>;
  return (
    <>
      {moot ? <strong>{p.moot[moot]}</strong> : fails === null ? p.not_counted : p.would(fails, ready ?? 0)}
      {tooShort !== null && tooShort > 0 && <span class="secondary">{p.too_short(tooShort)}</span>}
    </>
  );
}

/** What came of it, where that is nothing. */
export function Came({ waiver }: { waiver: Waiver }) {
  if (waiver.state === 'declined')
    return (
      <span class="secondary">
        <Outside text={p.declined(formatTime(waiver.decided_at ?? ''), whoText(waiver.decided_by ?? ''))} />{' '}
        <Outside text={waiver.decline_reason ?? ''} />
      </span>
    );
  return waiver.state === 'withdrawn' ? (
    <span class="secondary">
      <Outside text={p.withdrawn(formatTime(waiver.revoked_at ?? ''), whoText(waiver.revoked_by ?? ''))} />
    </span>
  ) : null;
}

type Decision = WaiverDecision['decision'];

/** What is said of each that was done, and how it is taken back. */
const told: Record<Decision, { now: (title: string) => string; undo?: Done['undo'] }> = {
  give: { now: p.given_now, undo: 'revoke' },
  decline: { now: p.declined_now, undo: 'reopen' },
  withdraw: { now: p.withdrawn_now },
  reopen: { now: p.reopened_now },
};

export async function decide(waiver: Waiver, decision: WaiverDecision): Promise<Done> {
  const path = `/v1/waivers/${encodeURIComponent(waiver.id)}/decision`;
  const change = await write<WaiverChange>('POST', path, { body: decision });
  const { now, undo } = told[decision.decision];
  return { sentence: now(titleOf(waiver)), change, ...(undo && { undo }) };
}

const buttons: Record<Decision, string> = {
  give: p.give,
  decline: p.decline,
  withdraw: p.withdraw,
  reopen: p.reopen,
};

/** Giving and declining ask first, each what it needs; the others can be taken back as they are. */
export function Decide({ waiver, onDone }: { waiver: Waiver; onDone: (done: Done) => void }) {
  const [asking, setAsking] = useState<'give' | 'decline' | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const group = useRef<HTMLDivElement>(null);
  const was = useRef<typeof asking>(null);
  useLayoutEffect(() => {
    if (was.current && !asking)
      group.current?.querySelector<HTMLElement>(`[data-decide="${was.current}"]`)?.focus();
    was.current = asking;
  }, [asking]);

  const send = (decision: WaiverDecision) => {
    if (isBusy) return;
    setBusy(true);
    setProblem('');
    decide(waiver, decision)
      .then(onDone, (error: unknown) => setProblem(problemOf(error).detail))
      .finally(() => setBusy(false));
  };
  const words = waiver.may.filter((word): word is Decision => word !== 'revoke');
  return (
    <div ref={group}>
      {problem && (
        <p class="usa-error-message" role="alert">
          <Outside text={problem} />
        </p>
      )}
      {asking ? (
        <Ask asking={asking} waiver={waiver} isBusy={isBusy} send={send} stop={() => setAsking(null)} />
      ) : (
        words.map((word) => (
          <button
            key={word}
            type="button"
            class="usa-button usa-button--unstyled waiver-decide"
            data-decide={word}
            aria-disabled={isBusy}
            onClick={() =>
              word === 'give' || word === 'decline' ? setAsking(word) : send({ decision: word })
            }
          >
            {buttons[word]}
            <span class="usa-sr-only">
              <Outside text={p.what(titleOf(waiver))} />
            </span>
          </button>
        ))
      )}
    </div>
  );
}

interface AskProps {
  asking: 'give' | 'decline';
  waiver: Waiver;
  isBusy: boolean;
  send: (decision: WaiverDecision) => void;
  stop: () => void;
}

function Ask({ asking, waiver, isBusy, send, stop }: AskProps) {
  const [text, setText] = useState(asking === 'give' ? waiver.until : '');
  const [mistake, setMistake] = useState('');
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const id = `decide-${waiver.id}`;
  // Before the next key: the button that had the focus is gone.
  useLayoutEffect(() => field.current?.focus(), []);

  const submit = () => {
    if (asking === 'give') return send({ decision: 'give', ...(text && { until: text }) });
    if (text.trim()) return send({ decision: 'decline', reason: text.trim() });
    setMistake(p.decline_missing);
    field.current?.focus();
  };
  const ties = {
    id,
    ref: field,
    value: text,
    'aria-describedby': `${id}-ask${mistake && ` ${id}-mistake`}`,
    'aria-invalid': mistake !== '',
    class: 'usa-input waiver-text',
  };
  return (
    <form
      class="confirm"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      onKeyDown={(event) => event.key === 'Escape' && stop()}
    >
      <p id={`${id}-ask`}>{asking === 'give' ? p.give_ask : p.decline_ask}</p>
      <label class="usa-label" for={id}>
        {asking === 'give' ? p.give_until : p.decline_reason}
      </label>
      {mistake && (
        <span class="usa-error-message" id={`${id}-mistake`} role="alert">
          {mistake}
        </span>
      )}
      {asking === 'give' ? (
        <input {...ties} type="date" onInput={(event) => setText(event.currentTarget.value)} />
      ) : (
        <textarea {...ties} rows={3} maxLength={500} onInput={(event) => setText(event.currentTarget.value)} />
      )}
      <button type="submit" class="usa-button" aria-disabled={isBusy}>
        {asking === 'give' ? p.give_yes : p.decline_yes}
      </button>{' '}
      <button type="button" class="usa-button usa-button--outline" onClick={stop}>
        {p.cancel}
      </button>
    </form>
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
