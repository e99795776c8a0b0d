// SPDX-License-Identifier: Apache-2.0
// What the pages say where there is nothing to show yet, or nothing is known.

import { count } from './strings_count';

export const empty = {
  schools_title: 'There are no schools yet',
  schools: 'Begin with a file of districts and schools with their testing windows:',
  schools_import: 'import the schools',
  schools_or: 'Or on the machine of the collector:',
  schools_command: 'testready-collector site import FILE',
  schools_ask: 'You see them here once whoever runs Testready for your state has loaded them.',
  no_inventory:
    'This school has no inventory: expected are the devices that enrolled, and nobody knows whether ' +
    'any is missing.',
  work: 'Nothing to fix: every device was judged, and nothing fails.',
  work_unknown: (n: number) =>
    `Nothing is known to fail. Of ${count(n, 'device', 'devices')} it is not known what there is to fix.`,
  work_none: 'There is no device yet.',
  work_unjudged: 'What there is to fix is not known: no requirements are published that judge it.',
  rooms: 'The inventory names no rooms. Add a room to each of its lines and load it again.',
  devices: 'No devices yet: load the inventory, or enroll the first device with a key of this school.',
  ask: 'Whoever looks after the school’s devices does that.',
  to_inventory: 'Load an inventory',
  to_keys: 'Make an enrolment key',
};
