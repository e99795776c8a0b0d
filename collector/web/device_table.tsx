// SPDX-License-Identifier: Apache-2.0
// The table of devices, on the page of a school and behind every number.
import type { DeviceSummary } from './api';
import { deviceName, said } from './format';
import { deviceLink } from './links';
import { StateMark } from './marks';
import { Head, Outside, Table, Time } from './parts';
import { t } from './strings';

/** The worst come first; the page of the device has them all. */
const NEEDS_SHOWN = 3;

const s = t.devices;
const c = s.columns;

export const DeviceTable = ({
  caption,
  devices,
}: {
  caption: string;
  devices: DeviceSummary[];
}) => (
  <Table
    caption={caption}
    class="device-table"
    head={
      <>
        <Head text={c.device} />
        <Head text={c.state} />
        <Head text={c.room} />
        <Head text={c.role} />
        <Head text={c.needs} />
        <Head text={c.since} />
        <Head text={c.seen} />
      </>
    }
  >
    {devices.map((device) => (
      <Row key={device.id} device={device} />
    ))}
  </Table>
);

function Row({ device }: { device: DeviceSummary }) {
  return (
    <tr
      data-device={device.id}
      class={device.state === 'stale' || device.state === 'never_seen' ? 'row-stale' : undefined}
    >
      <th scope="row">
        <a href={deviceLink(device.id)}>
          <Outside text={deviceName(device.names, device.id)} />
        </a>
        <SecondaryNames device={device} />
      </th>
      <td>
        <StateMark state={device.state} />
        {!device.expected && <span class="secondary">{s.unlisted}</span>}
      </td>
      <td>{device.room ? <Outside text={device.room} /> : t.empty_value}</td>
      <td>{t.roles[device.role]}</td>
      <td>
        <Needs device={device} />
        {device.next_action && (
          <span class="secondary">
            <Outside text={t.told?.device_next[device.state] ?? said(device.next_action)} />
          </span>
        )}
      </td>
      <td class="nowrap">
        <Time time={device.since} />
      </td>
      <td class="nowrap">{device.seen_at ? <Time time={device.seen_at} /> : s.never}</td>
    </tr>
  );
}

function SecondaryNames({ device }: { device: DeviceSummary }) {
  const { names } = device;
  const shown = deviceName(names, device.id);
  const others = [
    names.asset_tag && names.asset_tag !== shown && s.asset(names.asset_tag),
    names.serial && names.serial !== shown && s.serial(names.serial),
    names.model,
  ].filter(Boolean);
  return others.length > 0 ? (
    <span class="secondary">
      <Outside text={others.join(' · ')} />
    </span>
  ) : null;
}

const Needs = ({ device: { needs, waived, next_action } }: { device: DeviceSummary }) =>
  needs.length + waived.length === 0 ? (
    next_action ? null : (
      <>{t.empty_value}</>
    )
  ) : (
    <ul class="needs">
      {needs.slice(0, NEEDS_SHOWN).map((need, i) => (
        <li key={i}>
          <Outside text={said(need)} />
        </li>
      ))}
      {needs.length > NEEDS_SHOWN && <li class="muted">{s.needs_more(needs.length - NEEDS_SHOWN)}</li>}
      {waived.length > 0 && (
        <li class="waived-needs">
          {s.waived} <Outside text={said(waived.join('; '))} />
        </li>
      )}
    </ul>
  );
