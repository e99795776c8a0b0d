// SPDX-License-Identifier: Apache-2.0
// Which devices of a school are listed, in words.
import type { Site, State } from './api';
import { said } from './format';
import { rowsLink } from './links';
import { Outside } from './parts';
import { t } from './strings';

const s = t.devices;

/** The API refuses what it does not know, so an address from elsewhere is cut down to these. */
export const filterNames = [
  'state',
  'fix',
  'requirement',
  'passes',
  'room',
  'expected',
  'waived',
  'waives',
] as const;

interface Props {
  code: string;
  query: URLSearchParams;
  site: Site | undefined;
}

export function DevicesFilters({ code, query, site }: Props) {
  const filters = filterWords(query, site);
  if (filters.length === 0) return <p class="secondary">{s.all}</p>;
  return (
    <div class="filters">
      <p>{s.filters}</p>
      <ul>
        {filters.map((words) => (
          <li key={words}>
            <Outside text={words} />
          </li>
        ))}
      </ul>
      <p>
        <a class="screen-only" href={rowsLink(code)}>
          {s.show_all}
        </a>
      </p>
    </div>
  );
}

/** The filters of the address in words. */
function filterWords(query: URLSearchParams, site: Site | undefined): string[] {
  const words: Record<(typeof filterNames)[number], (value: string) => string> = {
    state: (value) => s.by_state(value.split(',').map(stateWord).join(s.or)),
    fix: (value) => s.by_fix(said(site?.fixes.find((fix) => fix.id === value)?.text ?? value)),
    requirement: (value) => s.by_requirement(value),
    passes: (value) => s.by_passes(value),
    room: (value) => (value ? s.by_room(value) : s.by_no_room),
    expected: (value) => (value === 'true' ? s.by_expected : s.by_unexpected),
    waived: (value) => (value === 'true' ? s.by_waived : s.by_not_waived),
    waives: (value) => s.by_waives(value),
  };
  return filterNames.flatMap((name) => {
    const value = query.get(name);
    return value === null ? [] : [words[name](value)];
  });
}

const stateWord = (state: string): string =>
  (Object.hasOwn(t.states, state) ? t.states[state as State] : state).toLowerCase();
