// SPDX-License-Identifier: Apache-2.0
// Small parts that every page uses: headings, text from outside, times, notices, tables.
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { lastChecked, watchChecks, type Problem } from './api';
import { announce } from './announce';
import { formatClock, formatHour, formatTime, visibleText } from './format';
import { takeArrival } from './route';
import { t } from './strings';
import { partsOf } from './told';

/** The clocks of two answers of one visit differ by less. */
const confirmedMs = 10_000;

/** Text from a device or a person: on its own, so that it cannot turn its surroundings around. */
export const Outside = ({ text }: { text: string }) => {
  const parts = partsOf(text);
  if (!parts.some((part) => part.isEnglish)) return <bdi>{visibleText(text)}</bdi>;
  return (
    <bdi>
      {parts.map(({ text: part, isEnglish }) =>
        isEnglish ? <bdi lang="en">{visibleText(part)}</bdi> : visibleText(part),
      )}
    </bdi>
  );
};


/** The page's one h1. After a move between pages it takes the focus: reading starts here. */
export function Title({ text, children }: { text: string; children?: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    document.title = `${visibleText(text)} – ${t.app}`;
  }, [text]);
  useLayoutEffect(() => {
    const arrival = takeArrival();
    if (!arrival) return;
    heading.current?.focus({ preventScroll: true });
    window.scrollTo(0, arrival.scrollTo);
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children ?? <Outside text={text} />}
    </h1>
  );
}

export interface Step {
  href: string;
  text: string;
}

/** The way from the overview to this page. The page itself is not in it: its heading follows. */
export const Breadcrumb = ({ steps }: { steps: Step[] }) => (
  <nav class="breadcrumb" aria-label={t.breadcrumb}>
    <ol>
      {steps.map((step) => (
        <li key={step.href}>
          <a href={step.href}>
            <Outside text={step.text} />
          </a>
        </li>
      ))}
    </ol>
  </nav>
);

/** The verdict and, below it, the one thing to do next. */
export function Verdict({
  tone,
  sentence,
  next,
  nextHref,
  label,
}: {
  tone: string;
  sentence: string;
  next?: string;
  /** Where that is done. */
  nextHref?: string;
  label?: string;
}) {
  return (
    <div class={`verdict tone-${tone}`}>
      <p class="verdict-sentence">
        <Outside text={sentence} />
      </p>
      {next && (
        <p class="verdict-next">
          <strong>{label}</strong>{' '}
          {nextHref ? (
            <a href={nextHref}>
              <Outside text={next} />
            </a>
          ) : (
            <Outside text={next} />
          )}
        </p>
      )}
    </div>
  );
}

export const Time = ({ time }: { time: string }) => <time dateTime={time}>{formatTime(time)}</time>;

/** When an account or token was last used, which is kept to the hour: no finer is it said. */
export const UsedHour = ({ time }: { time: string }) => (
  <time dateTime={time}>{formatHour(time)}</time>
);

/**
 * When what is shown was true. An answer of "not changed" has no new time of its own: without
 * the second time a page that is up to date would look old.
 */
export function AsOf({ time }: { time: string }) {
  const [checked, setChecked] = useState(lastChecked);
  useEffect(() => watchChecks(() => setChecked(lastChecked())), []);
  const isConfirmed = checked - Date.parse(time) > confirmedMs;
  return (
    <p class="as-of">
      {t.as_of} <time dateTime={time}>{formatClock(time)}</time>
      {isConfirmed && t.unchanged_at(formatClock(new Date(checked).toISOString()))}.{' '}
      <span class="screen-only">{t.live}</span>
    </p>
  );
}

/** Shown only when loading takes long enough to be noticed. */
export function Loading() {
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), 200);
    return () => clearTimeout(timer);
  }, []);
  return (
    <p class="loading" role="status">
      {isSlow ? t.loading : ''}
    </p>
  );
}

/** In place of a page that could not be loaded. */
export const Failed = ({ problem, retry }: { problem: Problem; retry: () => void }) => (
  <>
    <Title text={problem.status === 404 ? t.not_found_title : t.failed_title} />
    <ProblemNotice problem={problem} retry={retry} />
    {problem.status === 404 && <p>{t.not_found_why}</p>}
    <p>
      <a href="/">{t.to_overview}</a>
    </p>
  </>
);

/** Above a page that is no longer up to date. */
export const NotUpdated = ({
  problem,
  retry,
}: {
  problem: Problem | undefined;
  retry: () => void;
}) => (problem ? <ProblemNotice problem={problem} retry={retry} lead={t.not_updated} /> : null);

const ProblemNotice = ({
  problem,
  retry,
  lead,
}: {
  problem: Problem;
  retry: () => void;
  lead?: string;
}) => (
  <div class="notice tone-not_ready" role="alert">
    <p>
      {lead} <Outside text={problem.detail} />
    </p>
    <button type="button" class="usa-button usa-button--outline" onClick={retry}>
      {t.retry}
    </button>
  </div>
);

