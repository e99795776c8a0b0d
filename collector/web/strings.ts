// SPDX-License-Identifier: Apache-2.0
// Every word that the pages say themselves, in one place, in English. strings_es.ts has the same
// in Spanish: an object of the type `Strings`, so TypeScript names each sentence that it lacks.
// What comes from the API (sentences, titles, fixes) is English: see told.ts.

import type { ApiWords } from './told';
import { language } from './language';
import { auditNames } from './strings_audit';
import { count } from './strings_count';
import { empty } from './strings_empty';
import { imports } from './strings_imports';
import { people } from './strings_people';
import { lea } from './strings_lea';
import { placement } from './strings_placement';
import { proposals } from './strings_proposals';
import { signOnFailed } from './strings_sign_on';

export const en = {
  locale: 'en-US',
  /** Words for what the API says, where the page is not in the API's language. */
  told: null as ApiWords | null,
  app: 'Testready',
  skip: 'Skip to the content',
  sign_out: 'Sign out',
  breadcrumb: 'You are here',
  places: 'Pages',
  loading: 'Loading…',
  retry: 'Try again',
  show_more: 'Show more',
  shown_more: (n: number) => `${count(n, 'row is', 'rows are')} shown now.`,
  more_exist: (n: number) => `The first ${count(n, 'row is', 'rows are')} shown; there are more.`,
  order_changed: 'The order has changed since you opened this page.',
  sort_again: 'Sort again',
  scroll_hint: 'Table; scrolls sideways',
  none: 'none',
  empty_value: '–',
  yes: 'Yes',
  no: 'No',
  as_of: 'As of',
  unchanged_at: (time: string) => `; nothing had changed at ${time}`,
  live: 'This page updates by itself.',
  not_updated: 'This page could not be updated; it shows what was true at the time below.',
  unreachable: 'The collector did not answer. Check your network, then try again.',
  unexpected_answer: (status: number) =>
    `The collector answered ${status} without saying why. Try again.`,
  failed_title: 'This page could not be loaded',
  not_found_title: 'There is no such page',
  not_found: 'The address may have been cut off. Go to the overview and look for the school there.',
  not_found_why: 'It may be gone, or your roles may not cover it.',
  to_overview: 'Go to the overview',
  updated: (sentence: string) => `Updated: ${sentence}`,

  ...people,
  audit_names: auditNames,
  sign_on_failed: signOnFailed,
  lea,
  placement,
  empty,
  proposals,
  ...imports,

  states: {
    retired: 'Retired',
    conflict: 'Conflict',
    never_seen: 'Never seen',
    stale: 'Stale',
    not_ready: 'Not ready',
    unknown: 'Unknown',
    ready_with_warnings: 'Ready with warnings',
    ready: 'Ready',
  },
  results: {
    pass: 'Pass',
    fail: 'Fail',
    unknown: 'Unknown',
    not_applicable: 'Not applicable',
    waived: 'Waived',
  },
  severities: { required: 'Required', recommended: 'Recommended' },
  roles: { student: 'Student', ta: 'Test administrator', shared: 'Shared', spare: 'Spare' },

  groups: {
    ready: 'Ready',
    needs_work: 'Needs work',
    unknown_or_stale: 'Unknown or stale',
  },

  overview: {
    title: 'Overview',
    totals: 'Totals',
    schools: 'Schools',
    certifiable: 'Certifiable',
    not_certifiable: 'Not certifiable',
    expected: 'Devices expected',
    unexpected: 'Not in the inventory',
    caption: 'Schools, highest risk first',
    begin_with: (school: string) => `Begin with ${school}: its risk is the highest.`,
    caption_note: 'Each number opens the devices that it counts.',
    filter: 'Find a school',
    filter_hint: 'Name, code or district',
    showing: (shown: number, loaded: number) =>
      `Showing ${shown.toLocaleString('en-US')} of ${count(loaded, 'school', 'schools')}`,
    showing_all: (n: number) => `Showing ${count(n, 'school', 'schools')}`,
    loaded_only: 'Only the schools loaded so far are searched; use “Show more” for the rest.',
    shows: {
      certifiable: 'certifiable now',
      not_certifiable: 'not certifiable yet',
      ready: 'with ready devices',
      needs_work: 'with devices that need work',
      unknown_or_stale: 'with unknown or stale devices',
      unexpected: 'with devices that the inventory does not list',
    },
    clear: 'Show all schools',
    no_match: 'No school fits. Change the text above, or show all schools.',
    columns: {
      school: 'School',
      window: 'Testing window',
      weekdays: 'Weekdays left',
      ready: 'Ready',
      expected: 'Expected',
      needs_work: 'Needs work',
      unknown_or_stale: 'Unknown or stale',
      coverage: 'Coverage',
      browser: 'Browser',
      certifiable: 'Certifiable',
    },
    judging: 'new requirements are being applied',
    judging_sites: (n: number) =>
      `New requirements are being applied at ${count(n, 'school', 'schools')}: the numbers there ` +
      'still change, and it cannot be certified before that is done.',
    coverage_of: (fresh: number, expected: number) =>
      `, ${fresh} of ${expected} have a fresh report`,
    browser_of: (current: number, expected: number) =>
      `, ${current} of ${expected} have this year’s secure browser`,
    devices_of: (what: string, school: string) => ` ${what} at ${school}`,
  },

  window: {
    none: 'No window set',
    range: (first: string, last: string) => `${first} – ${last}`,
    open: 'Testing now',
    over: 'Over',
    before: (weekdays: number) => `${count(weekdays, 'weekday', 'weekdays')} left`,
    label: 'Testing window',
  },

  site: {
    next: 'Next:',
    tiles: 'Devices at a glance',
    expected: (n: number) => count(n, 'device expected', 'devices expected'),
    devices: (n: number) => count(n, 'device', 'devices'),
    unexpected: (n: number) =>
      count(
        n,
        'device reports but is not in the inventory',
        'devices report but are not in the inventory',
      ),
    work: 'Work list',
    work_note: 'In the order that makes the most devices ready per minute.',
    minutes: (n: number) => `about ${n.toLocaleString('en-US')} min`,
    hours: (hours: string) => `about ${hours} h`,
    room: 'room ',
    rooms: 'rooms ',
    and: ' and ',
    comma: ', ',
    no_room: 'no room',
    makes_ready: (n: number) => `makes ${count(n, 'device', 'devices')} ready`,
    makes_none: 'more is needed before these are ready',
    recommended: 'recommended',
    rules: 'Certification',
    certifiable: 'Every rule is met: this school can be certified now.',
    not_certifiable: (met: number, all: number) => `${met} of ${all} rules are met.`,
    met: 'Met',
    not_met: 'Not met',
    see_rows: 'See these devices',
    contacts_title: 'Contacts',
    contacts: {
      coordinator: 'Site coordinator',
      technology: 'Technology contact',
      lea_coordinator: 'District coordinator',
    },
    contacts_none: 'Nobody is named yet. A file of schools names them, see Import files.',
    room_seats: (n: number) => `${n} ${n === 1 ? 'seat' : 'seats'}`,
    room_track: (name: string) => `track ${name}`,
    room_undeclared: 'only devices name this room',
    rooms_title: 'Rooms',
    rooms_caption: 'Ready devices by room',
    devices_title: 'Devices',
    columns: { room: 'Room', expected: 'Expected', ready: 'Ready', missing: 'Not ready yet' },
    all_devices: 'All devices on a page of their own',
    waived_part: 'of the ready ones: something fails and is accepted',
    requirements: 'Requirements',
    version: (version: string) => `version ${version}`,
    read_them: 'read them',
    beyond: 'with what is asked beyond them:',
    waivers: (n: number) => count(n, 'waiver', 'waivers'),
    judging: (n: number) =>
      `New requirements are being applied: ${count(n, 'device', 'devices')} left. Until then the ` +
      'numbers are of the old and the new ones, and this school cannot be certified.',
    judged: 'New requirements were applied to every device.',
    no_profile: 'None are published for this school’s window, so devices cannot be judged.',
    browser: 'Secure browser',
    coverage: 'Coverage',
    state_of: (n: number, state: string) => `${n.toLocaleString('en-US')} ${state.toLowerCase()}`,
  },

  devices: {
    title: 'Devices',
    caption: (site: string) => `Devices of ${site}`,
    count: (n: number) => count(n, 'device', 'devices'),
    count_more: (n: number) => `The first ${count(n, 'device', 'devices')}; there are more`,
    count_of: (n: number, total: number) =>
      `${count(total, 'device', 'devices')}, of which the first ${n.toLocaleString('en-US')} are shown`,
    all: 'All devices',
    show_all: 'Show all devices of this school',
    filters: 'Shown are devices that',
    by_state: (states: string) => `are ${states}`,
    by_fix: (fix: string) => `need: ${fix}`,
    by_requirement: (requirement: string) => `do not pass ${requirement}`,
    by_passes: (requirement: string) => `pass ${requirement} and have a fresh report`,
    by_room: (room: string) => `are in room ${room}`,
    by_no_room: 'have no room',
    by_expected: 'are expected',
    by_unexpected: 'report but are not in the inventory',
    by_waived: 'have something that fails and is waived',
    by_not_waived: 'have nothing waived',
    by_waives: (requirement: string) => `fail ${requirement}, which is waived`,
    or: ' or ',
    empty: 'No device fits. It may have been fixed since the number was shown.',
    columns: {
      device: 'Device',
      room: 'Room',
      role: 'Role',
      state: 'State',
      since: 'Since',
      seen: 'Last report',
      needs: 'Does not pass',
    },
    waived: 'Waived:',
    never: 'never',
    unlisted: 'not in the inventory',
    needs_more: (n: number) => `and ${n} more`,
    serial: (text: string) => `Serial ${text}`,
    asset: (text: string) => `Asset ${text}`,
  },

  device: {
    next: 'Next:',
    unnamed: (id: string) => `Device ${id.slice(0, 8)}`,
    verdicts: {
      retired: 'This device is retired; it counts nowhere.',
      conflict: 'Two devices report with this device’s key, so none of its reports count.',
      never_seen: 'This device is in the inventory but has never reported.',
      stale: 'This device’s last report is too old to count.',
      not_ready: (n: number) =>
        `This device is not ready: ${count(n, 'required thing fails', 'required things fail')}.`,
      unknown: (n: number) =>
        'It is not known whether this device is ready: ' +
        `${count(n, 'required thing', 'required things')} could not be seen.`,
      unjudged: 'It is not known whether this device is ready: nothing has judged it yet.',
      nothing_required:
        'It is not known whether this device is ready: nothing is required of a device of its role.',
      ready_with_warnings: (warnings: number, waived: number) =>
        `This device is ready, with ${[
          ...(warnings || !waived ? [count(warnings, 'warning', 'warnings')] : []),
          ...(waived ? [`${count(waived, 'requirement', 'requirements')} waived`] : []),
        ].join(' and ')}.`,
      ready: 'This device is ready.',
    },
    actions: {
      retired: 'If it is there again, restore it below.',
      conflict: 'Enroll the second device again so that it gets a key of its own.',
      never_seen: 'Find the device, switch it on, and install and enroll the agent on it.',
      stale: 'Switch the device on and let it reach the network; it reports by itself.',
      unknown: 'Look at the reasons below; the agent could not observe everything.',
      unjudged: 'Open the school: it says what is missing to judge its devices.',
      nothing_required: 'See that its role is right, and that the profile is the one for this test.',
      ready: 'Nothing to do.',
      waived: (day: string) =>
        `Nothing to do until ${day}, when the first waiver ends; better fix what fails before.`,
    },
    results: 'Requirements',
    results_caption: 'Requirements and what was observed',
    results_empty: 'Nothing has been judged yet: there is no report or no profile.',
    columns: {
      requirement: 'Requirement',
      result: 'Result',
      observed: 'Observed',
      needed: 'Needed',
      since: 'Since',
      fix: 'Fix',
    },
    minutes: (n: number) => `(${count(n, 'minute', 'minutes')})`,
    find_out: 'First find out why this could not be seen.',
    source: 'Source:',
    waived_until: (day: string) => `Waived until ${day}:`,
    waived_by: (who: string) => `by ${who}`,
    waive: 'Waive…',
    waive_what: (title: string) => ` ${title}`,
    version: (version: string) => `version ${version}`,
    facts: 'What exactly is collected',
    facts_note:
      'All the facts of the last report. Nothing else was sent, and nothing about students.',
    facts_empty: 'No report has arrived, so nothing is stored.',
    fact_unknown: 'Unknown',
    fact_empty_list: 'none found',
    history: 'History',
    history_caption: 'Changes of results, newest first',
    first_judged: (n: number) => `${count(n, 'requirement', 'requirements')} judged for the first time`,
    left_out: (n: number) =>
      `${count(n, 'change', 'changes')} before this one on the same day ${n === 1 ? 'is' : 'are'} not kept`,
    history_empty: 'No result has changed yet.',
    history_columns: { at: 'When', requirement: 'Requirement', from: 'From', to: 'To' },
    not_judged: 'not judged',
    about: 'About this device',
    labels: {
      state: 'State',
      site: 'School',
      room: 'Room',
      role: 'Role',
      model: 'Model',
      serial: 'Serial',
      asset_tag: 'Asset tag',
      since: 'Since',
      seen: 'Last report',
      enrolled: 'Enrolled',
      agent: 'Agent',
      id: 'Device id',
      profile: 'Requirements',
      expected: 'In the inventory',
    },
  },

  profiles: {
    title: 'Requirements',
    verdict: (n: number) =>
      n === 1
        ? 'The requirements of 1 programme are published.'
        : `The requirements of ${n.toLocaleString('en-US')} programmes are published.`,
    all_applied: 'No device waits to be judged again.',
    judging: (devices: number, sites: number) =>
      `New ones are being applied: ${count(devices, 'device', 'devices')} of ` +
      `${count(sites, 'school', 'schools')} left.`,
    caption: 'Published requirements',
    columns: {
      programme: 'Programme and year',
      version: 'Version',
      published: 'Published',
      sites: 'Schools',
      judging: 'Devices still to be judged',
    },
    unreadable: 'This version of the collector cannot read it. Publish it again.',
    empty_title: 'No requirements are published yet',
    empty: 'Publish those of the programme on the machine of the collector:',
    empty_command: 'testready-collector profile publish --wait FILE',
  },

  profile: {
    site: (name: string) => `What ${name} is judged by`,
    everyone: 'Read them without what this school has of its own',
    intro: (required: number, recommended: number) =>
      `${count(required, 'requirement', 'requirements')} must be met for a device to be ready, and ` +
      `${recommended.toLocaleString('en-US')} more ${recommended === 1 ? 'is' : 'are'} recommended.`,
    labels: {
      version: 'Version',
      published: 'Published',
      sites: 'Schools',
      source: 'Source',
      fresh: 'A report counts as fresh for',
      coverage: 'Devices with a fresh report',
      devices: 'Devices that are ready',
      browser: 'Devices with this year’s secure browser',
      latest: 'Last day of a window, at the latest',
      weekdays: 'Length of a window',
      servers: 'Servers that each device tries',
    },
    role: 'Show for',
    all_roles: 'All devices',
    showing: (n: number, role: string) =>
      `${count(n, 'requirement', 'requirements')} ${n === 1 ? 'is' : 'are'} for: ${role}`,
    required: 'Required',
    required_note: 'A device that fails one of these is not ready.',
    recommended: 'Recommended',
    recommended_note: 'A device that fails one of these is ready, with a warning.',
    captions: {
      required: 'What a device must have',
      recommended: 'What a device should have',
    },
    none: 'None for these devices.',
    columns: { requirement: 'Requirement', needed: 'Needed', fix: 'Fix', origin: 'Who asks it' },
    applies: 'Applies with',
    programme: 'The programme',
    asked_by: { state: 'The programme', lea: 'District', site: 'School' },
    waived: 'Waived here',
    waivers: (n: number) => count(n, 'active waiver', 'active waivers'),
    waive: 'Waive…',
    supplements: 'Asked beyond the programme',
    tables: 'What is supported',
    table_caption: (name: string) => `Table “${name}”`,
    table_columns: { what: 'What', support: 'Support', from: 'From', until: 'Until', note: 'Note' },
    tiers: { full: 'Full', limited: 'Limited', unsupported: 'Not supported' },
    except: (versions: string) => `but not ${versions}`,
    pair: (name: string, value: string) => `${name} ${value}`,
    range: (first: string, last: string) => (last ? `${first} to ${last}` : `${first} or newer`),
    freshness: 'How old a report may be',
    hours: (n: number) => count(n, 'hour', 'hours'),
    days: (n: number) => count(n, 'day', 'days'),
    fresh: (usual: string, week: string, day: string) =>
      `${usual}; ${week} in the week before a window and while it is open; ${day} on the day ` +
      'before it and on its first day',
    certification: 'What a school must reach to be certified',
    percent: (n: number) => `${n}%`,
    weekdays: (n: number) => `at least ${count(n, 'weekday', 'weekdays')}`,
    history: 'Versions',
    history_caption: 'What was published, newest first',
    history_columns: {
      version: 'Version',
      published: 'Published',
      title: 'Title',
      current: 'Holds now',
    },
  },

  waivers: {
    title: 'Waivers',
    verdict: {
      active: (n: number, more: string) =>
        n === 0
          ? 'No waiver is active: nothing that fails is accepted.'
          : `${count(n, 'waiver is', 'waivers are')} active${more}.`,
      others: (n: number, more: string) => `${count(n, 'waiver', 'waivers')}${more}.`,
      more: ', and more below',
    },
    explain:
      'A waiver makes a failing requirement count as waived for a school, a district or the whole ' +
      'state until its last day. It never makes an unknown count, and it counts only where its last ' +
      'day is not before the last day of the school’s window. Somebody answers for it by name.',
    states: {
      active: 'Active',
      proposed: 'Proposed',
      over: 'Over',
      revoked: 'Revoked',
      declined: 'Declined',
      withdrawn: 'Withdrawn',
      moot: 'Proposed for nothing',
      all: 'All',
    },
    which: 'Which waivers',
    caption: {
      active: 'Active waivers, oldest first',
      over: 'Waivers whose last day is over',
      revoked: 'Revoked waivers',
      all: 'All waivers, oldest first',
    },
    of_profile: (profile: string) => `Only those of ${profile}.`,
    show_all: 'Show those of all programmes',
    empty: {
      active: 'There is none. If a school has to test although something fails, waive it below.',
      over: 'There is none.',
      revoked: 'There is none.',
      all: 'There is none yet.',
    },
    columns: {
      requirement: 'Requirement',
      scope: 'For',
      reason: 'Reason',
      until: 'Last day',
      who: 'Who',
      devices: 'Devices it makes count',
      act: 'Change',
    },
    scopes: { state: 'The whole state', lea: 'District', site: 'School' },
    over_on: 'over',
    revoked: (time: string, who: string) => `revoked ${time} by ${who}`,
    gone: 'no longer required',
    not_counted: 'not counted',
    devices_of: (title: string) => ` devices with ${title}`,
    revoke: 'Revoke',
    revoke_what: (title: string) => ` the waiver of ${title}`,
    confirm: (devices: number | null) =>
      devices === null
        ? 'Revoke it? Devices that fail this are not ready any more.'
        : `Revoke it? ${count(devices, 'device', 'devices')} may then not be ready.`,
    yes_revoke: 'Yes, revoke',
    keep: 'Keep it',
    revoked_now: (title: string) => `Revoked: ${title}.`,
    waived_now: (title: string) => `Waived: ${title}.`,
    reach: (devices: number, sites: number) =>
      devices === 0
        ? 'No device is judged otherwise by this.'
        : `${count(devices, 'device', 'devices')} of ${count(sites, 'school', 'schools')} ` +
          `${devices === 1 ? 'is' : 'are'} being judged again.`,
    too_short: (sites: number) =>
      ` At ${count(sites, 'school', 'schools')} it does not count: the window there ends after its ` +
      'last day.',
    undo: 'Take it back: waive it again',
    undone: (title: string) => `Waived again: ${title}.`,
    form_title: 'Waive a requirement',
    form_empty: 'No requirements are published, so there is nothing to waive.',
    all_needed: 'Everything here is needed.',
    fields: {
      profile: 'Programme and year',
      requirement: 'Requirement',
      scope: 'For whom',
      code: 'Code of the district or school',
      reason: 'Reason',
      who: 'Who answers for it',
      until: 'Last day',
    },
    hints: {
      code: 'The state’s code, as on the page of the school.',
      reason: 'Why it is acceptable. The devices show it; no names, please.',
      who: 'Name and office. Only staff see it.',
      until: 'The last day of the window or later, and 31 July at the latest.',
    },
    choose: 'Choose one',
    missing: {
      requirement: 'Choose the requirement.',
      code: 'Type the code of the district or school.',
      reason: 'Say why this is acceptable.',
      who: 'Say who answers for it.',
      until: 'Choose the last day.',
    },
    submit: 'Waive it',
    submitting: 'Waiving…',
  },
};

export type Strings = typeof en;

/** Spanish is a file of its own, so that nobody else loads it. Without it the page is in English. */
async function spanish(): Promise<Strings> {
  try {
    const { es } = await import('./strings_es');
    return es;
  } catch {
    return en;
  }
}

export const t: Strings = language === 'es' ? await spanish() : en;
