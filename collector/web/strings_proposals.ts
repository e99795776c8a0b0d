// SPDX-License-Identifier: Apache-2.0
// What pages say of waivers that are proposed.
import { count } from './strings_count';

export const proposals = {
  title: 'Proposed waivers',
  verdict: (n: number, more: string) =>
    n === 0
      ? 'No proposed waiver waits.'
      : `${count(n, 'proposed waiver waits', 'proposed waivers wait')} to be decided${more}.`,
  next_decide: 'Look at what each would change, then give it or decline it.',
  next_wait:
    'Nothing by you: who gives waivers at your district decides. You can withdraw what you proposed.',
  explain:
    'A proposed waiver changes nothing until somebody who may gives it. Who proposed it can withdraw it.',
  caption: {
    proposed: 'Proposed waivers that wait to be decided, oldest first',
    moot: 'Proposed waivers that are for nothing as things are now',
    declined: 'Proposed waivers that were declined',
    withdrawn: 'Proposed waivers that were withdrawn',
  },
  empty: {
    proposed: 'No proposed waiver waits.',
    moot: 'There is none.',
    declined: 'There is none.',
    withdrawn: 'There is none.',
  },
  columns: { proposed: 'Proposed by', change: 'What it would change', decide: 'Decide' },
  answers: (who: string) => `${who} would answer for it`,
  would: (fails: number, ready: number) =>
    fails === 0
      ? 'No device is known to fail it.'
      : `${count(fails, 'device fails', 'devices fail')} it; ` +
        (ready === 0
          ? 'none would be ready.'
          : `${ready === fails && ready > 1 ? 'all' : ready} would be ready, with a warning.`),
  not_counted: 'Too many schools have requirements of their own to count it here.',
  too_short: (sites: number) =>
    `At ${count(sites, 'school', 'schools')} it would not count: the window there ends after its last day.`,
  moot: {
    over: 'Its last day is over: give it only with another one.',
    no_window: 'No school there is judged by this programme.',
    no_requirement: 'Nobody there is asked this any more.',
    nothing_fails: 'No device there fails this now.',
  },
  give: 'Give…',
  decline: 'Decline…',
  withdraw: 'Withdraw',
  reopen: 'Open again',
  what: (title: string) => ` the proposed waiver of ${title}`,
  give_ask: 'Give it? It counts at once. Devices that fail this may then be ready.',
  give_until: 'Last day',
  give_yes: 'Yes, give it',
  decline_ask: 'Why is it declined? Who proposed it reads that.',
  decline_reason: 'Reason to decline it',
  decline_missing: 'Say why it is declined.',
  decline_yes: 'Decline it',
  cancel: 'Let it wait',
  given_now: (title: string) => `Given: ${title}.`,
  proposed_now: (title: string) => `Proposed: ${title}.`,
  declined_now: (title: string) => `Declined: ${title}.`,
  withdrawn_now: (title: string) => `Withdrawn: ${title}.`,
  reopened_now: (title: string) => `It waits again: ${title}.`,
  not_given: 'proposed, not given',
  waits: 'It changes nothing until somebody who may gives it.',
  nothing: 'Nothing is judged otherwise.',
  undo_give: 'Take it back: revoke it',
  undo_decline: 'Take it back: let it wait again',
  given_by: (who: string) => `given by ${who}`,
  proposed_by: (who: string) => `proposed by ${who}`,
  declined: (time: string, who: string) => `declined ${time} by ${who}:`,
  withdrawn: (time: string, who: string) => `withdrawn ${time} by ${who}`,
  waiting: (n: number) =>
    n === 0
      ? 'Nothing waits for you.'
      : `${count(n, 'proposed waiver waits', 'proposed waivers wait')} for you.`,
  waiting_more: 'More than 500 proposed waivers wait for you.',
  decide_them: 'Decide',
  form_title: 'Propose a waiver',
  none_active: 'There is none. If a school has to test although something fails, propose a waiver below.',
  submit: 'Propose it',
  submitting: 'Proposing…',
  propose: 'Propose a waiver…',
};
