// SPDX-License-Identifier: Apache-2.0
// The schools and devices that the browser tests look at, made through the collector's own
// commands and API. Expected numbers are never written here: the tests ask the API for them.
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const lincoln = '19647330000001';
export const hostile = '19647330000002';
export const large = '19647330000003';

/** What must be shown as text wherever it turns up. */
export const hostileNames = {
  markup: '<img src=x onerror="document.title=\'broken\'">',
  bidi: 'lab\u202Egnp.exe\u2066x',
  long: 'x'.repeat(255),
};

/** A profile whose every word tries to be something else. */
export const hostileProfile = 'hostile';

function hostileRequirements(example) {
  const text = hostileNames.markup;
  const profile = { ...JSON.parse(example), profile: hostileProfile, title: text, source: text };
  profile.requirements[0] = { ...profile.requirements[0], title: text, source: text };
  profile.tables.os[0].note = text;
  return JSON.stringify(profile);
}

const lea = { code: '1964733', name: 'Example Unified' };

/** The last day that a waiver given today can have: 31 July of the season. */
export function lastDay() {
  const now = new Date();
  const year = now.getUTCFullYear() + (now.getUTCMonth() > 6 ? 1 : 0);
  return `${year}-07-31`;
}

/**
 * A window that opens in three weeks, whatever day the tests run on. It ends with the season at the
 * latest, or no waiver could be for all of it: in the last weeks of July it is open already.
 */
function windowSoon(id, profile = 'example') {
  const day = (offset) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  const [first, last] = [day(21), day(70)];
  return {
    id,
    programme: 'CAASPP',
    track: '',
    first: first < lastDay() ? first : day(-7),
    last: last < lastDay() ? last : lastDay(),
    profile,
  };
}

export const sites = () => ({
  sites: [
    {
      code: lincoln,
      name: 'Lincoln High',
      lea,
      zone: 'America/Los_Angeles',
      window: windowSoon('lincoln'),
    },
    {
      code: hostile,
      name: hostileNames.markup,
      lea,
      zone: 'America/Los_Angeles',
      window: windowSoon('hostile', hostileProfile),
    },
    {
      code: large,
      name: 'Roosevelt Middle',
      lea,
      zone: 'America/Los_Angeles',
      window: windowSoon('roosevelt'),
    },
  ],
});

/** More devices than one part of a list has, so that "Show more" has something to show. */
const largeCount = 130;

const inventoryHeader = 'site_code,asset_tag,serial,host_name,role,room';

export function inventory() {
  const lines = [inventoryHeader];
  for (let i = 1; i <= 9; i++) {
    const role = i === 9 ? 'ta' : 'student';
    const room = i === 9 ? '' : i <= 4 ? '104' : '106';
    lines.push(`${lincoln},L-${100 + i},SN-L${i},lincoln-${i},${role},${room}`);
  }
  for (let i = 1; i <= largeCount; i++) {
    const name = `roosevelt-${String(i).padStart(3, '0')}`;
    lines.push(`${large},R-${1000 + i},SN-R${i},${name},student,${100 + (i % 6)}`);
  }
  return `${lines.join('\n')}\n`;
}

/**
 * Facts of a device on which everything is as it should be. As long as the facts are many: it is
 * one literal.
 */
export const goodFacts = () => ({
  os: {
    id: 'ubuntu',
    version_id: '22.04',
    name: 'Ubuntu 22.04.4 LTS',
    arch: 'x86_64',
    kernel: '5.15.0-112-generic',
    desktops: ['gnome'],
    updates_staged: false,
    restart_required: false,
    automatic_updates: false,
    automatic_updates_by: '',
  },
  browser: {
    installs: [
      {
        product: 'CASecureBrowser',
        vendor: 'AIR',
        version: '99.0',
        build: '20260801',
        version_from: 'application.ini',
        path: '/opt/CASecureBrowser',
        launchable: true,
        why_not: '',
        missing_libraries: [],
        on_network_mount: false,
        desktop_entries: 1,
      },
    ],
    copies: 1,
    unread_folders: 0,
    running: false,
  },
  audio: {
    cards: [
      {
        name: 'USB Headset',
        bus: 'usb',
        form_factor: 'headset',
        usb_id: '046d:0a44',
        playback: true,
        capture: true,
      },
    ],
    jacks: [],
    headphones: 'present',
    headphones_evidence: 'USB Headset is a headset',
    microphone: 'present',
    muted: false,
    volume_percent: 60,
  },
  printer: { printers: [], queues: [] },
  braille: { displays: [], embossers: [] },
  input: {
    keyboards: [{ name: 'AT Translated Set 2 keyboard', bus: 'ps2', usb_id: '', wireless: false }],
    pointers: [{ name: 'USB Optical Mouse', bus: 'usb', usb_id: '046d:c077', wireless: false }],
    touchscreens: [],
    switches: [],
  },
  display: {
    screens: [
      {
        connector: 'eDP-1',
        name: '',
        width_px: 1920,
        height_px: 1080,
        diagonal_in: 14,
        internal: true,
        enabled: true,
      },
    ],
  },
  memory: { total_mib: 8192 },
  disk: { total_bytes: 256_060_514_304, free_bytes: 180_388_626_432 },
  cpu: { model: 'Intel(R) Core(TM) i5-8250U', cores: 8, mhz: 3400 },
  power: {
    source: 'mains',
    batteries: [{ name: 'BAT0', percent: 97, health_percent: 88, status: 'full' }],
  },
  network: { endpoints: [], interfaces: [{ name: 'wlp2s0', kind: 'wireless', up: true }] },
  speech: {
    engines: [{ name: 'espeak-ng', languages: ['en-us', 'es'] }],
    dispatcher: true,
    screen_readers: ['orca'],
  },
  software: {
    libraries: [
      { name: 'glibc', version: '2.35' },
      { name: 'libstdc++', version: '6.0.30' },
      { name: 'GTK', version: '3.24.33' },
    ],
    web_browsers: ['Firefox'],
    fonts: ['Verdana'],
    running: [],
    screen_blanks: false,
  },
  clock: { time_zone: 'America/Los_Angeles', synchronised: true },
});

