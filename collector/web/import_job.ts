// SPDX-License-Identifier: Apache-2.0
// A file on its way: checked, looked at, loaded. It outlives the page, so that one may go to
// another and come back; it ends with whoever signs out.
import { useEffect, useState } from 'preact/hooks';
import { announce } from './announce';
import { Problem, problemOf } from './api';
import { sessionTurn } from './session';

export interface Picked {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** What the collector says of every kind of file. */
export interface Answer {
  is_loaded: boolean;
  problems: { line: number; column: number; text: string }[];
  n_problems: number;
}

export interface Job<A extends Answer> {
  phase: 'idle' | 'checking' | 'looked' | 'loading';
  file: Picked | null;
  answer: A | null;
  /** What was shown before, where loading was refused since something has changed. */
  before: A | null;
  problem: Problem | null;
  /** It was stopped by whoever began it. */
  isStopped: boolean;
  /** By it the collector knows that this was asked for before. */
  key: string;
  /** When the phase began, in ms by performance.now(). */
  sinceMs: number;
}

/** How a kind of file is checked and loaded. */
export interface Runner<A extends Answer> {
  id: string;
  check: (file: Picked, signal: AbortSignal) => Promise<A>;
  load: (file: Picked, checked: A, key: string, signal: AbortSignal) => Promise<A>;
  sentence: (answer: A) => string;
}

const idle: Job<Answer> = {
  phase: 'idle',
  file: null,
  answer: null,
  before: null,
  problem: null,
  isStopped: false,
  key: '',
  sinceMs: 0,
};

/** The collector may take as long for a large file. */
const timeoutMs = 150_000;

/** What the collector refuses since something changed in between. */
const changedStatuses = [409, 412];

const jobs = new Map<string, Job<Answer>>();
const watchers = new Set<() => void>();
const stoppers = new Map<string, AbortController>();
let turn = -1;

function jobOf(id: string): Job<Answer> {
  if (turn !== sessionTurn()) {
    turn = sessionTurn();
    for (const stopper of stoppers.values()) stopper.abort();
    stoppers.clear();
    jobs.clear();
  }
  return jobs.get(id) ?? idle;
}

function change(id: string, next: Partial<Job<Answer>>): void {
  jobs.set(id, { ...jobOf(id), ...next });
  for (const watcher of watchers) watcher();
}

/** Not randomUUID(): that one is only there over TLS. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Runs @ask for as long as nobody stops it; @mine: whoever signed in. */
async function run(id: string, ask: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
  const stopper = new AbortController();
  const timer = setTimeout(() => stopper.abort(), timeoutMs);
  stoppers.set(id, stopper);
  try {
    return await ask(stopper.signal);
  } finally {
    clearTimeout(timer);
    if (stoppers.get(id) === stopper) stoppers.delete(id);
  }
}

async function check(runner: Runner<Answer>, file: Picked, before: Answer | null): Promise<void> {
  const { id } = runner;
  const mine = sessionTurn();
  const [phase, problem, isStopped, key] = ['checking', null, false, newKey()] as const;
  change(id, { phase, file, answer: null, before, problem, isStopped, key, sinceMs: now() });
  try {
    const answer = await run(id, (signal) => runner.check(file, signal));
    if (mine !== sessionTurn()) return;
    change(id, { phase: 'looked', answer });
    announce(runner.sentence(answer));
  } catch (error) {
    if (mine !== sessionTurn() || jobOf(id).isStopped) return;
    change(id, { phase: 'idle', before: null, problem: problemOf(error) });
  }
}

async function load(runner: Runner<Answer>): Promise<void> {
  const { id } = runner;
  const { file, answer, key, phase } = jobOf(id);
  // Two clicks are one.
  if (!file || !answer || phase !== 'looked') return;
  const mine = sessionTurn();
  change(id, { phase: 'loading', problem: null, sinceMs: now() });
  try {
    const loaded = await run(id, (signal) => runner.load(file, answer, key, signal));
    if (mine !== sessionTurn()) return;
    change(id, { phase: 'looked', answer: loaded, before: null });
    announce(runner.sentence(loaded));
  } catch (error) {
    if (mine !== sessionTurn()) return;
    const problem = problemOf(error);
    change(id, { phase: 'looked', problem });
    if (changedStatuses.includes(problem.status)) await check(runner, file, answer);
  }
}

const now = (): number => performance.now();

/** Whether there is a file of the kind that somebody has begun with. */
export const isBegun = (id: string): boolean => jobOf(id).phase !== 'idle';

/** What becomes of a file of the kind of @runner, and what can be done with it. */
export function useJob<A extends Answer>(runner: Runner<A>) {
  const [job, setJob] = useState(() => jobOf(runner.id));
  useEffect(() => {
    const watcher = () => setJob(jobOf(runner.id));
    watcher();
    watchers.add(watcher);
    return () => void watchers.delete(watcher);
  }, [runner.id]);
  const plain = runner as unknown as Runner<Answer>;
  return {
    job: job as Job<A>,
    check: (file: Picked) => void check(plain, file, null),
    load: () => void load(plain),
    stop: () => {
      change(runner.id, { ...idle, isStopped: true });
      stoppers.get(runner.id)?.abort();
    },
    clear: () => change(runner.id, idle),
  };
}
