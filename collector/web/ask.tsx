// SPDX-License-Identifier: Apache-2.0
// A button that asks before it does what cannot simply be undone.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { problemOf } from './api';
import { Outside } from './parts';
import { t } from './strings';

interface Props {
  text: string;
  /** Read after @text by screen readers, so that buttons of one name differ. */
  what?: string;
  question: string;
  yes: string;
  keep?: string;
  isPlain?: boolean;
  act: () => Promise<void>;
}

export function Ask({ text, what, question, yes, keep = t.cancel, isPlain, act }: Props) {
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const asked = useRef<HTMLParagraphElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const wasAsking = useRef(false);
  // Before the next key: the button that had the focus is gone.
  useLayoutEffect(() => {
    if (isAsking) asked.current?.focus();
    else if (wasAsking.current) button.current?.focus();
    wasAsking.current = isAsking;
  }, [isAsking]);
  const run = async () => {
    setBusy(true);
    setProblem('');
    try {
      await act();
      setAsking(false);
    } catch (error) {
      setProblem(problemOf(error).detail);
    }
    setBusy(false);
  };
  if (!isAsking)
    return (
      <button
        ref={button}
        type="button"
        class={`usa-button ${isPlain ? 'usa-button--unstyled' : 'usa-button--outline'}`}
        onClick={() => setAsking(true)}
      >
        {text}
        {what && (
          <span class="usa-sr-only">
            {' '}
            <Outside text={what} />
          </span>
        )}
      </button>
    );
  return (
    <div class="confirm">
      <p ref={asked} tabIndex={-1}>
        <Outside text={question} />
      </p>
      {problem && (
        <p class="usa-error-message" role="alert">
          <Outside text={problem} />
        </p>
      )}
      <button
        type="button"
        class="usa-button"
        aria-disabled={isBusy}
        onClick={() => !isBusy && void run()}
      >
        {yes}
      </button>{' '}
      <button type="button" class="usa-button usa-button--outline" onClick={() => setAsking(false)}>
        {keep}
      </button>
    </div>
  );
}
