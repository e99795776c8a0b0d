// SPDX-License-Identifier: Apache-2.0
// A state or a result as shape, word and colour: any one of the three is enough to tell it.
import type { PersonState, Result, State } from './api';
import type { Group } from './links';
import { t } from './strings';

const outline = { fill: 'none', stroke: 'currentColor', 'stroke-width': 2 } as const;
const sign = {
  fill: 'none',
  stroke: 'var(--surface)',
  'stroke-width': 2,
  'stroke-linecap': 'round',
} as const;

/** Each shape fills 16 × 16 and differs in its outline, not only in what is inside. */
const shapes = {
  disc_check: (
    <>
      <circle cx="8" cy="8" r="7.5" />
      <path d="M4.5 8.3l2.4 2.4 4.6-5" {...sign} />
    </>
  ),
  triangle: (
    <>
      <path d="M8 .8L15.7 15H.3z" />
      <path d="M8 6v4M8 12.4v.2" {...sign} />
    </>
  ),
  octagon_cross: (
    <>
      <path d="M5 .5h6L15.5 5v6L11 15.5H5L.5 11V5z" />
      <path d="M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2" {...sign} />
    </>
  ),
  square_question: (
    <>
      <rect x=".5" y=".5" width="15" height="15" rx="3" />
      <path
        d="M6.2 6.3a1.9 1.9 0 113 1.6c-.8.5-1.2.8-1.2 1.6M8 12v.2"
        {...sign}
        stroke-width="1.6"
      />
    </>
  ),
  clock: (
    <>
      <circle cx="8" cy="8" r="6.8" {...outline} />
      <path d="M8 4v4.3l2.8 1.7" {...outline} />
    </>
  ),
  ring_dashed: <circle cx="8" cy="8" r="6.8" {...outline} stroke-dasharray="3 2.3" />,
  two_squares: (
    <>
      <rect x="1" y="1" width="9" height="9" {...outline} />
      <rect x="6" y="6" width="9" height="9" />
    </>
  ),
  diamond_check: (
    <>
      <path d="M8 .3L15.7 8 8 15.7.3 8z" />
      <path d="M5 8.2l2.1 2.1 3.9-4.2" {...sign} stroke-width="1.8" />
    </>
  ),
  bar: <rect x="1" y="6.5" width="14" height="3" />,
} as const;
type Shape = keyof typeof shapes;

interface Look {
  shape: Shape;
  tone: string;
}

const stateLooks: Record<State, Look> = {
  ready: { shape: 'disc_check', tone: 'ready' },
  ready_with_warnings: { shape: 'triangle', tone: 'warning' },
  not_ready: { shape: 'octagon_cross', tone: 'not_ready' },
  unknown: { shape: 'square_question', tone: 'unknown' },
  stale: { shape: 'clock', tone: 'stale' },
  never_seen: { shape: 'ring_dashed', tone: 'stale' },
  conflict: { shape: 'two_squares', tone: 'conflict' },
  retired: { shape: 'bar', tone: 'stale' },
};

const resultLooks: Record<Result, Look> = {
  pass: stateLooks.ready,
  fail: stateLooks.not_ready,
  unknown: stateLooks.unknown,
  not_applicable: stateLooks.retired,
  waived: { shape: 'diamond_check', tone: 'waived' },
};

const groupLooks: Record<Group, Look> = {
  ready: stateLooks.ready,
  needs_work: stateLooks.not_ready,
  unknown_or_stale: { shape: 'square_question', tone: 'stale' },
};

export const stateTone = (state: State): string => stateLooks[state].tone;

const Shape = ({ shape }: { shape: Shape }) => (
  <svg class="shape" viewBox="0 0 16 16" fill="currentColor" aria-hidden="true" focusable="false">
    {shapes[shape]}
  </svg>
);

const Mark = ({ look, word }: { look: Look; word: string }) => (
  <span class={`mark tone-${look.tone}`}>
    <Shape shape={look.shape} />
    <span>{word}</span>
  </span>
);

export const StateMark = ({ state }: { state: State }) => (
  <Mark look={stateLooks[state]} word={t.states[state]} />
);

export const ResultMark = ({ result }: { result: Result }) => (
  <Mark look={resultLooks[result]} word={t.results[result]} />
);

export const GroupMark = ({ group }: { group: Group }) => (
  <Mark look={groupLooks[group]} word={t.groups[group]} />
);

/** Judged by older requirements: it will be judged again by itself. */
export const JudgingMark = ({ word }: { word: string }) => (
  <Mark look={{ shape: 'clock', tone: 'unknown' }} word={word} />
);

/** A thing that is or is not so, such as a rule that is met. */
export const YesNoMark = ({ isSo, word }: { isSo: boolean; word: string }) => (
  <Mark look={isSo ? stateLooks.ready : stateLooks.not_ready} word={word} />
);

/** Something that is so; what is not has no mark. */
export const YesMark = ({ word }: { word: string }) => (
  <Mark look={stateLooks.ready} word={word} />
);

const personLooks: Record<PersonState, Look> = {
  active: stateLooks.ready,
  invited: stateLooks.stale,
  expired: stateLooks.ready_with_warnings,
  disabled: stateLooks.retired,
};

export const PersonMark = ({ state }: { state: PersonState }) => (
  <Mark look={personLooks[state]} word={t.person_states[state]} />
);

type Usable = keyof typeof t.usable_states;
const usableLooks: Record<Usable, Look> = {
  good: stateLooks.ready,
  expired: stateLooks.stale,
  used_up: stateLooks.stale,
  owner_over: stateLooks.ready_with_warnings,
  revoked: stateLooks.retired,
};

/** Of an enrolment key or an API token. */
export const UsableMark = ({ state }: { state: Usable }) => (
  <Mark look={usableLooks[state]} word={t.usable_states[state]} />
);
