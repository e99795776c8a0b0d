// SPDX-License-Identifier: Apache-2.0
// Data that keeps itself up to date while its page is looked at.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { peek, problemOf, read, type Problem } from './api';

const refreshMs = 15_000;

export interface Live<T> {
  data: T | undefined;
  /** Why the last attempt failed. `data` is then what was true before. */
  problem: Problem | undefined;
  /** Asks now; resolves once `data` is what was answered, or `problem` says why it is not. */
  refresh: () => Promise<void>;
}

export interface Paged<T> extends Live<T[]> {
  hasMore: boolean;
  more: () => void;
}

/** The answer to GET @path. */
export function useLive<T>(path: string): Live<T> {
  const load = useCallback(() => read<T>(path), [path]);
  return useLoaded<T>(
    path,
    () => peek<T>(path),
    load,
    (a, b) => a === b,
  );
}

/** How many parts of a list were shown, so that going back shows as many again. */
const partsShown = new Map<string, number>();

/** The answers to GET @path, one per part that was asked for. */
export function usePaged<T extends { next_cursor: string | null }>(path: string): Paged<T> {
  // Who asks for more gets that; the parts before it are read again when it is time.
  const isMore = useRef(false);
  const load = useCallback(async () => {
    const known = isMore.current ? (peekParts<T>(path) ?? []) : [];
    isMore.current = false;
    const parts: T[] = [];
    let cursor: string | null = '';
    while (cursor !== null && parts.length < (partsShown.get(path) ?? 1)) {
      const part: T = known[parts.length] ?? (await read<T>(withCursor(path, cursor)));
      parts.push(part);
      cursor = part.next_cursor;
    }
    return parts;
  }, [path]);
  const live = useLoaded<T[]>(path, () => peekParts<T>(path), load, sameParts);
  const more = () => {
    partsShown.set(path, (live.data?.length ?? 0) + 1);
    isMore.current = true;
    void live.refresh();
  };
  return { ...live, hasMore: live.data?.at(-1)?.next_cursor != null, more };
}

function peekParts<T extends { next_cursor: string | null }>(path: string): T[] | undefined {
  const parts: T[] = [];
  let cursor: string | null = '';
  while (cursor !== null && parts.length < (partsShown.get(path) ?? 1)) {
    const part: T | undefined = peek<T>(withCursor(path, cursor));
    if (!part) break;
    parts.push(part);
    cursor = part.next_cursor;
  }
  return parts.length > 0 ? parts : undefined;
}

const sameParts = <T>(a: T[], b: T[] | undefined): boolean =>
  a.length === b?.length && a.every((part, i) => part === b[i]);

function withCursor(path: string, cursor: string): string {
  if (!cursor) return path;
  return `${path}${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`;
}

interface Loaded<T> {
  key: string;
  data: T | undefined;
  problem: Problem | undefined;
}

function useLoaded<T>(
  key: string,
  first: () => T | undefined,
  load: () => Promise<T>,
  same: (a: T, b: T | undefined) => boolean,
): Live<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>(() => ({
    key,
    data: first(),
    problem: undefined,
  }));
  // Another path is another page's data: nothing of the old one may be shown under the new name.
  const current = loaded.key === key ? loaded : { key, data: first(), problem: undefined };
  const refresher = useRef<() => Promise<void>>(() => Promise.resolve());

  useEffect(() => {
    let isOver = false;
    let asked = 0;
    let answered = 0;
    const run = async () => {
      const turn = ++asked;
      let data: T | undefined;
      let problem: Problem | undefined;
      try {
        data = await load();
      } catch (error) {
        problem = problemOf(error);
      }
      // A slow answer must not replace a later one.
      if (isOver || turn < answered) return;
      answered = turn;
      setLoaded((old) => next(old, key, data, problem, same));
    };
    const stop = whileVisible(run);
    refresher.current = run;
    return () => {
      isOver = true;
      stop();
    };
  }, [key, load]);

  return { data: current.data, problem: current.problem, refresh: () => refresher.current() };
}

/** The same object when nothing changed: then nothing is drawn again. */
function next<T>(
  old: Loaded<T>,
  key: string,
  data: T | undefined,
  problem: Problem | undefined,
  same: (a: T, b: T | undefined) => boolean,
): Loaded<T> {
  const before = old.key === key ? old.data : undefined;
  if (data === undefined) return { key, data: before, problem };
  if (old.key === key && !old.problem && same(data, before)) return old;
  return { key, data, problem: undefined };
}

/** Runs @run now, every 15 s while the page is visible, and when it becomes visible again. */
function whileVisible(run: () => Promise<void>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isBusy = false;
  let isOver = false;
  const turn = async () => {
    if (isBusy) return;
    isBusy = true;
    clearTimeout(timer);
    await run();
    isBusy = false;
    if (!isOver) timer = setTimeout(turnIfVisible, refreshMs);
  };
  const turnIfVisible = () => {
    if (!document.hidden) void turn();
  };
  document.addEventListener('visibilitychange', turnIfVisible);
  void turn();
  return () => {
    isOver = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', turnIfVisible);
  };
}
