// SPDX-License-Identifier: Apache-2.0
// Why the identity provider signed nobody in, by the word that collector/api/oidc.c gives.
export const signOnFailed = {
  title: 'Not signed in',
  still: 'Signing in with your district did not work. You are still signed in as before.',
  why: {
    begin_again:
      'This sign-in was not begun in this browser, took too long or was used before. Begin again.',
    used: 'This sign-in was used before. Begin again.',
    not_let_in:
      'The identity provider did not let you in. Try again there, or ask whoever runs it.',
    not_trusted:
      'What the identity provider answered cannot be trusted, so nobody was signed in. Tell whoever ' +
      'runs this collector: its log says what was wrong.',
    no_answer:
      'The identity provider cannot be asked at the moment. Try again later, or sign in with your ' +
      'password.',
    fault:
      'This is a fault of the collector; its log says more. Sign in with your password.',
    no_account:
      'The identity provider knows you, but no account here is yours. Ask whoever gives accounts to ' +
      'let you sign in this way.',
    needs_code:
      'Your account here has a second factor, and the identity provider did not say that it asked ' +
      'you for one. Sign in with your password and the code that your phone shows.',
    disabled: 'This account is disabled; ask whoever gave it to you.',
    expired:
      'Accounts are renewed every 1 July, and this one waits for it; ask whoever gave it to you.',
  },
};
