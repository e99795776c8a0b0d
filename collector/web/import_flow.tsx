// SPDX-License-Identifier: Apache-2.0
// Loading a file, whatever it is of: template, file, what is wrong, what it would change, and
// only then it is loaded. What differs between kinds of files is in import_kinds.tsx.
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { FileLink } from './file_link';
import { FileForm } from './import_file';
import { useJob, type Answer, type Job, type Runner } from './import_job';
import { ImportProblems } from './import_problems';
import { Head, Outside, Table } from './parts';
import type { Action } from './session';
import { t } from './strings';

const s = t.imports;

export interface ImportKind<A extends Answer> extends Runner<A> {
  /** Who may not is not offered it. */
  action: Action;
  title: string;
  what: string;
  explain: string;
  template: { href: string; name: string };
  columns: Record<string, string>;
  /** What is said of a column beside its meaning. */
  needed: Record<string, string>;
  load_text: string;
  loaded_text: string;
  maxBytes: number;
  /** How many things it would change. */
  changes: (answer: A) => number;
  /** Whether something is lost by it, which one has to look at twice. */
  takesAway: (answer: A) => boolean;
  /** In a few words, to be compared with what it was before. */
  brief: (answer: A) => string;
  Shown: (props: { answer: A; before: A | null }) => ComponentChildren;
}

export function ImportFlow<A extends Answer>({ kind }: { kind: ImportKind<A> }) {
  const { job, check, load, stop, clear } = useJob(kind);
  const [round, setRound] = useState(0);
  const isBusy = job.phase === 'checking' || job.phase === 'loading';
  return (
    <>
      <p class="explain">{kind.explain}</p>
      <Steps kind={kind} />
      <FileForm
        key={`${kind.id} ${round}`}
        kind={kind}
        job={job}
        isBusy={isBusy}
        isAgain={round > 0}
        check={check}
      />
      {isBusy && <Progress job={job} stop={stop} />}
      {job.file && job.answer && (
        <Result
          kind={kind}
          job={job}
          file={job.file}
          answer={job.answer}
          load={load}
          again={() => job.file && check(job.file)}
          clear={() => {
            clear();
            setRound(round + 1);
          }}
        />
      )}
    </>
  );
}

const Steps = <A extends Answer>({ kind }: { kind: ImportKind<A> }) => (
  <div class="screen-only">
    <ol class="plain-list" aria-label={s.steps}>
      <li>
        <FileLink href={kind.template.href} name={kind.template.name} text={s.template} />{' '}
        {s.template_note}
      </li>
      <li>{s.choose}</li>
      <li>{s.say_yes}</li>
    </ol>
    <details class="columns-meant">
      <summary>{s.columns}</summary>
      <Table
        caption={s.columns}
        head={
          <>
            <Head text={s.column} />
            <Head text={s.meaning} />
          </>
        }
      >
        {Object.entries(kind.columns).map(([name, meaning]) => (
          <tr key={name}>
            <th scope="row">
              <code>{name}</code>
            </th>
            <td>
              {meaning}
              {kind.needed[name] && <span class="secondary">{kind.needed[name]}</span>}
            </td>
          </tr>
        ))}
      </Table>
    </details>
  </div>
);

/** Shown once it takes long enough to be noticed. */
function Progress<A extends Answer>({ job, stop }: { job: Job<A>; stop: () => void }) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const tell = () => setSeconds(Math.floor((performance.now() - job.sinceMs) / 1000));
    tell();
    const timer = setInterval(tell, 500);
    return () => clearInterval(timer);
  }, [job.sinceMs]);
  const name = job.file?.name ?? '';
  const isChecking = job.phase === 'checking';
  const text = isChecking ? s.checking_of(name) : s.loading_of(name);
  if (seconds < 1) return null;
  return (
    <div class="notice tone-unknown" data-progress>
      <p id="import-progress">
        <Outside text={text} /> <span aria-hidden="true">{s.seconds(seconds)}</span>
      </p>
      <progress aria-labelledby="import-progress" />
      {isChecking && (
        <p>
          <button type="button" class="usa-button usa-button--outline" onClick={stop}>
            {s.stop}
          </button>
        </p>
      )}
    </div>
  );
}

interface ResultProps<A extends Answer> {
  kind: ImportKind<A>;
  job: Job<A>;
  file: NonNullable<Job<A>['file']>;
  answer: A;
  load: () => void;
  again: () => void;
  clear: () => void;
}

function Result<A extends Answer>({ kind, job, file, answer, load, again, clear }: ResultProps<A>) {
  const heading = useRef<HTMLHeadingElement>(null);
  // Before the next key: what had the focus may be gone.
  useLayoutEffect(() => heading.current?.focus(), [answer]);
  const isWrong = answer.n_problems > 0;
  const title = isWrong ? s.wrong_title : s.looked;
  const canLoad = !answer.is_loaded && !isWrong && kind.changes(answer) > 0;
  return (
    <section aria-labelledby="result-title">
      <h2 id="result-title" ref={heading} tabIndex={-1}>
        <Outside text={answer.is_loaded ? kind.loaded_text : title(file.name)} />
      </h2>
      {job.before && <Changed kind={kind} before={job.before} answer={answer} />}
      <p class={`notice tone-${toneOf(kind, answer)}`} data-import>
        <Outside text={kind.sentence(answer)} />
      </p>
      {isWrong ? (
        <ImportProblems answer={answer} file={file} />
      ) : (
        <kind.Shown answer={answer} before={job.before} />
      )}
      {job.problem && <LoadProblem job={job} again={again} />}
      <p class="form-buttons screen-only">
        {canLoad && (
          <button
            type="button"
            class="usa-button"
            aria-disabled={job.phase === 'loading'}
            onClick={load}
          >
            {job.phase === 'loading' ? s.loading : kind.load_text}
          </button>
        )}
        {answer.is_loaded && (
          <button type="button" class="usa-button usa-button--outline" onClick={clear}>
            {s.another}
          </button>
        )}
      </p>
    </section>
  );
}

function toneOf<A extends Answer>(kind: ImportKind<A>, answer: A): string {
  if (answer.n_problems > 0) return 'not_ready';
  return !answer.is_loaded && kind.takesAway(answer) ? 'warning' : 'ready';
}

/** Why it was not loaded, and what to do. */
const LoadProblem = <A extends Answer>({ job, again }: { job: Job<A>; again: () => void }) => (
  <div class="notice tone-not_ready" role="alert" data-problem>
    <p>
      <Outside text={job.problem?.status === 0 ? s.lost : (job.problem?.detail ?? '')} />
    </p>
    {job.problem?.status !== 0 && (
      <button type="button" class="usa-button usa-button--outline" onClick={again}>
        {s.again}
      </button>
    )}
  </div>
);

interface ChangedProps<A extends Answer> {
  kind: ImportKind<A>;
  before: A;
  answer: A;
}

const Changed = <A extends Answer>({ kind, before, answer }: ChangedProps<A>) => (
  <div class="notice tone-warning" role="alert" data-changed>
    <h3>{s.changed_title}</h3>
    <p>
      <Outside text={s.changed(kind.brief(before), kind.brief(answer))} /> {s.changed_rows}
    </p>
  </div>
);
