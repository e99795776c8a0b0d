// SPDX-License-Identifier: Apache-2.0
// The work list of a school: one line per fix, in the order given by the API.
import { Fragment } from 'preact';
import type { FixWork, Site } from './api';
import { formatWork, said } from './format';
import { fixRows } from './links';
import { Outside } from './parts';
import { t } from './strings';

const s = t.site;

export const SiteWork = ({ site }: { site: Site }) => (
  <section aria-labelledby="work-title">
    <h2 id="work-title">{s.work}</h2>
    {site.fixes.length === 0 ? (
      <p data-work-empty>{emptyText(site)}</p>
    ) : (
      <>
        <p class="secondary">{s.work_note}</p>
        <ol class="work">
          {site.fixes.map((fix) => (
            <Work key={fix.id} site={site} fix={fix} />
          ))}
        </ol>
      </>
    )}
  </section>
);

/** An empty list says that nothing is to be done only where every device was judged. */
function emptyText({ expected, profile, tiles }: Site): string {
  if (expected === 0) return t.empty.work_none;
  if (!profile) return t.empty.work_unjudged;
  return tiles.unknown_or_stale > 0 ? t.empty.work_unknown(tiles.unknown_or_stale) : t.empty.work;
}

function Work({ site, fix }: { site: Site; fix: FixWork }) {
  return (
    <li class={`work-${fix.severity}`} data-fix={fix.id}>
      <p class="work-text">
        <Outside text={said(fix.text.replace(/[.:]\s*$/, ''))} />
      </p>
      <p class="work-size">
        <a href={fixRows(site.code, fix.id)}>{s.devices(fix.devices)}</a>
        {t.site.comma}
        <Rooms site={site} fix={fix} />
        {t.site.comma}
        <span class="nowrap">{formatWork(fix.minutes)}</span>
      </p>
      <p class="secondary">
        {fix.severity === 'recommended'
          ? s.recommended
          : fix.makes_ready > 0
            ? s.makes_ready(fix.makes_ready)
            : s.makes_none}
      </p>
    </li>
  );
}

/** "rooms 104, 106 and no room", each room a link to its devices that need the fix. */
function Rooms({ site, fix }: { site: Site; fix: FixWork }) {
  const last = fix.rooms.length - 1;
  const named = fix.rooms.filter((room) => room !== '').length;
  return (
    <>
      {named > 0 && (named > 1 ? s.rooms : s.room)}
      {fix.rooms.map((room, i) => (
        <Fragment key={room}>
          {i > 0 && (i === last ? s.and : s.comma)}
          <a href={fixRows(site.code, fix.id, room)}>
            {room ? <Outside text={room} /> : s.no_room}
          </a>
        </Fragment>
      ))}
    </>
  );
}
