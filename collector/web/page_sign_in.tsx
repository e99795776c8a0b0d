// SPDX-License-Identifier: Apache-2.0
// Sign in with a token; it is tried before it is kept.
import type { JSX, RefObject } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { checkToken, Problem } from './api';
import { visibleText } from './format';
import { Title } from './parts';
import { isToken, sessionReason, sessionStart } from './session';
import { t } from './strings';

const s = t.sign_in;

export function SignInPage() {
  const input = useRef<HTMLInputElement>(null);
  const [mistake, setMistake] = useState('');
  const [isChecking, setChecking] = useState(false);
  const reason = sessionReason();

  const onSubmit: JSX.SubmitEventHandler<HTMLFormElement> = (event) => {
    event.preventDefault();
    const token = input.current?.value.trim() ?? '';
    setChecking(true);
    void whyNot(token).then((why) => {
      setChecking(false);
      setMistake(why);
      if (why) input.current?.focus();
      else sessionStart(token);
    });
  };

  return (
    <div class="sign-in">
      <Title text={s.title} />
      {reason && (
        <p class="notice tone-unknown" role="alert">
          {visibleText(reason)}
        </p>
      )}
      <p>{s.intro}</p>
      <form onSubmit={onSubmit} noValidate>
        <TokenField input={input} mistake={mistake} />
        <button class="usa-button" type="submit" aria-disabled={isChecking}>
          {isChecking ? s.checking : s.submit}
        </button>
      </form>
    </div>
  );
}

interface TokenFieldProps {
  input: RefObject<HTMLInputElement>;
  mistake: string;
}

function TokenField({ input, mistake }: TokenFieldProps) {
  const [isShown, setShown] = useState(false);
  return (
    <>
      <div class={`usa-form-group ${mistake && 'usa-form-group--error'}`}>
        <label class="usa-label" for="token">
          {s.label}
        </label>
        <span class="usa-hint" id="token-hint">
          {s.hint}
        </span>
        {mistake && (
          <span class="usa-error-message" id="token-mistake" role="alert">
            {visibleText(mistake)}
          </span>
        )}
        <input
          ref={input}
          class={`usa-input ${mistake && 'usa-input--error'}`}
          id="token"
          name="token"
          type={isShown ? 'text' : 'password'}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          aria-describedby={mistake ? 'token-mistake token-hint' : 'token-hint'}
          aria-invalid={mistake !== ''}
        />
      </div>
      <p class="sign-in-show">
        <button
          type="button"
          class="usa-button usa-button--unstyled"
          onClick={() => setShown(!isShown)}
        >
          {isShown ? s.hide : s.show}
        </button>
      </p>
    </>
  );
}

/** Why @token cannot be used, or an empty text when it can. */
async function whyNot(token: string): Promise<string> {
  if (!token) return s.empty;
  if (!isToken(token)) return s.malformed;
  try {
    return (await checkToken(token))?.detail ?? '';
  } catch (error) {
    return error instanceof Problem ? error.detail : t.unreachable;
  }
}
