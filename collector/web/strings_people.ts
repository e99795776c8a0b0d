// SPDX-License-Identifier: Apache-2.0
// The words of the pages of people: signing in, accounts, roles, keys, tokens and the audit log.
// A part of the strings in strings.ts.

import { accounts } from './strings_accounts';
import { count } from './strings_count';

const waitOf = (seconds: number): string =>
  seconds < 90
    ? count(seconds, 'second', 'seconds')
    : count(Math.ceil(seconds / 60), 'minute', 'minutes');

export const people = {
  nav: {
    people: 'People',
    keys: 'Enrolment keys',
    tokens: 'API tokens',
    audit: 'Audit log',
    account: 'My account',
  },
  copy: 'Copy',
  copied: 'Copied.',
  not_copied: 'The browser did not let it be copied; select the text and copy it by hand.',
  ends_soon: (day: string, days: number) =>
    `Your account ends after ${day}, ${days === 0 ? 'which is today' : `in ${count(days, 'day', 'days')}`}: ` +
    'ask whoever gave it to you to renew it. From then on nobody signs in with it.',
  no_role: {
    title: 'You have no role yet',
    text:
      'You are signed in, but your account has no role, so there is nothing that it sees. Ask whoever ' +
      'gave you the account for one, or the test coordinator of your district: a role says which ' +
      'schools you see and what you change there.',
    then: 'Once you have it, look again: you need not sign in anew.',
    again: 'Look again',
    still: 'There is still none.',
    to_account: 'Your account: password, second factor, sign out everywhere',
  },
  refused_here: (what: string) =>
    `Your roles do not let you ${what}; ask whoever gave them to you.`,
  cancel: 'Cancel',

  sign_in: {
    title: 'Sign in',
    intro: 'Testready shows which testing devices are ready and what to fix first.',
    login: 'Login',
    password: 'Password',
    submit: 'Sign in',
    checking: 'Checking…',
    missing: { login: 'Type your login.', password: 'Type your password.' },
    code: 'Code',
    code_hint:
      'The six digits that the app on your phone shows now. Without the phone: one of your ' +
      'recovery codes, each of which works once.',
    code_missing: 'Type the code.',
    other_login: 'Back to login and password',
    wait: (seconds: number, clock: string) =>
      `Too many tries to sign in. Try again in ${waitOf(seconds)}, at ${clock}; what is tried ` +
      'before that is not looked at.',
    wait_over: 'You can try to sign in again now.',
    with_token: 'Sign in with a token',
    with_provider: 'Sign in with your district’s account',
    with_proxy: 'Go on as you signed in before this page',
    with_password: 'Sign in with login and password',
    help_title: 'When you cannot sign in',
    help_forgot:
      'Password forgotten, or account disabled or over: ask whoever gave you the account. They can ' +
      'send another invitation or renew it.',
    help_phone: 'Phone lost: use a recovery code, or ask them to take the second factor away.',
    help_first: 'Nobody has an account yet:',
    help_setup: 'make the first one with the code that the collector printed.',
    to_sign_in: 'Sign in with an account that you have',
    label: 'Token',
    hint: 'It begins with trt_. The collector keeps the admin’s in the file of --admin-token-file.',
    show: 'Show token',
    hide: 'Hide token',
    empty: 'Type or paste the token.',
    malformed:
      'This is not a token: a token has letters, digits, - and _ only, and begins with trt_.',
    expired: 'You were signed out because the collector refused your token.',
    session_over:
      'Your session is over, since it was not used for a while or was ended elsewhere. Sign in ' +
      'again; you come back to this page.',
    signed_out: 'You are signed out.',
    signed_out_elsewhere: 'You were signed out in another window.',
    signed_out_everywhere: (n: number) =>
      `You are signed out everywhere: ${count(n, 'session', 'sessions')} ended.`,
  },

  password: {
    intro: 'What the password has to be like:',
    length: (n: number) => `${n} characters or more; a few words are easy to keep in mind`,
    not_login: 'not the login',
    not_common:
      'none that is tried first, such as “password1234”; the collector looks when you send it',
    met: 'done',
    show: 'Show password',
    hide: 'Hide password',
    too_short: (n: number, least: number) =>
      `It has ${count(n, 'character', 'characters')}; at least ${least} are needed.`,
    too_long: (n: number, most: number) =>
      `It has ${count(n, 'character', 'characters')}; at most ${most} are allowed.`,
    is_login: 'The password is the login, which others know; choose another.',
  },

  setup: {
    title: 'The first account',
    intro:
      'It is an admin’s: it sees and changes everything, and gives others their accounts. This works ' +
      'once, while nobody has an account.',
    code: 'Code',
    code_hint:
      'It begins with tri_. The collector prints it when it starts; it is good for 24 hours.',
    name: 'Your name',
    name_hint: 'Others see it beside what you change.',
    login: 'Login',
    login_hint: 'Letters without accents, digits and . _ - @ +; your mail address will do.',
    password: 'Password',
    missing: {
      code: 'Type the code that the collector printed.',
      name: 'Type your name.',
      login: 'Choose a login.',
      password: 'Choose a password.',
    },
    submit: 'Make the account and sign in',
    submitting: 'Making it…',
  },

  invitation: {
    title: 'Choose your password',
    intro:
      'You were invited to Testready. Choose a password; then you are signed in. Your login stands ' +
      'in the letter or mail that brought the link.',
    code: 'Code of the invitation',
    code_hint: 'It begins with tri_: what the link ends in. Or open the link once more.',
    password: 'Password',
    missing: { code: 'Type or paste the code of the invitation.', password: 'Choose a password.' },
    submit: 'Set the password and sign in',
    submitting: 'Setting it…',
  },

  account: {
    title: 'My account',
    token: (who: string) =>
      `You are signed in as ${who} with a token, which has no password of its own. To change a ` +
      'password or the second factor, sign in with login and password.',
    about: 'Who I am',
    labels: {
      name: 'Name',
      login: 'Login',
      good_until: 'Good until',
      session: 'This session ends',
      factor: 'Second factor',
    },
    session_note: (time: string) => `at ${time}, or after 2 hours without use`,
    good_note: 'Accounts are renewed every 1 July by whoever gives them.',
    roles: 'My roles',
    roles_note: 'Whoever gave you the account changes them.',
    roles_none: 'None: the account sees nothing. Ask whoever gave it to you.',
    password: 'Change the password',
    password_note: 'All your other sessions end, and so do invitations.',
    old: 'Password that you have now',
    new: 'New password',
    missing: { old: 'Type the password that you have now.', new: 'Choose a new password.' },
    submit: 'Change the password',
    submitting: 'Changing it…',
    changed: 'The password is changed. Other sessions of yours are over.',
    everywhere: 'Sign out everywhere',
    everywhere_note:
      'Ends your sessions in all browsers, this one as well. Do this if you left a session open ' +
      'somewhere.',
    everywhere_yes: 'Yes, sign out everywhere',
    everywhere_ask: 'Sign out in all browsers, here too?',
  },

  factor: {
    title: 'Second factor',
    on: 'On: signing in needs a code of your phone.',
    off:
      'Off: whoever knows your password gets in. With a second factor they need your phone as well. ' +
      'You need an app that shows codes, such as the one of your phone or of your password keeper.',
    short_on: 'on',
    short_off: 'off',
    begin: 'Set up a second factor',
    begin_note: 'Your password is asked for again, so that nobody does this in a session left open.',
    begin_submit: 'Go on',
    begin_submitting: 'Beginning…',
    step_scan: 'Scan this with the app on your phone.',
    qr: 'QR code of the secret for your app',
    step_secret: 'Or type this secret there, as one that goes by time:',
    step_code: 'Then type the code that the app shows.',
    code: 'Code',
    code_missing: 'Type the six digits that the app shows.',
    submit: 'Turn it on',
    submitting: 'Turning it on…',
    done: 'The second factor is on.',
    recovery_title: 'Your recovery codes',
    recovery:
      'Each lets you in once without the phone. They are shown only now: print or copy them, and keep ' +
      'them where the phone is not.',
    print: 'Print',
    kept: 'I have kept them',
    end: 'Take the second factor away',
    end_note: 'With your password. The recovery codes are good for nothing then.',
    password: 'Your password',
    password_missing: 'Type your password.',
    end_submit: 'Take it away',
    end_submitting: 'Taking it away…',
    ended: 'The second factor is taken away. Your password alone lets you in now.',
  },

  people_roles: {
    admin: 'Admin',
    lea_coordinator: 'District coordinator',
    tech_coordinator: 'Technology coordinator',
    site_coordinator: 'Site coordinator',
    viewer: 'Viewer',
  },
  role_of: (role: string, place: string) => `${role} of ${place}`,
  whole_state: 'the whole state',
  ...accounts,
};
