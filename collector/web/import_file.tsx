// SPDX-License-Identifier: Apache-2.0
// Choosing the file that is to be loaded, by keyboard, by hand, or by dropping it.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ImportKind } from './import_flow';
import type { Answer, Job, Picked } from './import_job';
import { Outside } from './parts';
import { t } from './strings';

const s = t.imports;

interface Props<A extends Answer> {
  kind: ImportKind<A>;
  job: Job<A>;
  isBusy: boolean;
  /** Another file, after one that was loaded: here it goes on. */
  isAgain: boolean;
  check: (file: Picked) => void;
}

/** Why it was refused before anybody looked at what it would change. */
const refusalOf = <A extends Answer>({ answer, problem, isStopped }: Job<A>): string =>
  answer ? '' : isStopped ? s.stopped : (problem?.detail ?? '');

export function FileForm<A extends Answer>({ kind, job, isBusy, isAgain, check }: Props<A>) {
  const [mistake, setMistake] = useState('');
  const [isOver, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (isAgain) input.current?.focus();
  }, [isAgain]);
  const why = mistake || refusalOf(job);
  const take = async (files: FileList | null | undefined) => {
    const file = files?.[0];
    const wrong = mistakeOf(kind.maxBytes, files);
    setMistake(wrong);
    if (wrong || !file) return input.current?.focus();
    check({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) });
  };
  return (
    <form
      class={`plain-form screen-only drop ${isOver ? 'drop-over' : ''}`}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) void take(input.current?.files);
      }}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        if (!isBusy) void take(event.dataTransfer?.files);
      }}
    >
      <div class={`usa-form-group ${why && 'usa-form-group--error'}`}>
        <label class="usa-label" for="import-file">
          {s.file} <span class="usa-hint">{isOver ? s.dropping : s.drop}</span>
        </label>
        {why && (
          <span class="usa-error-message" id="import-mistake" role="alert">
            <Outside text={why} />
          </span>
        )}
        <input
          ref={input}
          class="file-input"
          id="import-file"
          type="file"
          accept=".csv,text/csv"
          aria-invalid={why !== ''}
          aria-describedby={why ? 'import-mistake' : undefined}
        />
      </div>
      <p class="form-buttons">
        <button class="usa-button" type="submit" aria-disabled={isBusy}>
          {job.phase === 'checking' ? s.looking : s.look}
        </button>
      </p>
    </form>
  );
}

/** What is seen of the files without the collector. */
function mistakeOf(maxBytes: number, files: FileList | null | undefined): string {
  const file = files?.[0];
  if (!files || !file) return s.missing;
  if (files.length > 1) return s.one_file;
  if (file.size === 0) return s.empty_file(file.name);
  if (file.size > maxBytes) return s.too_large(s.mib(file.size), s.mib(maxBytes));
  return '';
}
