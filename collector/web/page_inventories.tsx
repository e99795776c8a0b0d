// SPDX-License-Identifier: Apache-2.0
// The inventories of all schools that one may see, or of a district, beside what was seen there.
import type { FindingKind, InventoryList, InventorySummary } from './api';
import { FileLink } from './file_link';
import { formatNumber } from './format';
import { DaysForm, daysIn, daysOf, findingKinds, kindOf } from './inventory_days';
import {
  expectedRows,
  importInventoryLink,
  inventoriesLink,
  inventoryRows,
  queryLink,
} from './links';
import { useList } from './list';
import { Total } from './page_inventory';
import { Count, Empty, Head, Outside, Table, Title, Verdict } from './parts';
import { usePlaces } from './places';
import { may } from './session';
import { t } from './strings';

const s = t.inventory;
const c = s.columns;

const sumOf = (sites: InventorySummary[], kind: FindingKind): number =>
  sites.reduce((sum, { totals }) => sum + totals[kind], 0);
const isWrong = ({ totals }: InventorySummary): boolean =>
  findingKinds.some((kind) => totals[kind] > 0);

export function InventoriesPage({ query }: { query: URLSearchParams }) {
  const kind = kindOf(query);
  const days = daysOf(query);
  const lea = query.get('lea') ?? '';
  const path = queryLink('/v1/inventory', { limit: '100', lea, days });
  const list = useList(path, (part: InventoryList) => part.sites);
  const { rows: all, hasMore } = list;
  if (!list.first) return list.instead;
  const shown = kind ? all.filter(({ totals }) => totals[kind] > 0) : all;
  const href = (it: string) => queryLink(inventoriesLink, { kind: it, lea, days: daysIn(days) });
  return (
    <>
      <Title text={s.title} />
      {all.length > 0 && <State sites={all} hasMore={hasMore} />}
      <p class="explain">{s.all_explain}</p>
      {list.notUpdated}
      {all.length > 0 && (
        <ul class="totals" aria-label={s.numbers}>
          {findingKinds.map((it) => (
            <Total
              key={it}
              name={it}
              href={href(it)}
              n={sumOf(all, it)}
              label={s.kinds[it]}
              isShown={it === kind}
            />
          ))}
        </ul>
      )}
      <Filter lea={lea} days={days} kind={kind} />
      {kind && (
        <p>
          <a href={href('')}>{s.show_all}</a>
        </p>
      )}
      {shown.length > 0 ? (
        <SiteTable
          sites={shown}
          days={days}
          caption={kind ? s.some_caption(s.kinds[kind], sumOf(shown, kind)) : s.all_caption}
        />
      ) : (
        <Empty>{kind ? s.none_with : s.no_schools}</Empty>
      )}
      {list.showMore}
      {all.length > 0 && (
        <p class="all-devices screen-only">
          <FileLink
            href={queryLink('/v1/inventory.csv', { kind, lea, days })}
            name="inventory.csv"
            text={kind ? s.file : s.files}
          />
        </p>
      )}
      {list.asOf}
    </>
  );
}

function State({ sites, hasMore }: { sites: InventorySummary[]; hasMore: boolean }) {
  const n = sites.filter(isWrong).length;
  const without = sites.filter((site) => !site.has_inventory).length;
  return (
    <>
      <Verdict
        tone={n > 0 ? 'warning' : 'ready'}
        sentence={s.sentence(n, sites.length) + (hasMore ? s.so_far : '')}
      />
      {without > 0 && (
        <p>
          {s.without(without)}{' '}
          {may('mend_inventory') && <a href={importInventoryLink}>{s.to_import}</a>}
        </p>
      )}
    </>
  );
}

/** Of districts only where there is more than one to choose. */
function Filter({ lea, days, kind }: { lea: string; days: string; kind: string }) {
  const leas = usePlaces().all.filter(({ scope }) => scope === 'lea');
  const options: [string, string][] = [
    ['', s.all_leas],
    ...leas.map(({ code, name }): [string, string] => [code, name]),
  ];
  const more = { name: 'lea', label: s.filter_lea, options, value: lea };
  return (
    <DaysForm
      key={`${days} ${lea} ${leas.length > 1}`}
      path={inventoriesLink}
      days={days}
      keep={{ kind, lea }}
      {...(leas.length > 1 && { more })}
    />
  );
}

interface TableProps {
  sites: InventorySummary[];
  days: string;
  caption: string;
}

const SiteTable = ({ sites, days, caption }: TableProps) => (
  <Table
    caption={caption}
    class="inventories-table"
    head={
      <>
        <Head text={c.school} />
        <Head text={c.expected} number />
        {findingKinds.map((kind) => (
          <Head key={kind} text={s.kinds[kind]} number />
        ))}
      </>
    }
  >
    {sites.map((site) => (
      <Row key={site.site.code} summary={site} days={days} />
    ))}
  </Table>
);

function Row({ summary, days }: { summary: InventorySummary; days: string }) {
  const { site, lea, expected, totals, has_inventory } = summary;
  return (
    <tr data-site={site.code}>
      <th scope="row">
        <a href={inventoryRows(site.code, '', daysIn(days))}>
          <Outside text={site.name} />
        </a>
        <span class="secondary">
          <Outside text={lea.name} />
          {!has_inventory && ` · ${s.has_none}`}
        </span>
      </th>
      <td class="number">
        <Count href={expectedRows(site.code)} what={s.of_school(c.expected, site.name)}>
          {formatNumber(expected)}
        </Count>
      </td>
      {findingKinds.map((kind) => (
        <td key={kind} class={`number ${totals[kind] > 0 ? 'count-needs_work' : 'count-zero'}`}>
          <Count
            href={inventoryRows(site.code, kind, daysIn(days))}
            what={s.of_school(s.kinds[kind], site.name)}
          >
            {formatNumber(totals[kind])}
          </Count>
        </td>
      ))}
    </tr>
  );
}
