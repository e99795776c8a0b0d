// SPDX-License-Identifier: Apache-2.0
// The waivers: of those that hold what each does and the way to revoke it, of those that are
// proposed what each would do and the ways to decide it.
import type { ComponentChildren } from 'preact';
import type { Waiver } from './api';
import { Ask } from './ask';
import { formatDate, formatNumber, formatTime, whoText } from './format';
import { waivesRows } from './links';
import { Count, Empty, Head, Outside, Table, Time } from './parts';
import { may } from './session';
import { t } from './strings';
import { Came, Decide } from './waiver_decide';
import { revoke, type Done } from './waiver_done';
import { For, titleOf } from './waiver_for';

const s = t.waivers;
const c = s.columns;
const p = t.proposals;

export type Which = keyof typeof s.states;
type ProposalState = keyof typeof p.caption;
type GivenState = keyof typeof s.caption;

export const isProposal = (which: Which): which is ProposalState => Object.hasOwn(p.caption, which);

interface Props {
  waivers: Waiver[];
  which: Which;
  onDone: (done: Done) => Promise<void>;
}

export function WaiverTable({ waivers, which, onDone }: Props) {
  const { alive, caption, empty, heads, columns } = isProposal(which) ? proposed(which) : given(which);
  if (waivers.length === 0) return <Empty>{empty}</Empty>;
  return (
    <Table
      caption={caption}
      class="waivers-table"
      head={
        <>
          <Head text={c.requirement} />
          <Head text={c.scope} />
          <Head text={c.reason} />
          <Head text={c.until} />
          {heads}
        </>
      }
    >
      {waivers.map((waiver) => (
        <Row key={waiver.id} waiver={waiver} isOver={waiver.state !== alive}>
          {columns(waiver, onDone)}
        </Row>
      ))}
    </Table>
  );
}

/** What is another in the two tables. */
interface Kind {
  /** The state of what is not grey. */
  alive: Waiver['state'];
  caption: string;
  empty: string;
  heads: ComponentChildren;
  columns: (waiver: Waiver, onDone: Props['onDone']) => ComponentChildren;
}

/** They have no form to waive below; most have one to propose. */
const emptyForOthers = (): string =>
  may('propose_waiver') ? t.proposals.none_active : s.empty.revoked;

const given = (which: GivenState): Kind => ({
  alive: 'active',
  caption: s.caption[which],
  empty: which === 'active' && !may('waive') ? emptyForOthers() : s.empty[which],
  heads: (
    <>
      <Head text={c.who} />
      <Head text={c.devices} number />
      <Head text={c.act} />
    </>
  ),
  columns: (waiver, onDone) => (
    <>
      <td>
        <Who waiver={waiver} />
      </td>
      <td class="number">
        <Effect waiver={waiver} />
      </td>
      <td class="waiver-act">
        <Came waiver={waiver} />
        <Revoke waiver={waiver} onDone={onDone} />
        <Decide waiver={waiver} onDone={onDone} />
      </td>
    </>
  ),
});

const proposed = (which: ProposalState): Kind => ({
  alive: 'proposed',
  caption: p.caption[which],
  empty: p.empty[which],
  heads: (
    <>
      <Head text={p.columns.proposed} />
      <Head text={p.columns.change} />
      <Head text={p.columns.decide} />
    </>
  ),
  columns: (waiver, onDone) => (
    <>
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
    </>
  ),
});

interface RowProps {
  waiver: Waiver;
  isOver: boolean;
  children: ComponentChildren;
}

const Row = ({ waiver, isOver, children }: RowProps) => (
  <tr data-waiver={waiver.id} class={isOver ? 'row-stale' : undefined}>
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
        <span class="secondary">{p.not_given}</span>
      )}
    </td>
    {children}
  </tr>
);

const Who = ({ waiver: { who, created_at, proposed_by, decided_by } }: { waiver: Waiver }) => (
  <>
    <Outside text={who} />
    <span class="secondary">
      <Time time={created_at} />
    </span>
    {proposed_by && (
      <span class="secondary">
        <Outside text={p.proposed_by(whoText(proposed_by))} />
      </span>
    )}
    {proposed_by && decided_by && (
      <span class="secondary">
        <Outside text={p.given_by(whoText(decided_by))} />
      </span>
    )}
  </>
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

/** Asks before it does it: devices that are ready now may not be ready then. */
function Revoke({ waiver, onDone }: { waiver: Waiver; onDone: Props['onDone'] }) {
  if (waiver.state === 'revoked')
    return (
      <span class="secondary">
        <Outside
          text={s.revoked(formatTime(waiver.revoked_at ?? ''), whoText(waiver.revoked_by ?? ''))}
        />
      </span>
    );
  if (!waiver.may.includes('revoke')) return null;
  return (
    <Ask
      isPlain
      text={s.revoke}
      what={s.revoke_what(titleOf(waiver)).trim()}
      question={s.confirm(waiver.devices)}
      yes={s.yes_revoke}
      keep={s.keep}
      act={async () => onDone(await revoke(waiver))}
    />
  );
}
