// SPDX-License-Identifier: Apache-2.0
// Buttons that change something: at once, where it can be taken back; else they ask before.
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { problemOf } from './api';
import { Outside } from './parts';
import { t } from './strings';

/** Runs @act, never twice at a time; @problem is what the collector had against it. */
function useAct(act: () => Promise<void>) {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const run = async () => {
    if (isBusy) return;
    setBusy(true);
    setProblem('');
    try {
      await act();
    } catch (error) {
      setProblem(problemOf(error).detail);
    }
    setBusy(false);
  };
  return { isBusy, problem, run: () => void run() };
}

const Refusal = ({ problem }: { problem: string }) =>
  problem ? (
    <p class="usa-error-message" role="alert">
      <Outside text={problem} />
    </p>
  ) : null;

interface Label {
  text: string;
  /** Read after @text by screen readers, so that buttons of one name differ. */
  what?: string;
  isPlain?: boolean;
}

const classOf = ({ isPlain }: Label): string =>
  `usa-button ${isPlain ? 'usa-button--unstyled act-plain' : 'usa-button--outline'}`;

const Words = ({ text, what }: Label) => (
  <>
    {text}
    {what && (
      <span class="usa-sr-only">
        {' '}
        <Outside text={what} />
      </span>
    )}
  </>
);

/** Does it at once. */
export function Act({ act, ...label }: Label & { act: () => Promise<void> }) {
  const { isBusy, problem, run } = useAct(act);
  return (
    <>
      <Refusal problem={problem} />
      <button type="button" class={classOf(label)} aria-disabled={isBusy} onClick={run}>
        <Words {...label} />
      </button>
    </>
  );
}

/** A button in whose place @children come, until they stop: then it has the focus again. */
export function Opener({
  children,
  ...label
}: Label & { children: (stop: () => void) => ComponentChildren }) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(false);
  // Before the next key: what had the focus is gone.
  useLayoutEffect(() => {
    if (wasOpen.current && !isOpen) button.current?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);
  const stop = () => setOpen(false);
  return isOpen ? (
    <div class="confirm" onKeyDown={(event) => event.key === 'Escape' && stop()}>
      {children(stop)}
    </div>
  ) : (
    <button ref={button} type="button" class={classOf(label)} onClick={() => setOpen(true)}>
      <Words {...label} />
    </button>
  );
}

interface AskProps extends Label {
  question: string;
  yes: string;
  keep?: string;
  act: () => Promise<void>;
}

/** For what cannot simply be undone. */
export const Ask = ({ question, yes, keep = t.cancel, act, ...label }: AskProps) => (
  <Opener {...label}>
    {(stop) => <Question question={question} yes={yes} keep={keep} act={act} stop={stop} />}
  </Opener>
);

type QuestionProps = Required<Omit<AskProps, keyof Label>> & { stop: () => void };

function Question({ question, yes, keep, act, stop }: QuestionProps) {
  const { isBusy, problem, run } = useAct(async () => {
    await act();
    stop();
  });
  const asked = useRef<HTMLParagraphElement>(null);
  useLayoutEffect(() => asked.current?.focus(), []);
  return (
    <>
      <p ref={asked} tabIndex={-1}>
        <Outside text={question} />
      </p>
      <Refusal problem={problem} />
      <button type="button" class="usa-button" aria-disabled={isBusy} onClick={run}>
        {yes}
      </button>{' '}
      <button type="button" class="usa-button usa-button--outline" onClick={stop}>
        {keep}
      </button>
    </>
  );
}
