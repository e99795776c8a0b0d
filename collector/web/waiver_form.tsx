// SPDX-License-Identifier: Apache-2.0
// The form to waive a requirement. What the address names is filled in already.
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import {
  Problem,
  write,
  type PublishedProfileList,
  type Scope,
  type WaiverChange,
  type WaiverRequest,
} from './api';
import { useLive } from './live';
import type { Done } from './page_waivers';
import { Empty, Loading, NotUpdated, Outside } from './parts';
import { may } from './session';
import { t } from './strings';
import { WaiverFields, type Mistake, type Name, type Values } from './waiver_fields';

const s = t.waivers;
/** Who may give nowhere proposes. */
const words = () => (may('waive') ? s : t.proposals);

interface Props {
  query: URLSearchParams;
  onDone: (done: Done) => void;
}

export function WaiverForm({ query, onDone }: Props) {
  const { data, problem, refresh } = useLive<PublishedProfileList>('/v1/profiles?limit=100');
  const profiles = data?.profiles.filter(({ title }) => title !== null);
  return (
    <section aria-labelledby="waive-title" id="waive" class="screen-only">
      <h2 id="waive-title">{words().form_title}</h2>
      <NotUpdated problem={problem} retry={refresh} />
      {!profiles && !problem && <Loading />}
      {profiles?.length === 0 && <Empty>{s.form_empty}</Empty>}
      {profiles && profiles.length > 0 && (
        <Form profiles={profiles} query={query} onDone={onDone} />
      )}
    </section>
  );
}

const start = (query: URLSearchParams, profile: string): Values => ({
  profile: query.get('profile') ?? profile,
  requirement: query.get('requirement') ?? '',
  scope: 'site',
  code: query.get('site') ?? '',
  reason: '',
  who: '',
  until: '',
});

interface FormProps extends Props {
  profiles: PublishedProfileList['profiles'];
}

function Form({ profiles, query, onDone }: FormProps) {
  const [values, setValues] = useState(() => start(query, profiles[0]?.id ?? ''));
  const [mistake, setMistake] = useState<Mistake>(null);
  const [isBusy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  const stop = (next: Mistake) => {
    setMistake(next);
    setBusy(false);
    if (next?.name) form.current?.querySelector<HTMLElement>(`#waiver-${next.name}`)?.focus();
  };
  const onSubmit: JSX.SubmitEventHandler<HTMLFormElement> = (event) => {
    event.preventDefault();
    if (isBusy) return;
    const missing = firstMissing(values);
    if (missing) return stop(missing);
    setBusy(true);
    void send(values).then(
      (change) => {
        stop(null);
        setValues(start(new URLSearchParams(), values.profile));
        const title = change.title ?? change.requirement;
        const now = change.state === 'active' ? s.waived_now : t.proposals.proposed_now;
        onDone({ sentence: now(title), change });
      },
      (error: unknown) => stop(mistakeOf(error)),
    );
  };

  return (
    <form ref={form} class="waiver-form" onSubmit={onSubmit} noValidate>
      <p class="secondary">{s.all_needed}</p>
      {mistake && !mistake.name && (
        <p class="notice tone-not_ready" role="alert">
          <Outside text={mistake.text} />
        </p>
      )}
      <WaiverFields
        profiles={profiles}
        values={values}
        mistake={mistake}
        set={(name, value) => setValues((old) => ({ ...old, [name]: value }))}
      />
      <button class="usa-button" type="submit" aria-disabled={isBusy}>
        {isBusy ? words().submitting : words().submit}
      </button>
    </form>
  );
}

/** What is seen here needs no answer of the collector. */
function firstMissing(values: Values): Mistake {
  for (const name of Object.keys(s.missing) as (keyof typeof s.missing)[]) {
    if (name === 'code' && values.scope === 'state') continue;
    if (!values[name].trim()) return { name, text: s.missing[name] };
  }
  return null;
}

function send(values: Values): Promise<WaiverChange> {
  const request: WaiverRequest = {
    profile: values.profile,
    requirement: values.requirement,
    scope: values.scope as Scope,
    ...(values.scope !== 'state' && { code: values.code.trim() }),
    reason: values.reason.trim(),
    who: values.who.trim(),
    until: values.until,
  };
  return write<WaiverChange>('POST', '/v1/waivers', { body: request });
}

function mistakeOf(error: unknown): Mistake {
  if (!(error instanceof Problem)) return { name: '', text: t.unreachable };
  const name = error.pointer.slice(1);
  return { name: Object.hasOwn(s.fields, name) ? (name as Name) : '', text: error.detail };
}
