// SPDX-License-Identifier: Apache-2.0
// What is supported, from when until when: the tables of a profile.
import type { PublishedProfile } from './api';
import { formatDate, said } from './format';
import { Head, Outside, Table } from './parts';
import { t } from './strings';

type Rows = PublishedProfile['tables'][number];

const s = t.profile;
const c = s.table_columns;

export const ProfileTables = ({ tables }: { tables: Rows[] }) =>
  tables.length === 0 ? null : (
    <section aria-labelledby="tables-title">
      <h2 id="tables-title">{s.tables}</h2>
      {tables.map((table) => (
        <Table
          key={table.name}
          caption={s.table_caption(table.name)}
          class="support-table"
          head={
            <>
              <Head text={c.what} />
              <Head text={c.support} />
              <Head text={c.from} />
              <Head text={c.until} />
              <Head text={c.note} />
            </>
          }
        >
          {table.rows.map((row, i) => (
            <Row key={i} row={row} />
          ))}
        </Table>
      ))}
    </section>
  );

/** Members whose value says what it is: "ubuntu 22.04" and not "id ubuntu, version 22.04". */
const plain = ['id', 'name', 'product', 'version', 'version_id'];

function whatOf(match: Record<string, string>): string {
  const names = Object.keys(match);
  const isPlain = (name: string) => plain.includes(name);
  const first = plain.flatMap((name) => (match[name] === undefined ? [] : [match[name]]));
  const others = names
    .filter((name) => !isPlain(name))
    .map((name) => s.pair(name.replaceAll('_', ' '), match[name] ?? ''));
  return [first.join(' '), ...others].filter(Boolean).join(', ').replace(ranges, rangeWords);
}

/** "14.0.." and "34..35" in the words of the page. */
const ranges = /([^\s,]+?)\.\.([^\s,.][^\s,]*)?(?=,|\s|$)/g;
const rangeWords = (_: string, first: string, last = ''): string => s.range(first, last);

const Row = ({ row }: { row: Rows['rows'][number] }) => (
  <tr>
    <th scope="row">
      <Outside text={whatOf(row.match)} />
      {row.except.length > 0 && (
        <span class="secondary">
          <Outside text={s.except(row.except.join(', '))} />
        </span>
      )}
    </th>
    <td>{s.tiers[row.tier]}</td>
    <td class="nowrap">{row.from ? formatDate(row.from, true) : t.empty_value}</td>
    <td class="nowrap">{row.until ? formatDate(row.until, true) : t.empty_value}</td>
    <td>{row.note ? <Outside text={said(row.note)} /> : t.empty_value}</td>
  </tr>
);
