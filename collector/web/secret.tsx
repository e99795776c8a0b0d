// SPDX-License-Identifier: Apache-2.0
// What is shown once, with a button that copies it.
import { useState } from 'preact/hooks';
import { announce } from './announce';
import { t } from './strings';

export function CopyButton({ text, what }: { text: string; what?: string }) {
  const [said, setSaid] = useState('');
  const copy = async () => {
    let done = t.copied;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Browsers refuse it over http from another machine.
      done = t.not_copied;
    }
    setSaid(done);
    announce(done);
  };
  return (
    <>
      <button type="button" class="usa-button usa-button--outline copy" onClick={() => void copy()}>
        {t.copy}
        {what && <span class="usa-sr-only"> {what}</span>}
      </button>
      {said && <span class="copied"> {said}</span>}
    </>
  );
}

export const Secret = ({ text, what }: { text: string; what?: string }) => (
  <p class="secret">
    <code>{text}</code> <CopyButton text={text} {...(what && { what })} />
  </p>
);
