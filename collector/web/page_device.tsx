// SPDX-License-Identifier: Apache-2.0
// One device: whether it is ready, what to do, every requirement, and everything that is stored.
import type { Device, RequirementResult } from './api';
import { DeviceAbout } from './device_about';
import { DeviceFacts } from './device_facts';
import { DeviceHistory } from './device_history';
import { DevicePlace } from './device_place';
import { DeviceResults } from './device_results';
import { deviceName, formatDate, said } from './format';
import { siteLink } from './links';
import { useLive } from './live';
import { stateTone } from './marks';
import {
  Announced,
  AsOf,
  Breadcrumb,
  Failed,
  Loading,
  NotUpdated,
  Outside,
  Title,
  Verdict,
} from './parts';
import { t } from './strings';

const s = t.device;

export function DevicePage({ id }: { id: string }) {
  const {
    data: device,
    problem,
    refresh,
  } = useLive<Device>(`/v1/devices/${encodeURIComponent(id)}`);
  if (!device) return problem ? <Failed problem={problem} retry={refresh} /> : <Loading />;
  const sentence = verdictOf(device);
  return (
    <>
      <Breadcrumb
        steps={[
          { href: '/', text: t.overview.title },
          { href: siteLink(device.site.code), text: device.site.name },
        ]}
      />
      <Title text={deviceName(device.names, device.id)} />
      <Verdict
        tone={stateTone(device.state)}
        sentence={sentence}
        next={nextOf(device)}
        label={s.next}
      />
      <Announced sentence={sentence} />
      <NotUpdated problem={problem} retry={refresh} />
      {device.profile?.sentence && (
        <p class="notice tone-unknown" data-judging>
          <Outside text={said(device.profile.sentence)} />
        </p>
      )}
      <DeviceAbout device={device} />
      <DeviceResults device={device} />
      <DevicePlace device={device} refresh={refresh} />
      <DeviceHistory device={device} />
      <DeviceFacts facts={device.facts} />
      <AsOf time={device.as_of} />
    </>
  );
}

function verdictOf(device: Device): string {
  const of = (result: string, severity: string) =>
    device.results.filter((line) => line.result === result && line.severity === severity).length;
  switch (device.state) {
    case 'not_ready':
      return s.verdicts.not_ready(of('fail', 'required'));
    case 'unknown': {
      const why = whyUnknown(device);
      return why === 'unknown' ? s.verdicts.unknown(of('unknown', 'required')) : s.verdicts[why];
    }
    case 'ready_with_warnings':
      return s.verdicts.ready_with_warnings(
        of('fail', 'recommended') + of('unknown', 'recommended'),
        waivedOf(device).length,
      );
    default:
      return s.verdicts[device.state];
  }
}

/** What a person can do about the first thing that keeps the device from being ready. */
function nextOf(device: Device): string {
  if (device.state === 'not_ready' || device.state === 'ready_with_warnings') {
    const first = firstProblem(device.results);
    if (first?.result === 'unknown') return s.actions.unknown;
    return first?.fix?.text ?? nextOfWaived(device);
  }
  return s.actions[device.state === 'unknown' ? whyUnknown(device) : device.state];
}

/** Not only what the agent could not see makes a device unknown. */
function whyUnknown({ results }: Device): 'unknown' | 'unjudged' | 'nothing_required' {
  if (results.length === 0) return 'unjudged';
  return results.some((line) => line.severity === 'required' && line.result === 'unknown')
    ? 'unknown'
    : 'nothing_required';
}

const waivedOf = (device: Device) => device.results.filter((line) => line.result === 'waived');

/** Where waivers are all that there is. */
function nextOfWaived(device: Device): string {
  const days = waivedOf(device).flatMap((line) => (line.waiver ? [line.waiver.until] : []));
  const first = days.sort()[0];
  return first ? s.actions.waived(formatDate(first, true)) : '';
}

const firstProblem = (results: RequirementResult[]) =>
  results.find((line) => line.severity === 'required' && line.result === 'fail') ??
  results.find((line) => line.result === 'fail') ??
  results.find((line) => line.result === 'unknown');