/** What was done just now. What was used for it is gone: the focus goes where it says what came of it. */
export function DoneNotice({
  done,
  tone,
  children,
}: {
  /** Another each time. */
  done: object;
  tone: string;
  children: ComponentChildren;
}) {
  const notice = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => notice.current?.focus(), [done]);
  return (
    <div class={`notice tone-${tone}`} ref={notice} tabIndex={-1} data-done>
      {children}
    </div>
  );
}

/** What to do where there is nothing to show yet. */
export const Empty = ({ children, command }: { children: ComponentChildren; command?: string }) => (
  <div class="empty">
    <p>{children}</p>
    {command && (
      <p>
        <code>{command}</code>
      </p>
    )}
  </div>
);

interface TableProps {
  caption: string;
  note?: string;
  head: ComponentChildren;
  children: ComponentChildren;
  class?: string;
}

/** A table in a region that scrolls by itself, so that the page never scrolls sideways. */
export function Table({ caption, note, head, children, class: extra }: TableProps) {
  const region = useRef<HTMLDivElement>(null);
  useFocusKept(region);
  const label = visibleText(caption);
  return (
    <div ref={region} class="table-region" role="region" aria-label={label} tabIndex={0}>
      <table class={`usa-table usa-table--borderless ${extra ?? ''}`}>
        <caption>
          <Outside text={caption} />
          {note && <span class="caption-note">{note}</span>}
        </caption>
        <thead>
          <tr>{head}</tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** When an update takes away what had the focus, its table gets it instead of nothing. */
function useFocusKept(region: { current: HTMLElement | null }): void {
  const focused = useRef<Element | null>(null);
  useLayoutEffect(() => {
    if (focused.current && !focused.current.isConnected && document.activeElement === document.body)
      region.current?.focus({ preventScroll: true });
  });
  // Not later: the focus may come before the page is drawn.
  useLayoutEffect(() => {
    const element = region.current;
    const onIn = (event: FocusEvent) => {
      focused.current = event.target as Element;
    };
    // An element that is taken away loses its focus too, while it is still there: only what is
    // there a moment later was left by its reader.
    const onOut = () =>
      queueMicrotask(() => {
        if (focused.current?.isConnected && !element?.contains(document.activeElement))
          focused.current = null;
      });
    element?.addEventListener('focusin', onIn);
    element?.addEventListener('focusout', onOut);
    return () => {
      element?.removeEventListener('focusin', onIn);
      element?.removeEventListener('focusout', onOut);
    };
  }, []);
}

export const Head = ({ text, number }: { text: string; number?: boolean }) => (
  <th scope="col" class={number ? 'number' : undefined}>
    {text}
  </th>
);

/** A number that leads to its rows; `what` is read after it by screen readers only. */
export const Count = ({
  href,
  what,
  children,
  class: extra,
}: {
  href: string;
  what?: string;
  children: ComponentChildren;
  class?: string;
}) => (
  <a class={extra} href={href}>
    {children}
    {what && <span class="usa-sr-only">{visibleText(what)}</span>}
  </a>
);

export function SortAgain({ hasChanged, sort }: { hasChanged: boolean; sort: () => void }) {
  if (!hasChanged) return null;
  return (
    <p class="sort-again">
      {t.order_changed}{' '}
      <button type="button" class="usa-button usa-button--unstyled" onClick={sort}>
        {t.sort_again}
      </button>
    </p>
  );
}

/** Asks for the next part of a list and says when it is there. */
export function ShowMore({
  hasMore,
  more,
  rows,
}: {
  hasMore: boolean;
  more: () => void;
  rows: number;
}) {
  const before = useRef(rows);
  const [isAsked, setAsked] = useState(false);
  useEffect(() => {
    if (isAsked && rows > before.current) {
      announce(t.shown_more(rows));
      setAsked(false);
    }
    before.current = rows;
  }, [rows, isAsked]);
  if (!hasMore) return null;
  const onClick: JSX.MouseEventHandler<HTMLButtonElement> = () => {
    setAsked(true);
    more();
  };
  return (
    <p class="show-more">
      <button type="button" class="usa-button usa-button--outline" onClick={onClick}>
        {t.show_more}
      </button>{' '}
      <span>{t.more_exist(rows)}</span>
    </p>
  );
}

/** Tells screen readers when the page's sentence has changed by itself. */
export function Announced({ sentence }: { sentence: string }) {
  const said = useRef(sentence);
  useEffect(() => {
    if (said.current !== sentence) announce(t.updated(sentence));
    said.current = sentence;
  }, [sentence]);
  return null;
}
