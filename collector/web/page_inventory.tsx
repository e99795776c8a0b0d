// SPDX-License-Identifier: Apache-2.0
// The inventory of a school beside what was seen there: numbers, and the rows behind each.
import type { SiteInventory } from './api';
import { FileLink } from './file_link';
import { FindingTable } from './finding_table';
import { formatNumber } from './format';
import { DaysForm, daysIn, daysOf, findingKinds, kindOf } from './inventory_days';
import {
  expectedRows,
  importInventoryLink,
  inventoriesLink,
  inventoryRows,
  queryLink,
  siteLink,
} from './links';
import { useList } from './list';
import { Breadcrumb, Empty, Outside, Title, Verdict } from './parts';
import { may } from './session';
import { t } from './strings';

const s = t.inventory;

const totalOf = ({ totals }: SiteInventory): number =>
  findingKinds.reduce((sum, kind) => sum + totals[kind], 0);

export function InventoryPage({ code, query }: { code: string; query: URLSearchParams }) {
  const kind = kindOf(query);
  const days = daysOf(query);
  const api = `/v1/sites/${encodeURIComponent(code)}/inventory`;
  const path = queryLink(api, { limit: '100', kind, days });
  const list = useList(path, (part: SiteInventory) => part.findings);
  const { first, rows: findings, hasMore } = list;
  if (!first) return list.instead;
  const { name } = first.site;
  const what = kind ? s.kinds[kind] : s.all;
  return (
    <>
      <Breadcrumb
        steps={[
          { href: '/', text: t.overview.title },
          { href: inventoriesLink, text: s.title },
          { href: siteLink(code), text: name },
        ]}
      />
      <Title text={s.title_of(name)} />
      <State inventory={first} days={days} />
      <p class="explain">{s.explain}</p>
      {list.notUpdated}
      <Numbers inventory={first} kind={kind} days={days} />
      <DaysForm key={days} path={`${siteLink(code)}/inventory`} days={days} keep={{ kind }} />
      <section aria-labelledby="rows-title">
        <h2 id="rows-title">
          {what}:{' '}
          <span data-rows={findings.length}>
            {(hasMore ? s.rows_more : s.rows)(findings.length)}
          </span>
        </h2>
        {findings.length > 0 ? (
          <FindingTable caption={s.caption(what, name)} findings={findings} />
        ) : (
          <Empty>
            {kind ? s.none_fits : s.nothing}{' '}
            {kind && <a href={inventoryRows(code, '', daysIn(days))}>{s.all}</a>}
          </Empty>
        )}
        {list.showMore}
        {findings.length > 0 && (
          <p class="all-devices screen-only">
            <FileLink
              href={queryLink(`${api}.csv`, { kind, days })}
              name={`inventory-${code}.csv`}
              text={s.file}
            />
          </p>
        )}
      </section>
      {list.asOf}
    </>
  );
}

/** The verdict; where there is no inventory, how to get one. */
function State({ inventory, days }: { inventory: SiteInventory; days: string }) {
  const n = totalOf(inventory);
  const { expected, has_inventory } = inventory;
  const sentence =
    n > 0 ? s.fits_not(n, expected) : expected > 0 ? s.fits(expected, Number(days)) : s.fits_none;
  return (
    <>
      <Verdict tone={n > 0 ? 'warning' : 'ready'} sentence={sentence} />
      {!has_inventory && (
        <div class="notice tone-unknown" data-no-inventory>
          <p>
            {may('mend_inventory') ? s.no_inventory : s.no_inventory_ask}{' '}
            {may('mend_inventory') && <a href={importInventoryLink}>{s.to_import}</a>}
          </p>
        </div>
      )}
      {has_inventory && may('mend_inventory') && (
        <p class="screen-only">
          <a href={importInventoryLink}>{s.to_import}</a>
        </p>
      )}
    </>
  );
}

interface NumbersProps {
  inventory: SiteInventory;
  kind: string;
  days: string;
}

function Numbers({ inventory, kind, days }: NumbersProps) {
  const { code } = inventory.site;
  const link = (it: string) => inventoryRows(code, it, daysIn(days));
  return (
    <section aria-labelledby="numbers-title">
      <h2 id="numbers-title" class="usa-sr-only">
        {s.numbers}
      </h2>
      <ul class="totals">
        <Total href={expectedRows(code)} n={inventory.expected} label={s.expected} />
        <Total href={link('')} n={totalOf(inventory)} label={s.all} isShown={kind === ''} />
        {findingKinds.map((it) => (
          <Total
            key={it}
            name={it}
            href={link(it)}
            n={inventory.totals[it]}
            label={s.kinds[it]}
            isShown={kind === it}
          />
        ))}
      </ul>
    </section>
  );
}

interface TotalProps {
  href: string;
  n: number;
  label: string;
  name?: string;
  isShown?: boolean;
}

export const Total = ({ href, n, label, name, isShown }: TotalProps) => (
  <li>
    <a class="total" href={href} data-total={name} aria-current={isShown ? 'true' : undefined}>
      <span class="total-number">{formatNumber(n)}</span>{' '}
      <span class="total-label">
        <Outside text={label} />
      </span>
    </a>
  </li>
);
