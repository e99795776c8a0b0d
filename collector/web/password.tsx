// SPDX-License-Identifier: Apache-2.0
// A new password: its rules are there before it is typed, and each says when it is met. What is
// not met yet is no mistake while somebody still types.
import { SecretField, type FormState, type Mistake } from './form';
import { YesMark } from './marks';
import { t } from './strings';

const s = t.password;
const least = 12;
const most = 128;

const lengthOf = (text: string): number => [...text].length;

interface Props {
  form: FormState;
  name: string;
  label: string;
  /** Whose password it will be; empty while that is not known. */
  login: string;
}

export function NewPassword({ form, name, label, login }: Props) {
  const rules = `${form.id}-${name}-rules`;
  const value = form.values[name] ?? '';
  const n = lengthOf(value);
  const lines: [string, boolean][] = [
    [s.length(least), n >= least && n <= most],
    // Of a login that is not known here nothing can be said.
    [s.not_login, n > 0 && login !== '' && value.toLowerCase() !== login.toLowerCase()],
  ];
  return (
    <>
      <div id={rules} class="password-rules">
        <p>{s.intro}</p>
        <ul>
          {lines.map(([text, isMet]) => (
            <li key={text}>{isMet ? <YesMark word={`${text}: ${s.met}`} /> : text}</li>
          ))}
          <li>{s.not_common}</li>
        </ul>
      </div>
      <SecretField
        form={form}
        name={name}
        label={label}
        autocomplete="new-password"
        show={s.show}
        hide={s.hide}
        describedBy={rules}
      />
    </>
  );
}

/** What is wrong with a new password that can be seen here. */
export function passwordMistake(name: string, value: string, login: string): Mistake | null {
  const n = lengthOf(value);
  if (n < least) return { name, text: s.too_short(n, least) };
  if (n > most) return { name, text: s.too_long(n, most) };
  if (value.toLowerCase() === login.toLowerCase()) return { name, text: s.is_login };
  return null;
}
