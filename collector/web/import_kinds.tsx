// SPDX-License-Identifier: Apache-2.0
// What files there are to be loaded, each with how it is checked, loaded and told.
import {
  write,
  type InventoryImport,
  type PeopleImport,
  type RoomImport,
  type SiteImport,
} from './api';
import { Changes, changesOf, type ChangesAnswer, type Fields, type Look } from './import_changes';
import type { ImportKind } from './import_flow';
import { said } from './format';
import { PeopleChanges, peopleSentence } from './import_people';
import { deviceLink, inventoryRows, roomRows, siteLink } from './links';
import { Outside } from './parts';
import { t } from './strings';

const s = t.imports;

/** LIMIT_IMPORT_BYTES and LIMIT_PEOPLE_BYTES: what is larger is not even sent. */
const maxBytes = 4 * 1024 * 1024;

const plainWord = (_: string, value: Fields[string]): string =>
  value === '' || value === null || value === undefined ? t.none : String(value);

/** How a file is checked and loaded below @path, by the id of its preview. */
const sentTo = <A extends ChangesAnswer & { id: string | null }>(path: string) =>
  ({
    check: ({ bytes: body }, signal) => write('POST', `${path}/imports`, { body, signal }),
    load: ({ bytes: body }, { id }, key, signal) =>
      write('POST', `${path}/imports/${id}/commit`, { body, key, signal }),
  }) satisfies Partial<ImportKind<A>>;

/** What all of a file would change. */
const told = <A extends ChangesAnswer & { changes: { unchanged: number } }>(look: Look) =>
  ({
    changes: ({ n_sites }) => n_sites,
    brief: ({ changes }) => changesOf(look, changes),
    sentence: ({ is_loaded, n_problems, changes }) =>
      n_problems > 0
        ? s.wrong(n_problems)
        : s[is_loaded ? 'done' : 'would'](changesOf(look, changes), changes.unchanged),
    Shown: (props) => <Changes look={look} {...props} />,
  }) satisfies Partial<ImportKind<A>>;

// --- devices of an inventory -------------------------------------------------

const inventory = t.import_inventory;
const oneOf = inventory.one_of;

const inventoryLook: Look = {
  thing: s.device,
  caption: inventory.title,
  captionOf: inventory.caption,
  changes: inventory.changes,
  fields: inventory.fields,
  wordOf: (field, value) =>
    field === 'role'
      ? t.roles[value as keyof typeof t.roles]
      : typeof value === 'boolean'
        ? value
          ? t.yes
          : t.no
        : plainWord(field, value),
  nameOf: ({ host_name, asset_tag, serial }) => String(host_name || asset_tag || serial || ''),
  // What is removed has no page any more.
  linkOf: ({ change, device, after, site }, isLoaded) =>
    change === 'new'
      ? isLoaded
        ? roomRows(site, (after as { room: string }).room)
        : ''
      : device && change !== 'removed'
        ? deviceLink(device)
        : '',
  siteLink: (site, name) => ({ href: inventoryRows(site), text: inventory.to_site(name) }),
  counts: inventory.counts,
};

export const inventoryKind: ImportKind<InventoryImport> = {
  id: 'inventory',
  action: 'mend_inventory',
  title: inventory.title,
  what: inventory.what,
  explain: inventory.explain,
  template: { href: '/v1/inventory/template.csv', name: 'inventory.csv' },
  columns: inventory.columns,
  needed: { site_code: s.needed, asset_tag: oneOf, serial: oneOf, host_name: oneOf },
  load_text: inventory.load,
  loaded_text: inventory.loaded,
  maxBytes,
  ...sentTo<InventoryImport>('/v1/inventory'),
  ...told<InventoryImport>(inventoryLook),
  takesAway: ({ changes: n }) => n.removed + n.unexpected + n.moved > 0,
};

// --- LEAs and sites, rooms ---------------------------------------------------

const sites = t.import_sites;