const withoutBrowser = () => ({
  ...goodFacts(),
  browser: { installs: [], copies: 0, unread_folders: 0, running: false },
});

function withoutHeadphones() {
  const facts = goodFacts();
  facts.audio.cards = [
    {
      name: 'HDA Intel PCH',
      bus: 'pci',
      form_factor: 'internal',
      usb_id: '',
      playback: true,
      capture: true,
    },
  ];
  facts.audio.headphones = 'absent';
  facts.audio.headphones_evidence = 'the jack is empty';
  return facts;
}

const blind = () => ({
  ...goodFacts(),
  browser: {
    installs: { unknown: 'the folder /opt could not be read: Permission denied' },
    copies: { unknown: 'the folder /opt could not be read: Permission denied' },
    unread_folders: 1,
    running: { unknown: 'no /proc' },
  },
});

/** What reports at each school: the names it enrols with, and its facts. */
const reporters = [
  {
    site: lincoln,
    names: { host_name: 'lincoln-1', serial: 'SN-L1', asset_tag: 'L-101' },
    facts: goodFacts,
  },
  {
    site: lincoln,
    names: { host_name: 'lincoln-2', serial: 'SN-L2', asset_tag: 'L-102' },
    facts: withoutBrowser,
  },
  {
    site: lincoln,
    names: { host_name: 'lincoln-3', serial: 'SN-L3', asset_tag: 'L-103' },
    facts: withoutHeadphones,
  },
  {
    site: lincoln,
    names: { host_name: 'lincoln-5', serial: 'SN-L5', asset_tag: 'L-105' },
    facts: withoutBrowser,
  },
  {
    site: lincoln,
    names: { host_name: 'lincoln-6', serial: 'SN-L6', asset_tag: 'L-106' },
    facts: blind,
  },
  {
    site: lincoln,
    names: { host_name: 'visitor', serial: 'SN-V', asset_tag: '' },
    facts: goodFacts,
  },
  ...Object.values(hostileNames).map((name) => ({
    site: hostile,
    names: { host_name: name, serial: '', asset_tag: '' },
    facts: goodFacts,
  })),
];

/** Fills the store before the collector serves it; returns an enrolment key per school. */
export function fillStore(command, dir, profile) {
  const sitesFile = join(dir, 'sites.json');
  const inventoryFile = join(dir, 'inventory.csv');
  writeFileSync(sitesFile, JSON.stringify(sites()));
  writeFileSync(inventoryFile, inventory());
  const hostileFile = join(dir, 'hostile.json');
  writeFileSync(hostileFile, hostileRequirements(readFileSync(profile, 'utf8')));
  command('site', 'import', sitesFile);
  command('profile', 'publish', profile);
  command('profile', 'publish', hostileFile);
  command('site', 'import', inventoryFile);
  const keys = {};
  for (const site of [lincoln, hostile])
    keys[site] = command('enrollment-key', 'add', '--site', site, '--key-only').trim();
  return keys;
}

/** A device as the collector knows it: it can report as often as a test needs. */
export async function enroll(post, key, names, role = 'student') {
  const device = { model: 'ExampleBook 3', ...names };
  const answer = await post('/v1/enroll', key, { agent_version: '0.1.0', role, device });
  const boot = randomUUID();
  let sequence = 0;
  return {
    id: answer.device_id,
    report: (facts) =>
      post('/v1/reports', answer.device_key, {
        report: 1,
        device_id: answer.device_id,
        agent_version: '0.1.0',
        boot_id: boot,
        sequence: ++sequence,
        observed_at: new Date().toISOString(),
        age_ms: 0,
        device,
        facts,
      }),
  };
}

/** Lets every reporter enrol and report once; returns them by host name. */
export async function report(post, keys) {
  const devices = {};
  for (const { site, names, facts } of reporters) {
    const device = await enroll(post, keys[site], names);
    await device.report(facts());
    devices[names.host_name] = device;
  }
  return devices;
}
