// SPDX-License-Identifier: Apache-2.0
// The waivers, each with what it does and the way to revoke it.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Problem, write, type Waiver, type WaiverChange } from './api';
import { formatDate, formatNumber, formatTime, said, whoText } from './format';
import { siteLink, waivesRows } from './links';
import type { Done, Which } from './page_waivers';
import { Count, Empty, Head, Outside, Table, Time } from './parts';
import { may } from './session';
import { t } from './strings';

const s = t.waivers;
const c = s.columns;

interface Props {
  waivers: Waiver[];
  which: Which;
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

const titleOf = (waiver: Waiver): string => said(waiver.title ?? waiver.requirement);

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
    </td>
    <td>
      <Outside text={waiver.who} />
      <span class="secondary">
        <Time time={waiver.created_at} />
      </span>
    </td>
    <td class="number">
      <Effect waiver={waiver} />
    </td>
    <td class="waiver-act">
      {waiver.revoked_at ? (
        <span class="secondary">
          <Outside text={s.revoked(formatTime(waiver.revoked_at), whoText(waiver.revoked_by ?? ''))} />
        </span>
      ) : (
        may('waive') && <Revoke waiver={waiver} onDone={onDone} />
      )}
    </td>
  </tr>
);

function For({ waiver }: { waiver: Waiver }) {
  const { scope, code, name } = waiver;
  const text = <Outside text={name || code || ''} />;
  return (
    <>
      {s.scopes[scope]}{' '}
      {code && (
        <span class="waiver-scope">{scope === 'site' ? <a href={siteLink(code)}>{text}</a> : text}</span>
      )}
    </>
  );
}

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
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const question = useRef<HTMLParagraphElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const wasAsking = useRef(false);
  useEffect(() => {
    if (isAsking) question.current?.focus();
    else if (wasAsking.current) button.current?.focus();
    wasAsking.current = isAsking;
  }, [isAsking]);

  const revoke = async () => {
    setBusy(true);
    try {
      const path = `/v1/waivers/${encodeURIComponent(waiver.id)}`;
      const change = await write<WaiverChange>('DELETE', path);
      onDone({ sentence: s.revoked_now(titleOf(waiver)), change, canUndo: true });
    } catch (error) {
      setProblem(error instanceof Problem ? error.detail : t.unreachable);
    }
    setBusy(false);
  };

  if (!isAsking)
    return (
      <button
        ref={button}
        type="button"
        class="usa-button usa-button--unstyled"
        onClick={() => setAsking(true)}
      >
        {s.revoke}
        <span class="usa-sr-only">
          <Outside text={s.revoke_what(titleOf(waiver))} />
        </span>
      </button>
    );
  return (
    <div class="confirm">
      <p ref={question} tabIndex={-1}>
        {s.confirm(waiver.devices)}
      </p>
      {problem && (
        <p class="usa-error-message" role="alert">
          <Outside text={problem} />
        </p>
      )}
      <button
        type="button"
        class="usa-button"
        aria-disabled={isBusy}
        onClick={() => !isBusy && void revoke()}
      >
        {s.yes_revoke}
      </button>{' '}
      <button
        type="button"
        class="usa-button usa-button--outline"
        onClick={() => setAsking(false)}
      >
        {s.keep}
      </button>
    </div>
  );
}
