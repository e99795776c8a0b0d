// SPDX-License-Identifier: Apache-2.0
// What of an inventory and of what was seen does not fit together, each with what to do.
import type { Finding } from './api';
import { deviceName, said } from './format';
import { deviceLink, siteLink } from './links';
import { StateMark } from './marks';
import { Head, Outside, Table, Time } from './parts';
import { t } from './strings';

const s = t.inventory;
const c = s.columns;

export const FindingTable = ({ caption, findings }: { caption: string; findings: Finding[] }) => (
  <Table
    caption={caption}
    class="findings-table"
    head={
      <>
        <Head text={c.device} />
        <Head text={c.kind} />
        <Head text={c.room} />
        <Head text={c.state} />
        <Head text={c.seen} />
        <Head text={c.to_do} />
      </>
    }
  >
    {findings.map((finding) => (
      <Row key={finding.device.id} finding={finding} />
    ))}
  </Table>
);

const Row = ({ finding: { kind, device, other, to_do } }: { finding: Finding }) => (
  <tr data-finding={kind}>
    <th scope="row">
      <a href={deviceLink(device.id)}>
        <Outside text={deviceName(device.names, device.id)} />
      </a>
      <span class="secondary">
        <Outside text={othersOf(device)} />
      </span>
    </th>
    <td>
      {s.kinds[kind]}
      <span class="secondary">{s.kind_notes[kind]}</span>
    </td>
    <td>{device.room ? <Outside text={device.room} /> : t.empty_value}</td>
    <td>
      <StateMark state={device.state} />
      {!device.enrolled && <span class="secondary">{s.line}</span>}
    </td>
    <td class="nowrap">{device.seen_at ? <Time time={device.seen_at} /> : t.devices.never}</td>
    <td>
      <Outside text={said(to_do)} />
      {other && <Other other={other} />}
    </td>
  </tr>
);

const Other = ({ other }: { other: NonNullable<Finding['other']> }) => (
  <span class="secondary">
    <a href={deviceLink(other.id)}>{s.other}</a>
    {s.at}
    <a href={siteLink(other.site.code)}>
      <Outside text={other.site.name} />
    </a>
  </span>
);

/** The names beside the one that it is called by. */
function othersOf({ names, id }: Finding['device']): string {
  const shown = deviceName(names, id);
  return [
    names.asset_tag && names.asset_tag !== shown && t.devices.asset(names.asset_tag),
    names.serial && names.serial !== shown && t.devices.serial(names.serial),
  ]
    .filter(Boolean)
    .join(' · ');
}
