// SPDX-License-Identifier: Apache-2.0
// The rows of a CSV file that the collector found something wrong with, as they are in the file.
// Lines and columns are counted as the collector counts them: a column is a byte.

export interface Place {
  line: number;
  column: number;
}

export interface Cell extends Place {
  text: string;
}

export interface Row {
  line: number;
  cells: Cell[];
}

export interface Quoted {
  /** The first row; empty where the file has none. */
  header: string[];
  /** The row that a place is in; undefined: no row is there. */
  rowAt: (place: Place) => Row | undefined;
  /** How many rows the file has, without the first. */
  count: number;
}

const comma = 0x2c;
const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const mark = [0xef, 0xbb, 0xbf];

/** A row while it is read: where each cell begins and ends among the bytes. */
interface Span extends Place {
  from: number;
  to: number;
}

const decoder = new TextDecoder();

function textOf(bytes: Uint8Array, { from, to }: Span): string {
  const text = decoder.decode(bytes.subarray(from, to)).trim();
  const inQuotes = /^"([^]*?)"?$/.exec(text);
  return inQuotes ? (inQuotes[1] ?? '').replaceAll('""', '"') : text;
}

/** Calls @take with the spans of each row that has something in it, and with its last line. */
function eachRow(bytes: Uint8Array, take: (spans: Span[], last: number) => void): void {
  const start = mark.every((byte, i) => bytes[i] === byte) ? mark.length : 0;
  let [line, column, from, isQuoted] = [1, 1, start, false];
  let place: Place = { line, column };
  let spans: Span[] = [];
  const endCell = (to: number) => {
    spans.push({ ...place, from, to });
    from = to + 1;
  };
  const endRow = (to: number, last: number) => {
    const isEmpty = spans.length === 0 && to === from;
    endCell(to);
    if (!isEmpty) take(spans, last);
    spans = [];
  };
  for (let i = start; i < bytes.length; i++) {
    const byte = bytes[i];
    const isEnd = byte === lineFeed || byte === carriageReturn;
    const isPair = byte === lineFeed && i > start && bytes[i - 1] === carriageReturn;
    const lastLine = line;
    if (isEnd && !isPair) [line, column] = [line + 1, 1];
    else if (!isPair) column++;
    if (byte === quote) isQuoted = !isQuoted;
    if (isQuoted) continue;
    if (byte === comma) endCell(i);
    else if (isPair) from = i + 1;
    else if (isEnd) endRow(i, lastLine);
    if (byte === comma || isEnd) place = { line, column };
  }
  if (from < bytes.length || spans.length > 0) endRow(bytes.length, line);
}

/** @places: what is to be quoted; all other rows are only counted. */
export function quoteRows(bytes: Uint8Array, places: Place[]): Quoted {
  const lines = [...new Set(places.map(({ line }) => line))].sort((a, b) => a - b);
  const found = new Map<number, Row>();
  let header: string[] | null = null;
  let count = -1;
  let next = 0;
  eachRow(bytes, (spans, last) => {
    count++;
    const first = spans[0]?.line ?? last;
    while (next < lines.length && (lines[next] ?? 0) < first) next++;
    const isWanted = next < lines.length && (lines[next] ?? 0) <= last;
    if (header && !isWanted) return;
    const cells = spans.map((span) => ({
      line: span.line,
      column: span.column,
      text: textOf(bytes, span),
    }));
    header ??= cells.map(({ text }) => text);
    for (let line = first; line <= last; line++) found.set(line, { line: first, cells });
  });
  return { header: header ?? [], rowAt: ({ line }) => found.get(line), count: Math.max(count, 0) };
}

/**
 * The cell that is wrong; undefined: all of the row. What is wrong with a whole row is told at its
 * beginning, so the first cell is only meant where its column is named.
 */
export function cellAt(row: Row, header: string[], place: Place, why: string): Cell | undefined {
  const at = row.cells.findIndex(
    ({ line, column }) => line === place.line && column === place.column,
  );
  const name = header[at] ?? '';
  return at > 0 || (name !== '' && why.includes(name)) ? row.cells[at] : undefined;
}
