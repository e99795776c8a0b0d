// SPDX-License-Identifier: Apache-2.0
// Starts the app.
import { render } from 'preact';
import { announceStart } from './announce';
import { App } from './app';
import { routeStart } from './route';
import { sessionFromAddress } from './session';
import { t } from './strings';

document.documentElement.lang = t.locale;
sessionFromAddress();
window.addEventListener('hashchange', sessionFromAddress);
routeStart();
announceStart();

const place = document.getElementById('app');
if (place) render(<App />, place);
