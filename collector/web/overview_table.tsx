// SPDX-License-Identifier: Apache-2.0
// The table of schools; each number leads to its devices.
import type { SiteSummary } from './api';
import { formatNumber, formatPercent } from './format';
import { browserRows, expectedRows, freshRows, groupRows, siteLink, type Group } from './links';
import { JudgingMark, YesNoMark } from './marks';
import { groupCount } from './overview_shows';
import { Count, Head, Outside, Table } from './parts';
import { t } from './strings';
import { WindowRange, windowPhase } from './test_window';

const s = t.overview;
const c = s.columns;

export const OverviewTable = ({ sites }: { sites: SiteSummary[] }) => (
  <Table
    caption={s.caption}
    note={s.caption_note}
    class="overview-table"
    head={
      <>
        <Head text={c.school} />
        <Head text={c.window} />
        <Head text={c.weekdays} number />
        <Head text={c.ready} number />
        <Head text={c.expected} number />
        <Head text={c.needs_work} number />
        <Head text={c.unknown_or_stale} number />
        <Head text={c.coverage} number />
        <Head text={c.browser} number />
        <Head text={c.certifiable} />
      </>
    }
  >
    {sites.map((site) => (
      <Row key={site.code} site={site} />
    ))}
  </Table>
);

function Row({ site }: { site: SiteSummary }) {
  const at = (what: string) => s.devices_of(what.toLowerCase(), site.name);
  return (
    <tr>
      <th scope="row">
        <a href={siteLink(site.code)}>
          <Outside text={site.name} />
        </a>
        <span class="secondary">
          <Outside text={site.lea.name} />
          {!site.has_inventory && ` · ${t.inventory.has_none}`}
        </span>
      </th>
      <td>
        <WindowRange window={site.window} />
      </td>
      <td class="number">{windowPhase(site.window)}</td>
      <GroupCell site={site} group="ready" what={at(c.ready)} />
      <td class="number">
        <Count href={expectedRows(site.code)} what={at(c.expected)}>
          {formatNumber(site.expected)}
        </Count>
      </td>
      <GroupCell site={site} group="needs_work" what={at(c.needs_work)} />
      <GroupCell site={site} group="unknown_or_stale" what={at(c.unknown_or_stale)} />
      <td class="number">
        <Count href={freshRows(site.code)} what={s.coverage_of(site.fresh, site.expected)}>
          {formatPercent(site.coverage_percent)}
        </Count>
      </td>
      <td class="number">
        <Count
          href={browserRows(site.code)}
          what={s.browser_of(site.browser_current, site.browser_expected)}
        >
          {formatPercent(site.browser_percent)}
        </Count>
      </td>
      <td>
        <YesNoMark isSo={site.certifiable} word={site.certifiable ? t.yes : t.no} />
        {site.judging && (
          <span class="secondary" data-judging>
            <JudgingMark word={s.judging} />
          </span>
        )}
      </td>
    </tr>
  );
}

function GroupCell({ site, group, what }: { site: SiteSummary; group: Group; what: string }) {
  const n = groupCount(site.states, group);
  return (
    <td class={`number ${n > 0 ? `count-${group}` : 'count-zero'}`}>
      <Count href={groupRows(site.code, group)} what={what}>
        {formatNumber(n)}
      </Count>
    </td>
  );
}
