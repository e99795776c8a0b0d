// SPDX-License-Identifier: Apache-2.0
// The second factor of one's own account: set up with the password and a QR code, turned on with a
// code, taken away with the password. Secret and recovery codes are on the page only until it is left.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { announce } from './announce';
import { write } from './api';
import { refreshSession } from './auth';
import { Form, SecretField, TextField, useForm, waitText } from './form';
import { Qr } from './qr';
import { CopyButton, Secret } from './secret';
import { t } from './strings';

const s = t.factor;
const path = '/v1/session/second-factor';

interface Begun {
  secret: string;
  uri: string;
}

export function FactorSection({ isOn }: { isOn: boolean }) {
  const [begun, setBegun] = useState<Begun | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const [done, setDone] = useState('');
  const heading = useRef<HTMLHeadingElement>(null);

  const onCodes = (next: string[]) => {
    setBegun(null);
    setCodes(next);
    heading.current?.focus();
    announce(s.done);
    // Now: where the codes stood it is said that it is on.
    void refreshSession().catch(() => undefined);
  };
  const onKept = () => {
    setCodes(null);
    heading.current?.focus();
    void refreshSession().catch(() => undefined);
  };
  const onEnded = async () => {
    await refreshSession().catch(() => undefined);
    setDone(s.ended);
    heading.current?.focus();
    announce(s.ended);
  };
  return (
    <section aria-labelledby="factor-title">
      <h2 id="factor-title" ref={heading} tabIndex={-1}>
        {s.title}
      </h2>
      {done && <p class="notice tone-warning">{done}</p>}
      {codes ? (
        <Recovery codes={codes} onKept={onKept} />
      ) : (
        <div class="screen-only">
          {begun ? (
            <SetUp begun={begun} onCodes={onCodes} />
          ) : isOn ? (
            <End onEnded={onEnded} />
          ) : (
            <Begin onBegun={setBegun} />
          )}
        </div>
      )}
    </section>
  );
}

/** A form that asks for the password again: a session that was left open must not be enough. */
function OwnPasswordForm(props: {
  id: string;
  submit: string;
  busy: string;
  send: (body: object) => Promise<void>;
}) {
  const form = useForm({
    id: props.id,
    start: { password: '' },
    missing: { password: s.password_missing },
    send: props.send,
    explain: (problem) =>
      problem.status === 429 ? { name: 'password', text: waitText(problem) } : null,
  });
  return (
    <Form form={form} submit={props.submit} busy={props.busy}>
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

const Begin = ({ onBegun }: { onBegun: (begun: Begun) => void }) => (
  <>
    <p class="explain">{s.off}</p>
    <details>
      <summary>{s.begin}</summary>
      <p class="explain">{s.begin_note}</p>
      <OwnPasswordForm
        id="factor-begin"
        submit={s.begin_submit}
        busy={s.begin_submitting}
        send={async (body) => onBegun(await write<Begun>('POST', path, { body }))}
      />
    </details>
  </>
);

/** In groups of four, as people type it. */
const grouped = (secret: string): string => secret.replace(/(.{4})(?=.)/g, '$1 ');

function SetUp({ begun, onCodes }: { begun: Begun; onCodes: (codes: string[]) => void }) {
  const first = useRef<HTMLParagraphElement>(null);
  // Before the next key: it must not take the focus from the field.
  useLayoutEffect(() => first.current?.focus(), []);
  const form = useForm({
    id: 'factor',
    start: { code: '' },
    missing: { code: s.code_missing },
    send: async (body) => {
      const answer = await write<{ recovery_codes: string[] }>('PUT', path, { body });
      onCodes(answer.recovery_codes);
    },
  });
  return (
    <>
      <p ref={first} tabIndex={-1}>
        {s.step_scan}
      </p>
      <Qr text={begun.uri} label={s.qr} />
      <p>{s.step_secret}</p>
      <Secret text={grouped(begun.secret)} />
      <Form form={form} submit={s.submit} busy={s.submitting}>
        <TextField
          form={form}
          name="code"
          label={s.code}
          hint={s.step_code}
          autocomplete="one-time-code"
          inputMode="numeric"
          maxLength={64}
        />
      </Form>
    </>
  );
}

const Recovery = ({ codes, onKept }: { codes: string[]; onKept: () => void }) => (
  <>
    <p class="notice tone-ready screen-only">{s.done}</p>
    <h3>{s.recovery_title}</h3>
    <p class="explain">{s.recovery}</p>
    <ol class="recovery-codes">
      {codes.map((code) => (
        <li key={code}>
          <code>{code}</code>
        </li>
      ))}
    </ol>
    <p class="form-buttons screen-only">
      <button type="button" class="usa-button usa-button--outline" onClick={() => print()}>
        {s.print}
      </button>
      <CopyButton text={codes.join('\n')} />
      <button type="button" class="usa-button" onClick={onKept}>
        {s.kept}
      </button>
    </p>
  </>
);

const End = ({ onEnded }: { onEnded: () => Promise<void> }) => (
  <>
    <p class="explain">{s.on}</p>
    <details>
      <summary>{s.end}</summary>
      <p class="explain">{s.end_note}</p>
      <OwnPasswordForm
        id="factor-end"
        submit={s.end_submit}
        busy={s.end_submitting}
        send={async (body) => {
          await write('DELETE', path, { body });
          await onEnded();
        }}
      />
    </details>
  </>
);
