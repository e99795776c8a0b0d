// SPDX-License-Identifier: Apache-2.0
// Starts the app.
import { render } from 'preact';
import { announceStart } from './announce';
import { App } from './app';
import { askSession, askSessionAgain } from './auth';
import { routeStart, routeTell } from './route';
import { codeFromAddress, tokenFromAddress } from './session';
import { takeFailure } from './sign_on_failed';
import { t } from './strings';

document.documentElement.lang = t.locale;
const place = document.getElementById('app');
if (place) takeFailure(place);
tokenFromAddress();
codeFromAddress();
window.addEventListener('hashchange', () => {
  if (tokenFromAddress()) askSessionAgain();
  if (codeFromAddress()) routeTell();
});
routeStart();
announceStart();
void askSession();

if (place) render(<App />, place);
