// SPDX-License-Identifier: Apache-2.0
// The first account of a collector, and the password of an account that somebody was invited to.
// Whoever finishes one of them is signed in.
import { useState } from 'preact/hooks';
import { problemOf, write } from './api';
import { signIn, type Credentials } from './auth';
import { Form, TextField, useForm } from './form';
import { NewPassword, passwordMistake } from './password';
import { Title } from './parts';
import { go } from './route';
import { forgetCode, invitationCode } from './session';
import { SignInForm } from './sign_in_form';
import { t } from './strings';

type Finish = (credentials: Credentials) => Promise<void>;

/** Signs in with what was just chosen; where a code is needed as well, asks for it. */
function useFinish(): { asked: Credentials | null; finish: Finish } {
  const [asked, setAsked] = useState<Credentials | null>(null);
  const finish: Finish = async (credentials) => {
    try {
      await signIn(credentials);
      forgetCode();
      go('/');
    } catch (error) {
      if (problemOf(error).type !== 'second-factor-needed') throw error;
      setAsked(credentials);
    }
  };
  return { asked, finish };
}

export function SetupPage() {
  const s = t.setup;
  const { asked, finish } = useFinish();
  const form = useForm({
    id: 'setup',
    start: { code: invitationCode(), login: '', name: '', password: '' },
    missing: s.missing,
    check: ({ password = '', login = '' }) => passwordMistake('password', password, login.trim()),
    send: async ({ code = '', login = '', name = '', password = '' }) => {
      const body = { code: code.trim(), login: login.trim(), name: name.trim(), password };
      const made = await write<{ login: string }>('POST', '/v1/setup', { body, isOpen: true });
      await finish({ login: made.login, password });
    },
  });
  return (
    <div class="sign-in">
      <Title text={s.title} />
      <p>{s.intro}</p>
      {asked ? (
        <SignInForm known={asked} />
      ) : (
        <Form form={form} submit={s.submit} busy={s.submitting}>
          <TextField form={form} name="code" label={s.code} hint={s.code_hint} />
          <TextField
            form={form}
            name="name"
            label={s.name}
            autocomplete="name"
            hint={s.name_hint}
          />
          <TextField
            form={form}
            name="login"
            label={s.login}
            hint={s.login_hint}
            autocomplete="username"
            maxLength={64}
          />
          <NewPassword
            form={form}
            name="password"
            label={s.password}
            login={form.values['login']?.trim() ?? ''}
          />
        </Form>
      )}
      <p>
        <a href="/">{t.sign_in.to_sign_in}</a>
      </p>
    </div>
  );
}

export function InvitationPage() {
  const s = t.invitation;
  const known = invitationCode();
  const { asked, finish } = useFinish();
  const form = useForm({
    id: 'invitation',
    start: { code: known, password: '' },
    missing: s.missing,
    check: ({ password = '' }) => passwordMistake('password', password, ''),
    send: async ({ code = '', password = '' }) => {
      const body = { code: code.trim(), password };
      const path = '/v1/invitation';
      const { login } = await write<{ login: string }>('POST', path, { body, isOpen: true });
      await finish({ login, password });
    },
    // The code of a link has no field.
    explain: ({ pointer, detail }) =>
      pointer === '/code' && known ? { name: '', text: detail } : null,
  });
  return (
    <div class="sign-in">
      <Title text={s.title} />
      <p>{s.intro}</p>
      {asked ? (
        <SignInForm known={asked} />
      ) : (
        <Form form={form} submit={s.submit} busy={s.submitting}>
          {!known && <TextField form={form} name="code" label={s.code} hint={s.code_hint} />}
          <NewPassword form={form} name="password" label={s.password} login="" />
        </Form>
      )}
      <p>
        <a href="/">{t.sign_in.to_sign_in}</a>
      </p>
    </div>
  );
}
