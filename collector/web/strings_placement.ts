// SPDX-License-Identifier: Apache-2.0
// The words of moving, retiring and restoring a device.
export const placement = {
  title: 'Where it is, and whether it counts',
  move: 'Move it',
  move_room: 'Change its room',
  move_explain:
    'The device keeps its key and its history, and is judged by the requirements of the school ' +
    'where it is then. What you do not change stays as it is.',
  move_room_explain: 'Your role lets you change the room at your school.',
  retire: 'Retire it',
  retire_explain:
    'For a device that is gone. It counts nowhere any more, nothing of it is deleted, and it ' +
    'can be restored.',
  restore: 'Restore it',
  restore_explain: 'The device counts again at its school, and is judged by its last report.',
  other_school: 'At another school',
  room: 'Room',
  room_hint: 'At another school it has none, unless you say one or its inventory does.',
  role: 'Role',
  on: 'On this day',
  on_hint:
    'Leave it empty to do it now. Else it is done when that day begins at the school, and can ' +
    'be cancelled until then.',
  reason: 'Why',
  reasons: {
    lost: 'Lost or stolen',
    broken: 'Broken',
    sold: 'Sold or given away',
    replaced: 'Replaced by another device',
    other: 'Something else',
  },
  note: 'More about it',
  note_hint: 'Needed if the reason is something else.',
  note_missing: 'Say why, in a few words.',
  nothing_changed: 'This is where the device is already. Change the school, the room or the role.',
  busy: 'One moment…',
  done: {
    move: 'The device was moved.',
    retire: 'The device was retired.',
    restore: 'The device was restored.',
  },
  planned: (day: string) => `This is planned for ${day}.`,
  cancelled: 'The plan was cancelled.',
  undone: 'It was undone; the device is as it was.',
  undo: 'Undo',
  cancel_plan: 'Cancel this plan',
  heard: (time: string) =>
    `This device reports although it is retired, last ${time}. Restore it, or find out who has it.`,
  past: 'What was done and is planned',
  kinds: { move: 'Moved', retire: 'Retired', restore: 'Restored' },
  plans: { move: 'To be moved', retire: 'To be retired', restore: 'To be restored' },
  statuses: {
    planned: (day: string) => `planned for ${day}`,
    done: (time: string) => time,
    failed: (time: string) => `could not be done, ${time}`,
    cancelled: (time: string) => `cancelled, ${time}`,
    undone: (time: string) => `undone, ${time}`,
  },
  by: (who: string) => `by ${who}`,
  from_to: (from: string, to: string) => `from ${from} to ${to}`,
  spot: (school: string, room: string, role: string) =>
    [school, room && `room ${room}`, role].filter(Boolean).join(', '),
  other_place: 'a school that you may not see',
};
