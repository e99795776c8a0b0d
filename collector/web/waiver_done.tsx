// SPDX-License-Identifier: Apache-2.0
// What was done with a waiver just now, what follows from it, and how it is taken back.
import { write, type Waiver, type WaiverChange } from './api';
import { Act } from './ask';
import { DoneNotice, Outside } from './parts';
import { may } from './session';
import { t } from './strings';
import { decide } from './waiver_decide';
import { titleOf } from './waiver_for';

const s = t.waivers;
const p = t.proposals;

export interface Done {
  sentence: string;
  change: WaiverChange;
  /** How it is taken back; left out, it is not. */
  undo?: keyof typeof undos;
}

/** What follows from what was done. */
export function detailOf(change: WaiverChange): string {
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

export async function revoke(waiver: Waiver): Promise<Done> {
  const path = `/v1/waivers/${encodeURIComponent(waiver.id)}`;
  const change = await write<WaiverChange>('DELETE', path);
  return { sentence: s.revoked_now(titleOf(change)), change, undo: 'waive' };
}

async function waiveAgain(waiver: Waiver): Promise<Done> {
  const change = await write<WaiverChange>('POST', '/v1/waivers', { body: requestOf(waiver) });
  return { sentence: s.undone(titleOf(change)), change };
}

/** How each is taken back, and what that is called. */
const undos = {
  waive: { text: s.undo, run: waiveAgain },
  revoke: { text: p.undo_give, run: revoke },
  reopen: {
    text: p.undo_decline,
    run: (waiver: Waiver): Promise<Done> => decide(waiver, { decision: 'reopen' }),
  },
};

interface Props {
  done: Done;
  onDone: (done: Done) => Promise<void>;
}

export function WaiverDone({ done, onDone }: Props) {
  const way = done.undo && undos[done.undo];
  return (
    <DoneNotice done={done} tone="waived">
      <p>
        <strong>
          <Outside text={done.sentence} />
        </strong>{' '}
        <Outside text={detailOf(done.change)} />
      </p>
      {way && may('waive') && (
        <Act text={way.text} act={async () => onDone(await way.run(done.change))} />
      )}
    </DoneNotice>
  );
}
