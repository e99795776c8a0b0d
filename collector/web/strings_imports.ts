// SPDX-License-Identifier: Apache-2.0
// The words of inventories and of loading files. A part of the strings in strings.ts.

import { count } from './strings_count';

const devices = (n: number) => count(n, 'device', 'devices');
const schools = (n: number) => count(n, 'school', 'schools');

const number = (n: number): string => n.toLocaleString('en-US');
const counts = {
  new: (n: number) => `${number(n)} new`,
  changed: (n: number) => `${number(n)} changed`,
};
const removed = { removed: (n: number) => `${number(n)} removed` };

export const imports = {
  imports_nav: { inventory: 'Inventory', imports: 'Import files' },

  inventory: {
    title: 'Inventory',
    title_of: (site: string) => `Inventory of ${site}`,
    explain:
      'What the inventory lists beside what was seen. Each device that somebody has to do something ' +
      'about is here once, under the first kind that it is.',
    fits: (expected: number, days: number) =>
      `Everything fits: each of the ${devices(expected)} expected was heard of in the last ${days} days.`,
    fits_none: 'No device is expected and none was seen.',
    fits_not: (n: number, expected: number) =>
      `${count(n, 'device or line does', 'devices or lines do')} not fit; ${devices(expected)} are expected.`,
    no_inventory:
      'This school has no inventory, so every device that enrolls is expected and nothing can be ' +
      'missing. Load one, and what is missing shows here.',
    no_inventory_ask:
      'This school has no inventory, so every device that enrolls is expected and nothing can be ' +
      'missing. Ask whoever looks after the school’s devices to load one.',
    numbers: 'Numbers',
    expected: 'Devices expected',
    all: 'All that does not fit',
    kinds: {
      twice: 'Twice',
      moved: 'Moved',
      unexpected: 'Unexpected',
      retired: 'Retired, but reports',
      never_seen: 'Never seen',
      not_since: 'Not seen lately',
    },
    kind_notes: {
      twice: 'one machine seems to be two rows',
      moved: 'listed at one school, seen at another',
      unexpected: 'seen here, not in the inventory',
      retired: 'heard of since it was retired; it counts nowhere',
      never_seen: 'expected, and nothing was ever heard of it',
      not_since: 'expected, and nothing was heard of it for too long',
    },
    rows: (n: number) => count(n, 'row', 'rows'),
    rows_more: (n: number) => `the first ${count(n, 'row', 'rows')}; there are more`,
    caption: (what: string, site: string) => `${what}: ${site}`,
    none_fits: 'Nothing is of this kind.',
    nothing: 'Nothing is left to do here.',
    days: 'Missing is what was not heard of for',
    days_words: (n: number) => count(n, 'day', 'days'),
    show: 'Show',
    filter_lea: 'District',
    all_leas: 'All that you may see',
    columns: {
      kind: 'What',
      device: 'Device',
      room: 'Room',
      state: 'State',
      seen: 'Last report',
      to_do: 'What to do',
      school: 'School',
      expected: 'Expected',
    },
    line: 'a line that no device has claimed',
    other: 'the other one:',
    at: ' at ',
    file: 'These rows as a CSV file',
    files: 'All rows of all schools as a CSV file',
    to_import: 'Load an inventory',
    all_explain:
      'For each school what the inventory lists beside what was seen. Each number opens the rows that ' +
      'it counts.',
    sentence: (wrong: number, all: number) =>
      wrong === 0
        ? `At ${all === 1 ? 'the school' : `all ${schools(all)}`} the inventory and what was seen fit together.`
        : `At ${number(wrong)} of ${schools(all)} the inventory and what was seen do not ` +
          'fit together.',
    so_far: ' These are the schools loaded so far; use “Show more” for the rest.',
    without: (n: number) => `${count(n, 'school has', 'schools have')} no inventory yet.`,
    has_none: 'no inventory yet',
    all_caption: 'Schools, by code',
    some_caption: (kind: string, n: number) => `Schools with ${kind}: ${number(n)}`,
    show_all: 'Show all schools',
    none_with: 'No school has any.',
    no_schools: 'You see no school yet.',
    of_school: (what: string, site: string) => ` ${what} at ${site}`,
    site_link: 'Inventory against what was seen',
    site_import: 'Load an inventory',
  },

  imports: {
    title: 'Import files',
    explain:
      'A file is checked first: you see what is wrong with it, then what it would change, and nothing ' +
      'is stored before you say so.',
    which: 'What to import',
    refused:
      'Your roles do not let you import anything; ask whoever gave them to you.',
    refused_one: (what: string) =>
      `Your roles do not let you import ${what}; ask whoever gave them to you.`,
    steps: 'How it goes',
    template: 'Get the template',
    template_note: 'and fill it in, one row each; save it as “CSV UTF-8”.',
    columns: 'What each column means',
    column: 'Column',
    meaning: 'What it means',
    needed: 'needed',
    choose: 'Choose the file below and check it.',
    say_yes: 'Look at what it would change, then load it.',
    file: 'CSV file',
    drop: 'or drop it here',
    dropping: 'Let go to check this file.',
    missing: 'Choose the file.',
    one_file: 'Drop one file, not several.',
    empty_file: (name: string) => `${name} is empty.`,
    too_large: (size: string, most: string) =>
      `The file has ${size}, and at most ${most} are taken here. Split it by school and load one part ` +
      'after the other, or give it to whoever runs the collector.',
    mib: (bytes: number) =>
      `${(bytes / 1024 / 1024).toLocaleString('en-US', { maximumFractionDigits: 1 })} MiB`,
    look: 'Check the file',
    looking: 'Checking…',
    loading: 'Loading…',
    checking_of: (name: string) => `Checking ${name}. You may go to another page and come back.`,
    loading_of: (name: string) =>
      `Loading ${name}. You may go to another page: it is loaded all the same, or not at all.`,
    seconds: (n: number) => count(n, 'second', 'seconds'),
    stop: 'Stop',
    stopped: 'Stopped. Nothing was stored.',
    looked: (name: string) => `What ${name} would do`,
    wrong_title: (name: string) => `What is wrong with ${name}`,
    wrong: (n: number) =>
      `${count(n, 'thing is', 'things are')} wrong, so nothing can be loaded. Mend the file and check ` +
      'it again.',
    would: (changes: string, unchanged: number) =>
      `${changes}; ${number(unchanged)} unchanged. Nothing is stored yet.`,
    done: (changes: string, unchanged: number) => `${changes}; ${number(unchanged)} unchanged.`,
    no_change: 'no change',
    lost:
      'The answer did not come, so it is not known whether the file is loaded. Press the button once ' +
      'more: what is loaded already is not loaded twice.',
    again: 'Check the same file again',
    changed_title: 'Something has changed since you looked',
    changed: (before: string, now: string) =>
      `Somebody changed in between what this file touches; nothing was loaded. Before it was: ${before}. ` +
      `Now it is: ${now}. Look at it once more, and load it if it is still right.`,
    changed_rows: 'What is new in the list below is marked.',
    differs: 'new since you looked',
    rows: 'Rows that are wrong',
    rows_note: 'The first line of the file is the table’s head; the cell that is wrong is marked.',
    line: 'Line',
    wrong_cell: 'wrong: ',
    more_columns: (n: number) => `and ${n} more`,
    more_wrong: (n: number) => `And ${count(n, 'thing', 'things')} more, which are not shown.`,
    empty_cell: '(empty)',
    more_rows: (n: number) => `And ${count(n, 'change', 'changes')} more at this school.`,
    more_schools: (n: number) => `And changes at ${schools(n)} more.`,
    not_shown: 'Too many to show each.',
    change: 'Change',
    before_after: 'Before → after',
    device: 'Device',
    nothing: 'Nothing would change: everything in the file is so already.',
    another: 'Import another file',
  },

  import_inventory: {
    title: 'Devices of an inventory',
    what: 'inventories',
    explain:
      'The file is the whole inventory of each school in it: a device that it leaves out is not ' +
      'expected there any more. Schools that are not in the file stay as they are. Nothing is deleted ' +
      'that ever reported.',
    load: 'Load this inventory',
    loaded: 'The inventory is loaded',
    columns: {
      site_code: 'Code of the school',
      asset_tag: 'Label on the device',
      serial: 'Serial number of the maker',
      host_name: 'Name of the computer',
      role: 'student, ta (test administrator), shared or spare; empty: student',
      room: 'Where it stands; empty: no room',
    },
    one_of: 'one of these three',
    counts: {
      ...counts,
      ...removed,
      unexpected: (n: number) => `${number(n)} not expected any more`,
      moved: (n: number) => `${number(n)} listed at another school now`,
    },
    caption: (site: string) => `Changes at ${site}`,
    changes: {
      new: 'New',
      changed: 'Changed',
      removed: 'Removed: it is not in the file, and nobody enrolled for it',
      unexpected: 'Not expected any more: it is not in the file',
      moved: 'Not expected here any more: the file lists its serial number at another school',
    },
    fields: {
      asset_tag: 'Asset tag',
      serial: 'Serial number',
      host_name: 'Host name',
      room: 'Room',
      role: 'Role',
      expected: 'Expected',
    },
    to_site: (site: string) => `See the inventory of ${site}`,
  },

  import_sites: {
    title: 'Districts and schools',
    what: 'districts and schools',
    warnings: 'Look at this before you load it',
    explain:
      'One row a school, with its district. What a column would say stays as it is where the column ' +
      'is missing, and schools that are not in the file stay as they are. Write codes as text: a ' +
      'spreadsheet that takes them for numbers cuts their first zeros off.',
    thing: 'School',
    caption: 'Schools that change',
    load: 'Load these schools',
    loaded: 'The schools are loaded',
    all_of: 'a window has all of programme, first, last and profile',
    columns: {
      lea_code: 'Code of the district',
      lea_name: 'Name of the district',
      lea_coordinator_name: 'Test coordinator of the district: name',
      lea_coordinator_email: 'Test coordinator of the district: e-mail',
      lea_coordinator_phone: 'Test coordinator of the district: telephone',
      site_code: 'Code of the school',
      site_name: 'Name of the school',
      zone: 'Time zone, such as America/Los_Angeles',
      coordinator_name: 'Coordinator of the school: name',
      coordinator_email: 'Coordinator of the school: e-mail',
      coordinator_phone: 'Coordinator of the school: telephone',
      technology_name: 'Technology contact: name',
      technology_email: 'Technology contact: e-mail',
      technology_phone: 'Technology contact: telephone',
      tracks: 'Names of the tracks, with “; ” between them',
      programme: 'Testing window: programme',
      window_track: 'Testing window: track',
      first: 'Testing window: first day, such as 2027-04-12',
      last: 'Testing window: last day',
      profile: 'Testing window: which requirements judge the devices',
    },
    /** Where a value follows, and no example is needed. */
    fields: {
      zone: 'Time zone',
      tracks: 'Tracks',
      first: 'Testing window: first day',
      profile: 'Testing window: requirements',
    },
    changes: { new: 'New', changed: 'Changed' },
    counts,
  },

  import_rooms: {
    title: 'Rooms of schools',
    what: 'rooms of schools',
    explain:
      'All rooms of each school in the file: one that it leaves out is not listed any more. Devices ' +
      'keep the room that they name. Schools that are not in the file stay as they are.',
    thing: 'Room',
    caption: (site: string) => `Rooms of ${site} that change`,
    load: 'Load these rooms',
    loaded: 'The rooms are loaded',
    columns: {
      site_code: 'Code of the school',
      room: 'Name of the room, as the inventory has it',
      track: 'The track that tests there; empty: none',
      seats: 'How many seats it has; empty: that is not known',
    },
    fields: { track: 'Track', seats: 'Seats' },
    changes: { new: 'New', changed: 'Changed', removed: 'Removed: it is not in the file' },
    counts: { ...counts, ...removed },
    to_site: (site: string) => `See ${site}`,
  },

  import_people: {
    title: 'Roles of people',
    what: 'roles of people',
    columns: {
      login: 'What the person signs in with',
      name: 'Their name, for those who have no account yet',
      role: 'admin, lea_coordinator, tech_coordinator, site_coordinator or viewer',
      scope: 'state, lea or site: where the role holds',
      code: 'Code of that district or school; empty for the state',
    },
  },
};
