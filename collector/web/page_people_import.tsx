// SPDX-License-Identifier: Apache-2.0
// Roles of many people from a CSV file: what is wrong with it, by row; then what would change;
// and only then it is loaded.
import { useEffect, useRef, useState } from 'preact/hooks';
import { announce } from './announce';
import { problemOf, write, type PeopleImport } from './api';
import { FileLink } from './file_link';
import { invitationUrl } from './invitation_notice';
import { importLink, peopleLink } from './links';
import { PeopleLinks } from './page_people';
import { Head, Outside, Table, Title } from './parts';
import { grantWords, usePlaces, type Places } from './places';
import { CopyButton } from './secret';
import { t } from './strings';

const s = t.import;
const path = '/v1/people/import';

interface Looked {
  name: string;
  text: string;
  answer: PeopleImport;
}

export function PeopleImportPage() {
  const [looked, setLooked] = useState<Looked | null>(null);
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);
  const result = useRef<HTMLHeadingElement>(null);

  const run = async (name: string, text: string, isForGood: boolean) => {
    setBusy(true);
    setProblem('');
    try {
      const query = isForGood ? '' : '?validate=true';
      const answer = await write<PeopleImport>('POST', path + query, { body: text });
      setLooked({ name, text, answer });
      announce(sentenceOf(answer));
    } catch (error) {
      setProblem(problemOf(error).detail);
      if (!isForGood) setLooked(null);
    }
    setBusy(false);
  };
  // Once it is there: what is not shown yet takes no focus.
  useEffect(() => {
    if (looked) result.current?.focus();
  }, [looked]);
  const canLoad =
    looked !== null &&
    !looked.answer.is_loaded &&
    looked.answer.n_problems === 0 &&
    looked.answer.made + looked.answer.changed > 0;
  return (
    <>
      <Title text={s.title} />
      <PeopleLinks shown={importLink} />
      <p class="explain">{s.explain}</p>
      <ol class="plain-list screen-only">
        <li>
          <FileLink href="/v1/people/template.csv" name="people.csv" text={s.template} />{' '}
          {s.template_note}
        </li>
        <li>{s.fill}</li>
        <li>{s.check}</li>
      </ol>
      <FileForm isBusy={isBusy} problem={problem} run={run} />
      <section aria-labelledby="result-title" hidden={!looked}>
        <h2 id="result-title" ref={result} tabIndex={-1}>
          {looked && <Outside text={looked.answer.is_loaded ? s.loaded : s.looked(looked.name)} />}
        </h2>
        {looked && <Result looked={looked} />}
        {canLoad && (
          <p class="form-buttons screen-only">
            <button
              type="button"
              class="usa-button"
              aria-disabled={isBusy}
              onClick={() => !isBusy && void run(looked.name, looked.text, true)}
            >
              {isBusy ? s.loading : s.load}
            </button>
          </p>
        )}
      </section>
    </>
  );
}

interface FileFormProps {
  isBusy: boolean;
  problem: string;
  run: (name: string, text: string, isForGood: boolean) => Promise<void>;
}

function FileForm({ isBusy, problem, run }: FileFormProps) {
  const [mistake, setMistake] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const why = mistake || problem;
  const look = async () => {
    const file = input.current?.files?.[0];
    setMistake(file ? '' : s.missing);
    if (!file) return input.current?.focus();
    await run(file.name, await file.text(), false);
  };
  return (
    <form
      class="plain-form screen-only"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) void look();
      }}
    >
      <div class={`usa-form-group ${why && 'usa-form-group--error'}`}>
        <label class="usa-label" for="import-file">
          {s.file}
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
          {isBusy ? s.looking : s.look}
        </button>
      </p>
    </form>
  );
}

function sentenceOf({ is_loaded, n_problems, made, changed, unchanged }: PeopleImport): string {
  if (n_problems > 0) return s.wrong(n_problems);
  return (is_loaded ? s.done : s.would)(made, changed, unchanged);
}

function Result({ looked: { answer } }: { looked: Looked }) {
  const places = usePlaces();
  const isWrong = answer.n_problems > 0;
  return (
    <>
      <p class={`notice tone-${isWrong ? 'not_ready' : 'ready'}`} data-import>
        {sentenceOf(answer)}
      </p>
      {isWrong ? <Problems answer={answer} /> : <People answer={answer} places={places} />}
    </>
  );
}

const Problems = ({ answer }: { answer: PeopleImport }) => (
  <>
    <Table
      caption={s.problems}
      class="problems-table"
      head={
        <>
          <Head text={s.row} number />
          <Head text={s.column} number />
          <Head text={s.what} />
        </>
      }
    >
      {answer.problems.map(({ line, column, text }) => (
        <tr key={`${line} ${column} ${text}`}>
          <td class="number">{line}</td>
          <td class="number">{column}</td>
          <td>
            <Outside text={text} />
          </td>
        </tr>
      ))}
    </Table>
    {answer.n_problems > answer.problems.length && (
      <p class="secondary">{s.more(answer.n_problems - answer.problems.length)}</p>
    )}
  </>
);

function People({ answer, places }: { answer: PeopleImport; places: Places }) {
  const shown = answer.people.filter(({ change }) => change !== 'unchanged');
  const links = shown.flatMap(({ login, name, invitation }) =>
    invitation ? [`${login}\t${name}\t${invitationUrl(`/invitation#${invitation}`)}`] : [],
  );
  if (shown.length === 0)
    return (
      <p>
        {s.nothing} <a href={peopleLink}>{s.to_people}</a>
      </p>
    );
  return (
    <>
      {links.length > 0 && (
        <p class="form-buttons">
          {s.links} <CopyButton text={links.join('\n')} what={s.all_links} />
        </p>
      )}
      <Table
        caption={answer.is_loaded ? s.people_done : s.people_would}
        class="people-table"
        head={
          <>
            <Head text={t.people.columns.name} />
            <Head text={s.change} />
            <Head text={t.people.columns.roles} />
            {links.length > 0 && <Head text={s.link} />}
          </>
        }
      >
        {shown.map(({ login, name, change, before, after, invitation }) => (
          <tr key={login} data-person={login}>
            <th scope="row">
              <Outside text={name} />
              <span class="secondary">
                <Outside text={login} />
              </span>
            </th>
            <td>{s.changes[change]}</td>
            <td>
              <dl class="change">
                {before && (
                  <>
                    <dt>{t.audit.before}</dt>
                    <dd class="was">
                      <Outside text={wordsOf(before, places)} />
                    </dd>
                    <dt>{t.audit.after}</dt>
                  </>
                )}
                {!before && <dt>{s.gets}</dt>}
                <dd>
                  <Outside text={wordsOf(after, places)} />
                </dd>
              </dl>
            </td>
            {links.length > 0 && (
              <td>
                {invitation && (
                  <>
                    <code>{invitationUrl(`/invitation#${invitation}`)}</code>
                  </>
                )}
              </td>
            )}
          </tr>
        ))}
      </Table>
    </>
  );
}

const wordsOf = (grants: NonNullable<PeopleImport['people'][number]['before']>, places: Places) =>
  grants.length === 0
    ? t.people.no_roles
    : grants.map((grant) => grantWords(grant, places)).join('; ');
