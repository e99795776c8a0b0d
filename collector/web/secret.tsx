// SPDX-License-Identifier: Apache-2.0
// What is shown once, with a button that copies it.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { announce } from './announce';
import { Outside } from './parts';
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

interface MadeProps {
  /** What was made; it gets the focus. */
  title: string;
  once: string;
  text: string;
  what: string;
}

/** Something that was made has a secret, which is shown now and never again. */
export function Made({ title, once, text, what }: MadeProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), [text]);
  return (
    <div class="notice tone-ready" data-made>
      <h2 ref={heading} tabIndex={-1}>
        <Outside text={title} />
      </h2>
      <p>{once}</p>
      <Secret text={text} what={what} />
    </div>
  );
}
