// SPDX-License-Identifier: Apache-2.0
// Keeps rows where they are while somebody reads them: an update changes the numbers in a row,
// but rows move only when asked.
import { useRef, useState } from 'preact/hooks';

export interface KeptOrder<T> {
  rows: T[];
  /** The rows would now come in another order. */
  hasChanged: boolean;
  sort: () => void;
}

/** @list names the list: another list starts with its own order. */
export function useKeptOrder<T>(list: string, rows: T[], keyOf: (row: T) => string): KeptOrder<T> {
  const kept = useRef<{ list: string; keys: string[] }>({ list, keys: [] });
  const [, redraw] = useState(0);
  if (kept.current.list !== list) kept.current = { list, keys: [] };

  const ordered = keepOrder(kept.current.keys, rows, keyOf);
  kept.current.keys = ordered.map(keyOf);
  return {
    rows: ordered,
    hasChanged: ordered.some((row, i) => row !== rows[i]),
    sort: () => {
      kept.current.keys = [];
      redraw((n) => n + 1);
    },
  };
}

/** The rows of @rows: first those of @keys in that order, then the new ones. */
export function keepOrder<T>(keys: string[], rows: T[], keyOf: (row: T) => string): T[] {
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  const ordered: T[] = [];
  for (const key of [...keys, ...byKey.keys()]) {
    const row = byKey.get(key);
    if (row === undefined) continue;
    ordered.push(row);
    byKey.delete(key);
  }
  return ordered;
}
