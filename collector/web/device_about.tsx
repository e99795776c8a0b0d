// SPDX-License-Identifier: Apache-2.0
// What a device is and where it stands, as a list of names and values.
import type { ComponentChildren } from 'preact';
import type { Device } from './api';
import { said, shortVersion } from './format';
import { profileLink, roomRows } from './links';
import { StateMark } from './marks';
import { Outside, Time } from './parts';
import { t } from './strings';

const l = t.device.labels;

export const DeviceAbout = ({ device }: { device: Device }) => (
  <section aria-labelledby="about-title">
    <h2 id="about-title" class="usa-sr-only">
      {t.device.about}
    </h2>
    <dl class="about">
      {linesOf(device)
        .filter(([, value]) => value)
        .map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  </section>
);

function JudgedBy({ device }: { device: Device }) {
  const { profile, site } = device;
  return profile ? (
    <>
      <a href={profileLink(profile.id, profile.is_current ? site.code : undefined)}>
        <Outside text={said(profile.title)} />
      </a>{' '}
      <span class="secondary nowrap" title={profile.version}>
        {t.device.version(shortVersion(profile.version))}
      </span>
    </>
  ) : null;
}

/** What the device does not say has no line. */
function linesOf(device: Device): [string, ComponentChildren][] {
  const { names, site, room } = device;
  const text = (value: string | undefined) => value && <Outside text={value} />;
  const time = (value: string | null) => value && <Time time={value} />;
  return [
    [l.state, <StateMark state={device.state} />],
    [l.since, time(device.since)],
    [l.seen, time(device.seen_at) || t.devices.never],
    [l.room, room && <a href={roomRows(site.code, room)}>{text(room)}</a>],
    [l.role, t.roles[device.role]],
    [l.expected, device.expected ? t.yes : t.no],
    [l.model, text(names.model)],
    [l.serial, text(names.serial)],
    [l.asset_tag, text(names.asset_tag)],
    [l.enrolled, time(device.enrolled_at)],
    [l.agent, text(device.agent_version)],
    [l.profile, device.profile && <JudgedBy device={device} />],
    [l.id, text(device.id)],
  ];
}
