// SPDX-License-Identifier: Apache-2.0
// The totals over all schools. Each leads to the schools that add to it.
import type { ComponentChildren } from 'preact';
import type { Totals } from './api';
import { formatNumber } from './format';
import type { Group } from './links';
import { GroupMark } from './marks';
import { groupCount, showLink, type Show } from './overview_shows';
import { StateBar } from './state_bar';
import { t } from './strings';

const s = t.overview;
const groups: Group[] = ['ready', 'needs_work', 'unknown_or_stale'];

export function OverviewTotals({ totals }: { totals: Totals }) {
  return (
    <section aria-labelledby="totals-title">
      <h2 id="totals-title" class="usa-sr-only">
        {s.totals}
      </h2>
      <ul class="totals">
        <Total label={s.schools} n={totals.sites} />
        <Total label={s.certifiable} n={totals.certifiable} show="certifiable" />
        <Total label={s.expected} n={totals.expected} />
        {groups.map((group) => (
          <Total
            key={group}
            label={<GroupMark group={group} />}
            n={groupCount(totals.states, group)}
            show={group}
          />
        ))}
        {totals.unexpected > 0 && (
          <Total label={s.unexpected} n={totals.unexpected} show="unexpected" />
        )}
      </ul>
      <StateBar states={totals.states} />
    </section>
  );
}

const Total = ({ label, n, show }: { label: ComponentChildren; n: number; show?: Show }) => (
  <li>
    <a class="total" href={showLink(show)}>
      <span class="total-number">{formatNumber(n)}</span> <span class="total-label">{label}</span>
    </a>
  </li>
);
