// SPDX-License-Identifier: Apache-2.0
// What a profile asks of a school: how fresh reports are, and what certification needs.
import type { PublishedProfile } from './api';
import { formatDate } from './format';
import { Outside } from './parts';
import { t } from './strings';

const s = t.profile;
const l = s.labels;

export const ProfileRules = ({ profile }: { profile: PublishedProfile }) => (
  <section aria-labelledby="certification-title">
    <h2 id="certification-title">{s.certification}</h2>
    <dl class="about">
      {linesOf(profile).map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            <Outside text={value} />
          </dd>
        </div>
      ))}
    </dl>
  </section>
);

function linesOf(profile: PublishedProfile): [string, string][] {
  const { certification: rules, freshness_hours: fresh, endpoints } = profile;
  const lines: [string, string][] = [
    [l.coverage, s.percent(rules.coverage_percent)],
    [l.devices, s.percent(rules.devices_percent)],
    [l.browser, s.percent(rules.browser_percent)],
    [l.weekdays, s.weekdays(rules.minimum_weekdays)],
  ];
  if (rules.latest_last_day) lines.push([l.latest, formatDate(rules.latest_last_day, true)]);
  lines.push([l.fresh, s.fresh(span(fresh.default), span(fresh.last_week), span(fresh.last_day))]);
  if (endpoints.length > 0) lines.push([l.servers, endpoints.join(', ')]);
  return lines;
}

/** In days where it is whole days and more than one. */
const span = (hours: number): string =>
  hours > 24 && hours % 24 === 0 ? s.days(hours / 24) : s.hours(hours);
