// SPDX-License-Identifier: Apache-2.0
// How ready each room of a school is.
import type { Site } from './api';
import { formatNumber } from './format';
import { roomNotReadyRows, roomReadyRows, roomRows } from './links';
import { NoRooms } from './nothing_yet';
import { Count, Head, Outside, Table } from './parts';
import { t } from './strings';

const s = t.site;
const c = s.columns;

export function SiteRooms({ site }: { site: Site }) {
  const hasRooms = site.rooms.some((room) => room.room !== '');
  return (
    <section aria-labelledby="rooms-title">
      <h2 id="rooms-title">{s.rooms_title}</h2>
      {!hasRooms ? (
        <NoRooms />
      ) : (
        <Table
          caption={s.rooms_caption}
          class="rooms-table"
          head={
            <>
              <Head text={c.room} />
              <Head text={c.ready} number />
              <Head text={c.missing} number />
              <Head text={c.expected} number />
            </>
          }
        >
          {site.rooms.map((room) => (
            <Row key={room.room} site={site} room={room} />
          ))}
        </Table>
      )}
    </section>
  );
}

function Row({ site, room }: { site: Site; room: Site['rooms'][number] }) {
  const missing = room.expected - room.ready;
  const what = `, ${s.room}${room.room || s.no_room}`;
  return (
    <tr>
      <th scope="row">
        {room.room ? <Outside text={room.room} /> : <span class="muted">{s.no_room}</span>}
        <About room={room} isAnyDeclared={site.rooms.some(({ declared }) => declared)} />
      </th>
      <td class={`number ${room.ready > 0 ? 'count-ready' : 'count-zero'}`}>
        <Count href={roomReadyRows(site.code, room.room)} what={what}>
          {formatNumber(room.ready)}
        </Count>
      </td>
      <td class={`number ${missing > 0 ? 'count-needs_work' : 'count-zero'}`}>
        <Count href={roomNotReadyRows(site.code, room.room)} what={what}>
          {formatNumber(missing)}
        </Count>
      </td>
      <td class="number">
        <Count href={roomRows(site.code, room.room)} what={what}>
          {formatNumber(room.expected)}
        </Count>
      </td>
    </tr>
  );
}

/** What is said of the room; that it is nobody's list is only worth a word where there is one. */
function About({
  room,
  isAnyDeclared,
}: {
  room: Site['rooms'][number];
  isAnyDeclared: boolean;
}) {
  const said = [
    room.seats !== null && s.room_seats(room.seats),
    room.track && s.room_track(room.track),
    isAnyDeclared && !room.declared && room.room && s.room_undeclared,
  ].filter(Boolean);
  if (said.length === 0) return null;
  return <span class="muted room-about"> {said.join(' · ')}</span>;
}
