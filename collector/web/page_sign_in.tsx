// SPDX-License-Identifier: Apache-2.0
// Sign in with login and password; with a token for programs and for the demo.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { signInWithToken } from './auth';
import { Form, SecretField, useForm } from './form';
import { visibleText } from './format';
import { setupLink } from './links';
import { MoreWays } from './more_ways';
import { Title } from './parts';
import { isToken } from './session';
import { SignInForm } from './sign_in_form';
import { failureText } from './sign_on_failed';
import { t } from './strings';

const s = t.sign_in;

interface Props {
  /** Why nobody is signed in any more. */
  reason: string;
  /** Why the identity provider signed nobody in, as a word. */
  failed: string;
}

export function SignInPage({ reason, failed }: Props) {
  const [isToken, setToken] = useState(false);
  const page = useRef<HTMLDivElement>(null);
  const wasToken = useRef(false);
  useLayoutEffect(() => {
    if (wasToken.current !== isToken) page.current?.querySelector('input')?.focus();
    wasToken.current = isToken;
  }, [isToken]);
  return (
    <div class="sign-in" ref={page}>
      <Title text={failed ? t.sign_on_failed.title : s.title} />
      {failed && (
        <p class="notice tone-not_ready" role="alert">
          {failureText(failed)}
        </p>
      )}
      {reason && (
        <p class="notice tone-unknown" role="alert">
          {visibleText(reason)}
        </p>
      )}
      <p>{s.intro}</p>
      {isToken ? <TokenForm /> : <SignInForm />}
      <MoreWays />
      <p>
        <button
          type="button"
          class="usa-button usa-button--unstyled"
          onClick={() => setToken(!isToken)}
        >
          {isToken ? s.with_password : s.with_token}
        </button>
      </p>
      <h2>{s.help_title}</h2>
      <ul>
        <li>{s.help_forgot}</li>
        <li>{s.help_phone}</li>
        <li>
          {s.help_first} <a href={setupLink}>{s.help_setup}</a>
        </li>
      </ul>
    </div>
  );
}

function TokenForm() {
  const form = useForm({
    id: 'sign-in',
    start: { token: '' },
    missing: { token: s.empty },
    check: ({ token = '' }) =>
      isToken(token.trim()) ? null : { name: 'token', text: s.malformed },
    send: ({ token = '' }) => signInWithToken(token.trim()),
    explain: (problem) => ({ name: 'token', text: problem.detail }),
  });
  return (
    <Form form={form} submit={s.submit} busy={s.checking}>
      <SecretField
        form={form}
        name="token"
        label={s.label}
        hint={s.hint}
        autocomplete="off"
        show={s.show}
        hide={s.hide}
      />
    </Form>
  );
}
