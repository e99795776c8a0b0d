// SPDX-License-Identifier: Apache-2.0
// What is wrong with a file, each row of it as it is in the file: the cell that is wrong marked,
// and why under it.
import { useMemo } from 'preact/hooks';
import { cellAt, quoteRows, type Cell, type Quoted, type Row } from './csv_rows';
import type { Answer, Picked } from './import_job';
import { said } from './format';
import { Head, Outside, Table } from './parts';
import { t } from './strings';

const s = t.imports;

/** A file may have more columns than fit beside each other, and cells of any length. */
const columnsShown = 12;
const cellShown = 80;

type Wrong = Answer['problems'][number];

interface Group {
  line: number;
  row: Row | undefined;
  wrongs: Wrong[];
}

/** Those of one row together, in the order of the file. */
function groupsOf(problems: Wrong[], quoted: Quoted): Group[] {
  const groups = new Map<number, Group>();
  for (const wrong of problems) {
    const row = quoted.rowAt(wrong);
    const line = row?.line ?? wrong.line;
    const group = groups.get(line) ?? { line, row, wrongs: [] };
    group.wrongs.push(wrong);
    groups.set(line, group);
  }
  return [...groups.values()].sort((a, b) => a.line - b.line);
}

const wrongCells = ({ row, wrongs }: Group, header: string[]): (Cell | undefined)[] =>
  row ? wrongs.map((wrong) => cellAt(row, header, wrong, wrong.text)) : [];

/** Which columns are shown, in the order of the file: those with a mistake before all others. */
function columnsOf(groups: Group[], header: string[]): number[] {
  const shown = new Set<number>();
  const take = (column: number) => {
    if (column >= 0 && column < header.length && shown.size < columnsShown) shown.add(column);
  };
  for (const group of groups)
    for (const cell of wrongCells(group, header)) if (cell) take(group.row?.cells.indexOf(cell) ?? -1);
  header.forEach((_, column) => take(column));
  return shown.size > 0 ? [...shown].sort((a, b) => a - b) : [0];
}

export function ImportProblems({ answer, file }: { answer: Answer; file: Picked }) {
  const quoted = useMemo(() => quoteRows(file.bytes, answer.problems), [answer, file]);
  const groups = groupsOf(answer.problems, quoted);
  const { header } = quoted;
  const columns = columnsOf(groups, header);
  const n = columns.length;
  const more = answer.n_problems - answer.problems.length;
  return (
    <>
      <Table
        caption={s.rows}
        note={s.rows_note}
        class="problems-table"
        head={
          <>
            <Head text={s.line} number />
            {header.length > 0 &&
              columns.map((column) => (
                <th scope="col" key={column}>
                  <Outside text={short(header[column] ?? '')} />
                </th>
              ))}
            {header.length > n && <Head text={s.more_columns(header.length - n)} />}
          </>
        }
      >
        {groups.map((group) => (
          <WrongRow key={group.line} group={group} header={header} columns={columns} />
        ))}
      </Table>
      {more > 0 && <p class="secondary">{s.more_wrong(more)}</p>}
    </>
  );
}

const short = (text: string): string =>
  text.length > cellShown ? `${text.slice(0, cellShown)}…` : text;

interface RowProps {
  group: Group;
  header: string[];
  columns: number[];
}

function WrongRow({ group, header, columns }: RowProps) {
  const { line, row, wrongs } = group;
  const id = `wrong-${line}`;
  const marked = new Set(wrongCells(group, header));
  const cells = columns.flatMap((column) => row?.cells[column] ?? []);
  const isCut = header.length > columns.length;
  return (
    <>
      <tr class="wrong-row" data-wrong={line}>
        <th scope="row" class="number" rowSpan={2}>
          {line}
        </th>
        {cells.map((cell, i) => (
          <td key={i} aria-describedby={marked.has(cell) ? id : undefined}>
            {marked.has(cell) ? (
              <mark class="wrong-cell">
                <span class="usa-sr-only">{s.wrong_cell}</span>
                <Outside text={short(cell.text) || s.empty_cell} />
              </mark>
            ) : (
              <Outside text={short(cell.text)} />
            )}
          </td>
        ))}
        <Rest n={columns.length - cells.length + (isCut ? 1 : 0)} />
      </tr>
      <tr class="wrong-why">
        <td id={id} colSpan={columns.length + (isCut ? 1 : 0)}>
          <ul class="no-marks">
            {wrongs.map(({ column, text }) => (
              <li key={`${column} ${text}`}>
                <Outside text={said(text)} />
              </li>
            ))}
          </ul>
        </td>
      </tr>
    </>
  );
}

/** In the place of the cells that a row lacks. */
const Rest = ({ n }: { n: number }) => (n > 0 ? <td colSpan={n} /> : null);
