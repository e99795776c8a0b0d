// SPDX-License-Identifier: Apache-2.0
// The fields of the form to waive a requirement, each with its label, hint and mistake.
import type { ComponentChildren } from 'preact';
import type { PublishedProfile, PublishedProfileList } from './api';
import { said, visibleText } from './format';
import { useLive } from './live';
import { Outside } from './parts';
import { t } from './strings';

const s = t.waivers;

export type Name = keyof typeof s.fields;
export type Values = Record<Name, string>;
/** What is wrong with a field; without a name with all of it. */
export type Mistake = { name: Name | ''; text: string } | null;

interface Props {
  profiles: PublishedProfileList['profiles'];
  values: Values;
  mistake: Mistake;
  set: (name: Name, value: string) => void;
}

export function WaiverFields({ profiles, values, mistake, set }: Props) {
  const tie = (name: Name): Typed => ({
    ...tiesOf(name, mistakeIn(name, mistake)),
    value: values[name],
    set: (value) => set(name, value),
  });
  return (
    <>
      <Field name="profile" mistake={mistake}>
        <Select {...tie('profile')}>
          {profiles.map(({ id, title }) => (
            <option key={id} value={id}>
              {visibleText(said(title ?? id))}
            </option>
          ))}
        </Select>
      </Field>
      <Field name="requirement" mistake={mistake}>
        <Requirements key={values.profile} profile={values.profile} {...tie('requirement')} />
      </Field>
      <Field name="scope" mistake={mistake}>
        <Select {...tie('scope')}>
          {(['site', 'lea', 'state'] as const).map((scope) => (
            <option key={scope} value={scope}>
              {s.scopes[scope]}
            </option>
          ))}
        </Select>
      </Field>
      {values.scope !== 'state' && (
        <Field name="code" mistake={mistake}>
          <Input {...tie('code')} maxLength={32} />
        </Field>
      )}
      <Field name="reason" mistake={mistake}>
        <Reason {...tie('reason')} />
      </Field>
      <Field name="who" mistake={mistake}>
        <Input {...tie('who')} />
      </Field>
      <Field name="until" mistake={mistake}>
        <Input {...tie('until')} type="date" />
      </Field>
    </>
  );
}

const mistakeIn = (name: Name, mistake: Mistake): string =>
  mistake?.name === name ? mistake.text : '';
const hintOf = (name: Name): string =>
  name in s.hints ? s.hints[name as keyof typeof s.hints] : '';

/** What ties an input to the texts around it. */
interface Ties {
  id: string;
  name: string;
  'aria-describedby': string | undefined;
  'aria-invalid': boolean;
  'aria-required': boolean;
}

interface Typed extends Ties {
  value: string;
  set: (value: string) => void;
}

function tiesOf(name: Name, why: string): Ties {
  const described = [why && `waiver-${name}-mistake`, hintOf(name) && `waiver-${name}-hint`];
  return {
    id: `waiver-${name}`,
    name,
    'aria-describedby': described.filter(Boolean).join(' ') || undefined,
    'aria-invalid': why !== '',
    'aria-required': true,
  };
}

interface FieldProps {
  name: Name;
  mistake: Mistake;
  children: ComponentChildren;
}

function Field({ name, mistake, children }: FieldProps) {
  const why = mistakeIn(name, mistake);
  const hint = hintOf(name);
  return (
    <div class={`usa-form-group ${why && 'usa-form-group--error'}`}>
      <label class="usa-label" for={`waiver-${name}`}>
        {s.fields[name]}
      </label>
      {hint && (
        <span class="usa-hint" id={`waiver-${name}-hint`}>
          {hint}
        </span>
      )}
      {why && (
        <span class="usa-error-message" id={`waiver-${name}-mistake`} role="alert">
          <Outside text={why} />
        </span>
      )}
      {children}
    </div>
  );
}

const classOf = (ties: Ties): string =>
  `usa-input ${ties['aria-invalid'] ? 'usa-input--error' : ''}`;

const Select = ({ set, children, ...ties }: Typed & { children: ComponentChildren }) => (
  <select {...ties} class={classOf(ties)} onChange={(event) => set(event.currentTarget.value)}>
    {children}
  </select>
);

const Input = ({ set, ...ties }: Typed & { type?: 'date'; maxLength?: number }) => (
  <input
    {...ties}
    class={classOf(ties)}
    autocomplete="off"
    onInput={(event) => set(event.currentTarget.value)}
  />
);

const Reason = ({ set, ...ties }: Typed) => (
  <textarea
    {...ties}
    class={`${classOf(ties)} waiver-text`}
    rows={3}
    onInput={(event) => set(event.currentTarget.value)}
  />
);

/** The requirements of the chosen profile by title. */
function Requirements({ profile, ...ties }: Typed & { profile: string }) {
  const { data } = useLive<PublishedProfile>(`/v1/profiles/${encodeURIComponent(profile)}`);
  const requirements = [...(data?.requirements ?? [])].sort((a, b) =>
    said(a.title).localeCompare(said(b.title), t.locale),
  );
  return (
    <Select {...ties}>
      <option value="">{s.choose}</option>
      {requirements.map(({ id, title }) => (
        <option key={id} value={id}>
          {visibleText(said(title))}
        </option>
      ))}
    </Select>
  );
}
