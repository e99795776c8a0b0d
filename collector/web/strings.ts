// SPDX-License-Identifier: Apache-2.0
// Every word that the pages say themselves, in one place. A second language is a second object
// of the type `Strings`; TypeScript then names each sentence that it lacks.
// What comes from the API (sentences, titles, fixes) is shown as it comes.

const count = (n: number, one: string, many: string) =>
  `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;

const en = {
  locale: 'en-US',
  app: 'Testready',
  skip: 'Skip to the content',
  sign_out: 'Sign out',
  breadcrumb: 'You are here',
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
  to_overview: 'Go to the overview',
  updated: (sentence: string) => `Updated: ${sentence}`,

  sign_in: {
    title: 'Sign in',
    intro: 'Testready shows which testing devices are ready and what to fix first.',
    label: 'Token',
    hint: 'It begins with trt_. The collector keeps it in the file of --admin-token-file.',
    show: 'Show token',
    hide: 'Hide token',
    submit: 'Sign in',
    checking: 'Checking…',
    empty: 'Type or paste the token.',
    malformed:
      'This is not a token: a token has letters, digits, - and _ only, and begins with trt_.',
    expired: 'You were signed out because the collector refused your token.',
    signed_out: 'You are signed out.',
  },

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
    empty_title: 'There are no schools yet',
    empty: 'Load the schools and their testing windows on the machine of the collector:',
    empty_command: 'testready-collector site import FILE',
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
    work_empty: 'Nothing to fix on the devices that reported.',
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
    rooms_title: 'Rooms',
    rooms_caption: 'Ready devices by room',
    rooms_empty: 'The inventory names no rooms. Add a room to each line and load it again:',
    rooms_command: 'testready-collector site import FILE',
    devices_title: 'Devices',
    columns: { room: 'Room', expected: 'Expected', ready: 'Ready', missing: 'Not ready yet' },
    no_devices:
      'No devices yet. Load the inventory, or enroll the first device with a key of this school:',
    no_devices_command: (code: string) => `testready-collector enrollment-key add --site ${code}`,
    all_devices: 'All devices on a page of their own',
    judged_by: 'Judged by',
    no_profile: 'No profile is published for this school’s window, so devices cannot be judged.',
    browser: 'Secure browser',
    coverage: 'Coverage',
    state_of: (n: number, state: string) => `${n.toLocaleString('en-US')} ${state.toLowerCase()}`,
  },

  devices: {
    title: 'Devices',
    caption: (site: string) => `Devices of ${site}`,
    count: (n: number) => count(n, 'device', 'devices'),
    count_more: (n: number) => `The first ${count(n, 'device', 'devices')}; there are more`,
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
      ready_with_warnings: (n: number) =>
        `This device is ready, with ${count(n, 'warning', 'warnings')}.`,
      ready: 'This device is ready.',
    },
    actions: {
      retired: '',
      conflict: 'Enroll the second device again so that it gets a key of its own.',
      never_seen: 'Find the device, switch it on, and install and enroll the agent on it.',
      stale: 'Switch the device on and let it reach the network; it reports by itself.',
      unknown: 'Look at the reasons below; the agent could not observe everything.',
      ready: 'Nothing to do.',
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
    source: 'Source:',
    facts: 'What exactly is collected',
    facts_note:
      'All the facts of the last report. Nothing else was sent, and nothing about students.',
    facts_empty: 'No report has arrived, so nothing is stored.',
    fact_unknown: 'Unknown',
    fact_empty_list: 'none found',
    history: 'History',
    history_caption: 'Changes of results, newest first',
    first_judged: (n: number) => `${count(n, 'requirement', 'requirements')} judged for the first time`,
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
      profile: 'Judged by',
      expected: 'In the inventory',
    },
  },
};

export type Strings = typeof en;

/** Languages that the pages speak, by their BCP 47 primary tag. */
const languages: Record<string, Strings> = { en };

function choose(preferred: readonly string[]): Strings {
  for (const tag of preferred) {
    const language = languages[tag.split('-')[0] ?? ''];
    if (language) return language;
  }
  return en;
}

export const t: Strings = choose(navigator.languages);
