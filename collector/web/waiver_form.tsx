// SPDX-License-Identifier: Apache-2.0
// The form to waive a requirement. What the address names is filled in already.
import {
  write,
  type PublishedProfile,
  type PublishedProfileList,
  type Scope,
  type WaiverChange,
  type WaiverRequest,
} from './api';
import { AreaField, Form, SelectField, TextField, useForm, type FormState } from './form';
import { said } from './format';
import { useLive } from './live';
import { Empty, Loading, NotUpdated } from './parts';
import { may, sessionState } from './session';
import { t } from './strings';
import type { Done } from './waiver_done';

const s = t.waivers;
const { fields, hints } = s;
/** Who may give nowhere proposes. */
const words = () => (may('waive') ? s : t.proposals);

interface Props {
  query: URLSearchParams;
  onDone: (done: Done) => Promise<void>;
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
        <Fields profiles={profiles} query={query} onDone={onDone} />
      )}
    </section>
  );
}

/** Of who works for one school: its code need not be typed. */
function ownSchool(): string {
  const state = sessionState();
  if (state.phase !== 'in') return '';
  const codes = new Set(
    state.session.grants.map(({ scope, code }) => (scope === 'site' && code) || ''),
  );
  return codes.size === 1 ? ([...codes][0] ?? '') : '';
}

const emptied = { requirement: '', code: '', reason: '', who: '', until: '' };
type Values = Record<string, string>;

/** The whole state has no code. */
const missing = ({ scope }: Values): Values => {
  const { code, ...others } = s.missing;
  return scope === 'state' ? others : s.missing;
};

interface FieldsProps extends Props {
  profiles: PublishedProfileList['profiles'];
}

function Fields({ profiles, query, onDone }: FieldsProps) {
  const form: FormState = useForm({
    id: 'waiver',
    start: {
      ...emptied,
      profile: query.get('profile') ?? profiles[0]?.id ?? '',
      requirement: query.get('requirement') ?? '',
      scope: 'site',
      code: query.get('site') ?? ownSchool(),
    },
    missing,
    send: async (values) => {
      const change = await write<WaiverChange>('POST', '/v1/waivers', { body: requestOf(values) });
      for (const [name, value] of Object.entries({ ...emptied, scope: 'site', code: ownSchool() }))
        form.set(name, value);
      const now = change.state === 'active' ? s.waived_now : t.proposals.proposed_now;
      await onDone({ sentence: now(said(change.title ?? change.requirement)), change });
    },
  });
  return (
    <Form form={form} submit={words().submit} busy={words().submitting}>
      <p class="secondary">{s.all_needed}</p>
      <SelectField
        form={form}
        name="profile"
        label={fields.profile}
        options={profiles.map(({ id, title }) => [id, said(title ?? id)])}
      />
      <Requirement key={form.values['profile']} form={form} />
      <SelectField
        form={form}
        name="scope"
        label={fields.scope}
        options={(['site', 'lea', 'state'] as const).map((scope) => [scope, s.scopes[scope]])}
      />
      {form.values['scope'] !== 'state' && (
        <TextField form={form} name="code" label={fields.code} hint={hints.code} maxLength={32} />
      )}
      <AreaField form={form} name="reason" label={fields.reason} hint={hints.reason} />
      <TextField form={form} name="who" label={fields.who} hint={hints.who} />
      <TextField form={form} name="until" label={fields.until} hint={hints.until} type="date" />
    </Form>
  );
}

/** The requirements of the chosen profile by title. */
function Requirement({ form }: { form: FormState }) {
  const profile = encodeURIComponent(form.values['profile'] ?? '');
  const { data } = useLive<PublishedProfile>(`/v1/profiles/${profile}`);
  const options = (data?.requirements ?? [])
    .map(({ id, title }): [string, string] => [id, said(title)])
    .sort(([, a], [, b]) => a.localeCompare(b, t.locale));
  return (
    <SelectField
      form={form}
      name="requirement"
      label={fields.requirement}
      options={[['', s.choose], ...options]}
    />
  );
}

function requestOf(values: Values): WaiverRequest {
  const { profile = '', requirement = '', scope, code = '', reason = '', who = '', until = '' } = values;
  return {
    profile,
    requirement,
    scope: scope as Scope,
    ...(scope !== 'state' && { code: code.trim() }),
    reason: reason.trim(),
    who: who.trim(),
    until,
  };
}