const sitesLook: Look = {
  thing: sites.thing,
  caption: sites.caption,
  captionOf: () => sites.caption,
  changes: sites.changes,
  fields: { ...sites.columns, ...sites.fields },
  wordOf: plainWord,
  nameOf: ({ site_name }, code) => String(site_name ?? code),
  linkOf: ({ change, site }, isLoaded) => (isLoaded || change !== 'new' ? siteLink(site) : ''),
  siteLink: (site, name) => ({ href: siteLink(site), text: name }),
  counts: sites.counts,
  isFlat: true,
};

/** What is loaded as it is, if somebody says so. */
const Warnings = ({ warnings }: Pick<SiteImport, 'warnings'>) =>
  warnings.length > 0 && (
    <ul class="notice tone-warning" aria-label={sites.warnings} data-warnings>
      {warnings.map(({ line, text }) => (
        <li key={line}>
          {s.line} {line}: <Outside text={said(text)} />
        </li>
      ))}
    </ul>
  );

export const sitesKind: ImportKind<SiteImport> = {
  id: 'sites',
  action: 'mend_sites',
  title: sites.title,
  what: sites.what,
  explain: sites.explain,
  template: { href: '/v1/sites/template.csv', name: 'sites.csv' },
  columns: sites.columns,
  needed: {
    lea_code: s.needed,
    lea_name: s.needed,
    site_code: s.needed,
    site_name: s.needed,
    ...Object.fromEntries(
      ['programme', 'first', 'last', 'profile'].map((name) => [name, sites.all_of]),
    ),
  },
  load_text: sites.load,
  loaded_text: sites.loaded,
  maxBytes,
  ...sentTo<SiteImport>('/v1/sites'),
  ...told<SiteImport>(sitesLook),
  Shown: (props) => (
    <>
      <Warnings warnings={props.answer.warnings} />
      <Changes look={sitesLook} {...props} />
    </>
  ),
  takesAway: () => false,
};

const rooms = t.import_rooms;

const roomsLook: Look = {
  thing: rooms.thing,
  caption: rooms.title,
  captionOf: rooms.caption,
  changes: rooms.changes,
  fields: rooms.fields,
  wordOf: plainWord,
  nameOf: ({ room }) => String(room ?? ''),
  linkOf: ({ change, site, before, after }, isLoaded) =>
    change !== 'removed' && (isLoaded || change !== 'new')
      ? roomRows(site, ((after ?? before) as { room: string }).room)
      : '',
  siteLink: (site, name) => ({ href: siteLink(site), text: rooms.to_site(name) }),
  counts: rooms.counts,
};

export const roomsKind: ImportKind<RoomImport> = {
  id: 'rooms',
  action: 'mend_inventory',
  title: rooms.title,
  what: rooms.what,
  explain: rooms.explain,
  template: { href: '/v1/rooms/template.csv', name: 'rooms.csv' },
  columns: rooms.columns,
  needed: { site_code: s.needed, room: s.needed },
  load_text: rooms.load,
  loaded_text: rooms.loaded,
  maxBytes,
  ...sentTo<RoomImport>('/v1/rooms'),
  ...told<RoomImport>(roomsLook),
  takesAway: ({ changes: n }) => n.removed > 0,
};

// --- roles of people ---------------------------------------------------------

export const peopleKind: ImportKind<PeopleImport> = {
  id: 'people',
  action: 'give_roles',
  title: t.import_people.title,
  what: t.import_people.what,
  explain: t.import.explain,
  template: { href: '/v1/people/template.csv', name: 'people.csv' },
  columns: t.import_people.columns,
  needed: { login: s.needed, role: s.needed, scope: s.needed },
  load_text: t.import.load,
  loaded_text: t.import.loaded,
  maxBytes,
  check: ({ bytes: body }, signal) =>
    write('POST', '/v1/people/import?validate=true', { body, signal }),
  load: ({ bytes: body }, _, key, signal) =>
    write('POST', '/v1/people/import', { body, key, signal }),
  changes: ({ made, changed }) => made + changed,
  takesAway: () => false,
  brief: peopleSentence,
  sentence: peopleSentence,
  Shown: PeopleChanges,
};
