// SPDX-License-Identifier: Apache-2.0
// The shares of the three groups as one bar. The same numbers stand beside it as text, so it is
// hidden from screen readers.
import type { States } from './api';
import { groupStates, type Group } from './links';
import { groupCount } from './overview_shows';

const width = 1000;

export function StateBar({ states }: { states: States }) {
  const groups = Object.keys(groupStates) as Group[];
  const all = groups.reduce((sum, group) => sum + groupCount(states, group), 0);
  if (all === 0) return null;
  let x = 0;
  return (
    <svg
      class="state-bar"
      viewBox={`0 0 ${width} 8`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      {groups.map((group) => {
        const share = (groupCount(states, group) / all) * width;
        x += share;
        return (
          <rect key={group} class={`bar-${group}`} x={x - share} y="0" width={share} height="8" />
        );
      })}
    </svg>
  );
}
