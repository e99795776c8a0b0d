// SPDX-License-Identifier: Apache-2.0
// Who at the identity provider signs in as an account: shown, and changed by who may.
import { useEffect, useState } from 'preact/hooks';
import { Ask } from './ask';
import { read, write, type PersonAnswer, type WaysToSignIn } from './api';
import { Form, TextField, useForm } from './form';
import { t } from './strings';

const s = t.sign_on;

/** Whether the collector has a provider; while that is not known it has none. */
export function useProvider(): boolean {
  const [has, setHas] = useState(false);
  useEffect(() => {
    read<WaysToSignIn>('/v1/session/ways').then(
      (ways) => setHas(ways.oidc),
      () => setHas(false),
    );
  }, []);
  return has;
}

/** In words; empty where there is nothing to say of it. */
export function signOnText({ sign_on }: PersonAnswer, hasProvider: boolean): string {
  if (sign_on.bound_at) return s.bound(sign_on.bound_at);
  if (sign_on.awaits) return s.awaits(sign_on.awaits);
  return hasProvider ? s.none : '';
}

interface Props {
  person: PersonAnswer;
  onDone: (done: { sentence: string }) => Promise<void>;
}

export function SignOnChange({ person, onDone }: Props) {
  const { sign_on } = person;
  const path = `/v1/people/${person.id}/sign-on`;
  const form = useForm({
    id: 'sign-on',
    start: { name: sign_on.awaits ?? '' },
    missing: { name: s.missing },
    send: async ({ name = '' }) => {
      await write('PUT', path, { body: { name: name.trim() } });
      await onDone({ sentence: s.allowed(name.trim()) });
    },
  });
  const end = async () => {
    await write('PUT', path, { body: { name: null } });
    await onDone({ sentence: s.ended });
  };
  return (
    <details>
      <summary>{s.change}</summary>
      <p class="explain">{s.note}</p>
      <Form form={form} submit={s.submit} busy={s.submitting}>
        <TextField form={form} name="name" label={s.name} hint={s.name_hint} maxLength={254} />
      </Form>
      {(sign_on.awaits || sign_on.bound_at) && (
        <Ask text={s.end} question={s.end_ask} yes={s.end_yes} act={end} />
      )}
    </details>
  );
}
