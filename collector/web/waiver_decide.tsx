// SPDX-License-Identifier: Apache-2.0
// The ways to decide a waiver that is proposed, and what came of it.
import { useLayoutEffect } from 'preact/hooks';
import { write, type Waiver, type WaiverChange, type WaiverDecision } from './api';
import { Act, Opener } from './ask';
import { AreaField, Form, TextField, useForm } from './form';
import { formatTime, whoText } from './format';
import { Outside } from './parts';
import { t } from './strings';
import type { Done } from './waiver_done';
import { titleOf } from './waiver_for';

const p = t.proposals;

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

interface Props {
  waiver: Waiver;
  onDone: (done: Done) => Promise<void>;
}

/** Giving and declining ask first, each what it needs; the others can be taken back as they are. */
export function Decide({ waiver, onDone }: Props) {
  const words = waiver.may.filter((word): word is Decision => word !== 'revoke');
  const what = p.what(titleOf(waiver));
  return (
    <>
      {words.map((word) =>
        word === 'give' || word === 'decline' ? (
          <Opener key={word} isPlain text={p[word]} what={what}>
            {(stop) => <DecideForm decision={word} waiver={waiver} onDone={onDone} stop={stop} />}
          </Opener>
        ) : (
          <Act
            key={word}
            isPlain
            text={p[word]}
            what={what}
            act={async () => onDone(await decide(waiver, { decision: word }))}
          />
        ),
      )}
    </>
  );
}

interface FormProps extends Props {
  decision: 'give' | 'decline';
  stop: () => void;
}

function DecideForm({ decision, waiver, onDone, stop }: FormProps) {
  const isGiven = decision === 'give';
  const form = useForm({
    id: `decide-${waiver.id}`,
    start: { until: waiver.until, reason: '' },
    missing: isGiven ? {} : { reason: p.decline_missing },
    send: async ({ until = '', reason = '' }) =>
      onDone(
        await decide(
          waiver,
          isGiven
            ? { decision: 'give', ...(until && { until }) }
            : { decision: 'decline', reason: reason.trim() },
        ),
      ),
  });
  const { element } = form;
  // Before the next key: the button that had the focus is gone.
  useLayoutEffect(() => element.current?.querySelector<HTMLElement>('input, textarea')?.focus(), []);
  return (
    <Form
      form={form}
      submit={isGiven ? p.give_yes : p.decline_yes}
      busy={isGiven ? p.give_yes : p.decline_yes}
      after={
        <button type="button" class="usa-button usa-button--outline" onClick={stop}>
          {p.cancel}
        </button>
      }
    >
      <p>{isGiven ? p.give_ask : p.decline_ask}</p>
      {isGiven ? (
        <TextField form={form} name="until" label={p.give_until} type="date" />
      ) : (
        <AreaField form={form} name="reason" label={p.decline_reason} />
      )}
    </Form>
  );
}
