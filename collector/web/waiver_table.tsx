// SPDX-License-Identifier: Apache-2.0
// The waivers, each with what it does and the way to revoke it.
import { write, type Waiver, type WaiverChange } from './api';
import { Ask } from './ask';
import { formatDate, formatNumber, formatTime, whoText } from './format';
import { waivesRows } from './links';
import type { Done } from './page_waivers';
import { Count, Empty, Head, Outside, Table, Time } from './parts';
import { t } from './strings';
import { For, titleOf } from './waiver_for';
import { Came, Decide } from './waiver_proposals';

const s = t.waivers;
const c = s.columns;

interface Props {
  waivers: Waiver[];
  which: keyof typeof s.caption;
  onDone: (done: Done) => void;
}

export const WaiverTable = ({ waivers, which, onDone }: Props) =>
  waivers.length === 0 ? (
    <Empty>{s.empty[which]}</Empty>
  ) : (
    <Table
      caption={s.caption[which]}
      class="waivers-table"
      head={
        <>
          <Head text={c.requirement} />
          <Head text={c.scope} />
          <Head text={c.reason} />
          <Head text={c.until} />
          <Head text={c.who} />
          <Head text={c.devices} number />
          <Head text={c.act} />
        </>
      }
    >
      {waivers.map((waiver) => (
        <Row key={waiver.id} waiver={waiver} onDone={onDone} />
      ))}
    </Table>
  );

const Row = ({ waiver, onDone }: { waiver: Waiver; onDone: (done: Done) => void }) => (
  <tr data-waiver={waiver.id} class={waiver.state === 'active' ? undefined : 'row-stale'}>
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
    <td class="nowrap">
      {formatDate(waiver.until, true)}
      {waiver.state === 'over' && <span class="secondary">{s.over_on}</span>}
      {(waiver.state === 'proposed' || waiver.state === 'moot') && (
        <span class="secondary">{t.proposals.not_given}</span>
      )}
    </td>
    <td>
      <Outside text={waiver.who} />
      <span class="secondary">
        <Time time={waiver.created_at} />
      </span>
      {waiver.proposed_by && (
        <span class="secondary">
          <Outside text={t.proposals.proposed_by(whoText(waiver.proposed_by))} />
        </span>
      )}
      {waiver.proposed_by && waiver.decided_by && (
        <span class="secondary">
          <Outside text={t.proposals.given_by(whoText(waiver.decided_by))} />
        </span>
      )}
    </td>
    <td class="number">
      <Effect waiver={waiver} />
    </td>
    <td class="waiver-act">
      {waiver.state === 'revoked' ? (
        <span class="secondary">
          <Outside
            text={s.revoked(formatTime(waiver.revoked_at ?? ''), whoText(waiver.revoked_by ?? ''))}
          />
        </span>
      ) : (
        <Came waiver={waiver} />
      )}
      {waiver.may.includes('revoke') ? (
        <Revoke waiver={waiver} onDone={onDone} />
      ) : (
        <Decide waiver={waiver} onDone={onDone} />
      )}
    </td>
  </tr>
);

/** Of one school, the number opens its devices. */
function Effect({ waiver }: { waiver: Waiver }) {
  if (waiver.devices === null) return <span class="muted">{s.not_counted}</span>;
  const number = formatNumber(waiver.devices);
  if (waiver.scope !== 'site' || waiver.code === null || waiver.devices === 0) return <>{number}</>;
  return (
    <Count
      href={waivesRows(waiver.code, waiver.requirement)}
      what={s.devices_of(titleOf(waiver))}
    >
      {number}
    </Count>
  );
}

/** Asks before it does it: devices that are ready now may not be ready then. */
function Revoke({ waiver, onDone }: { waiver: Waiver; onDone: (done: Done) => void }) {
  const revoke = async () => {
    const path = `/v1/waivers/${encodeURIComponent(waiver.id)}`;
    const change = await write<WaiverChange>('DELETE', path);
    onDone({ sentence: s.revoked_now(titleOf(waiver)), change, undo: 'waive' });
  };
  return (
    <Ask
      isPlain
      text={s.revoke}
      what={s.revoke_what(titleOf(waiver)).trim()}
      question={s.confirm(waiver.devices)}
      yes={s.yes_revoke}
      keep={s.keep}
      act={revoke}
    />
  );
}
