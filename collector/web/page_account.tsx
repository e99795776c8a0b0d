// SPDX-License-Identifier: Apache-2.0
// My account: who I am and what I may, the password, the second factor, and signing out
// everywhere.
import { useState } from 'preact/hooks';
import { FactorSection } from './account_factor';
import { announce } from './announce';
import { write } from './api';
import { signOutEverywhere } from './auth';
import { Ask } from './ask';
import { Form, SecretField, useForm, waitText } from './form';
import { formatClock, formatDate, whoText } from './format';
import { NewPassword, passwordMistake } from './password';
import { Outside, Title } from './parts';
import { grantWords, usePlaces } from './places';
import { sessionUpdate, useSession, type Session } from './session';
import { t } from './strings';

const s = t.account;

export function AccountPage() {
  const { state } = useSession();
  if (state.phase !== 'in') return null;
  const { session } = state;
  const isOwn = session.csrf_token !== null;
  return (
    <>
      <Title text={s.title} />
      {!isOwn && (
        <p class="notice tone-unknown">
          <Outside text={s.token(whoText(session.who))} />
        </p>
      )}
      {session.account && <About session={session} />}
      <Roles session={session} />
      {isOwn && session.account && (
        <>
          <PasswordSection login={session.account.login} />
          <FactorSection isOn={session.account.has_second_factor} />
          <section aria-labelledby="everywhere-title" class="screen-only">
            <h2 id="everywhere-title">{s.everywhere}</h2>
            <p class="explain">{s.everywhere_note}</p>
            <Ask
              text={s.everywhere}
              question={s.everywhere_ask}
              yes={s.everywhere_yes}
              act={signOutEverywhere}
            />
          </section>
        </>
      )}
    </>
  );
}

function About({ session }: { session: Session }) {
  const { account, expires_at } = session;
  if (!account) return null;
  const rows: [string, string][] = [
    [s.labels.name, account.name],
    [s.labels.login, account.login],
    [s.labels.good_until, formatDate(account.good_until, true)],
    [s.labels.factor, account.has_second_factor ? t.factor.short_on : t.factor.short_off],
  ];
  if (expires_at) rows.push([s.labels.session, s.session_note(formatClock(expires_at))]);
  return (
    <section aria-labelledby="about-title">
      <h2 id="about-title">{s.about}</h2>
      <dl class="about">
        {rows.map(([label, text]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <Outside text={text} />
            </dd>
          </div>
        ))}
      </dl>
      <p class="secondary">{s.good_note}</p>
    </section>
  );
}

function Roles({ session }: { session: Session }) {
  const places = usePlaces();
  return (
    <section aria-labelledby="roles-title">
      <h2 id="roles-title">{s.roles}</h2>
      {session.grants.length === 0 ? (
        <p>{s.roles_none}</p>
      ) : (
        <>
          <ul class="plain-list">
            {session.grants.map((grant) => (
              <li key={`${grant.role} ${grant.code ?? ''}`}>
                <Outside text={grantWords(grant, places)} />
              </li>
            ))}
          </ul>
          <p class="secondary">{s.roles_note}</p>
        </>
      )}
    </section>
  );
}

function PasswordSection({ login }: { login: string }) {
  const [turn, setTurn] = useState(0);
  return (
    <section aria-labelledby="password-title" class="screen-only">
      <h2 id="password-title">{s.password}</h2>
      <p class="explain">{s.password_note}</p>
      {turn > 0 && <p class="notice tone-ready">{s.changed}</p>}
      <PasswordForm key={turn} login={login} onDone={() => setTurn(turn + 1)} />
    </section>
  );
}

function PasswordForm({ login, onDone }: { login: string; onDone: () => void }) {
  const form = useForm({
    id: 'password',
    start: { old: '', new: '' },
    missing: s.missing,
    check: (values) => passwordMistake('new', values['new'] ?? '', login),
    send: async (body) => {
      sessionUpdate(await write<Session>('PUT', '/v1/session/password', { body }));
      announce(s.changed);
      onDone();
    },
    explain: (problem) =>
      problem.status === 429 ? { name: 'old', text: waitText(problem) } : null,
  });
  return (
    <Form form={form} submit={s.submit} busy={s.submitting}>
      {/* Keepers of passwords then know whose it is. */}
      <input
        class="usa-sr-only"
        type="text"
        name="username"
        autocomplete="username"
        value={login}
        readOnly
        tabIndex={-1}
        aria-hidden="true"
      />
      <SecretField
        form={form}
        name="old"
        label={s.old}
        autocomplete="current-password"
        show={t.password.show}
        hide={t.password.hide}
      />
      <NewPassword form={form} name="new" label={s.new} login={login} />
    </Form>
  );
}
