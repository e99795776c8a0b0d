// SPDX-License-Identifier: Apache-2.0
// The tiles of a school. Below each stand the states that it is made of; the waived ones are a
// part of the ready ones.
import type { Site, State } from './api';
import { formatNumber } from './format';
import {
  expectedRows,
  groupRows,
  groupStates,
  stateRows,
  unexpectedRows,
  waivedRows,
  type Group,
} from './links';
import { GroupMark, ResultMark } from './marks';
import { StateBar } from './state_bar';
import { t } from './strings';

const s = t.site;

export const SiteTiles = ({ site }: { site: Site }) => (
  <section aria-labelledby="tiles-title">
    <h2 id="tiles-title" class="usa-sr-only">
      {s.tiles}
    </h2>
    <ul class="tiles">
      <Tile site={site} group="ready" />
      <Tile site={site} group="needs_work" />
      <Tile site={site} group="unknown_or_stale" />
      <li class="tile tile-waived">
        <a class="tile-link" href={waivedRows(site.code)} data-tile="waived">
          <ResultMark result="waived" />{' '}
          <span class="tile-number">{formatNumber(site.tiles.waived)}</span>
        </a>
        <p class="tile-part">{s.waived_part}</p>
      </li>
    </ul>
    <StateBar states={site.states} />
    <p class="tiles-note">
      <a href={expectedRows(site.code)}>{s.expected(site.expected)}</a>
      {site.unexpected > 0 && (
        <>
          {' '}
          · <a href={unexpectedRows(site.code)}>{s.unexpected(site.unexpected)}</a>
        </>
      )}
    </p>
    {!site.has_inventory && site.expected > 0 && (
      <p class="tiles-note" data-no-inventory>
        {t.empty.no_inventory}
      </p>
    )}
  </section>
);

function Tile({ site, group }: { site: Site; group: Group }) {
  const states: readonly Exclude<State, 'retired'>[] = groupStates[group];
  const present = states.filter((state) => site.states[state] > 0);
  return (
    <li class={`tile tile-${group}`}>
      <a class="tile-link" href={groupRows(site.code, group)} data-tile={group}>
        <GroupMark group={group} />{' '}
        <span class="tile-number">{formatNumber(site.tiles[group])}</span>
      </a>
      {present.length > 0 && states.length > 1 && (
        <ul class="tile-states">
          {present.map((state) => (
            <li key={state}>
              <a href={stateRows(site.code, state)}>
                {s.state_of(site.states[state], t.states[state])}
              </a>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
