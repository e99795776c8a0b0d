// SPDX-License-Identifier: Apache-2.0
// Login and password, and then the code of the second factor where the account has one.
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { announce } from './announce';
import type { Problem } from './api';
import { signIn, type Credentials } from './auth';
import { Form, SecretField, TextField, useForm, waitText, type Mistake } from './form';
import { t } from './strings';

const s = t.sign_in;

/** Says how long to wait, and when that is over. */
function useWait(): (problem: Problem) => Mistake | null {
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => () => clearTimeout(timer.current), []);
  return (problem) => {
    if (problem.status !== 429 || problem.waitSeconds === 0) return null;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => announce(s.wait_over), problem.waitSeconds * 1000);
    return { name: '', text: waitText(problem) };
  };
}

/** @known: what was just chosen, so that only the code is still asked for. */
export function SignInForm({ known, after }: { known?: Credentials; after?: ComponentChildren }) {
  const [waiting, setWaiting] = useState<Credentials | null>(known ?? null);
  if (waiting) return <CodeForm credentials={waiting} back={() => setWaiting(null)} />;
  return <LoginForm onCode={setWaiting} after={after} />;
}

interface LoginProps {
  onCode: (credentials: Credentials) => void;
  after?: ComponentChildren;
}

function LoginForm({ onCode, after }: LoginProps) {
  const wait = useWait();
  const form = useForm({
    id: 'sign-in',
    start: { login: '', password: '' },
    missing: s.missing,
    send: async ({ login = '', password = '' }) => {
      const credentials = { login: login.trim(), password };
      try {
        await signIn(credentials);
      } catch (error) {
        if ((error as Problem).type !== 'second-factor-needed') throw error;
        onCode(credentials);
      }
    },
    explain: (problem) =>
      problem.type === 'sign-in-refused'
        ? { name: 'password', text: problem.detail }
        : wait(problem),
  });
  return (
    <Form form={form} submit={s.submit} busy={s.checking} after={after}>
      <TextField form={form} name="login" label={s.login} autocomplete="username" maxLength={64} />
      <SecretField
        form={form}
        name="password"
        label={s.password}
        autocomplete="current-password"
        show={t.password.show}
        hide={t.password.hide}
      />
    </Form>
  );
}

function CodeForm({ credentials, back }: { credentials: Credentials; back: () => void }) {
  const wait = useWait();
  const form = useForm({
    id: 'code',
    start: { code: '' },
    missing: { code: s.code_missing },
    send: ({ code = '' }) => signIn({ ...credentials, code: code.trim() }),
    explain: (problem) =>
      problem.type === 'second-factor-needed' || problem.type === 'sign-in-refused'
        ? { name: 'code', text: problem.detail }
        : wait(problem),
  });
  // Asked for in the middle of signing in: whoever types goes on typing.
  useLayoutEffect(() => form.element.current?.querySelector('input')?.focus(), []);
  return (
    <Form
      form={form}
      submit={s.submit}
      busy={s.checking}
      after={
        <button type="button" class="usa-button usa-button--unstyled" onClick={back}>
          {s.other_login}
        </button>
      }
    >
      <TextField
        form={form}
        name="code"
        label={s.code}
        hint={s.code_hint}
        autocomplete="one-time-code"
        maxLength={64}
      />
    </Form>
  );
}
