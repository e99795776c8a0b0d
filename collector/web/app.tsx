// SPDX-License-Identifier: Apache-2.0
// What surrounds every page, and which page is shown.
import { useEffect, useState } from 'preact/hooks';
import { forgetAnswers } from './api';
import { DevicePage } from './page_device';
import { DevicesPage } from './page_devices';
import { OverviewPage } from './page_overview';
import { profilesLink, waiversLink } from './links';
import { ProfilePage } from './page_profile';
import { ProfilesPage } from './page_profiles';
import { SignInPage } from './page_sign_in';
import { SitePage } from './page_site';
import { WaiversPage } from './page_waivers';
import { Title } from './parts';
import { expectArrival, routeOf, useAddress } from './route';
import { sessionEnd, sessionToken, sessionWatch } from './session';
import { t } from './strings';

export function App() {
  const token = useToken();
  return (
    <>
      <a class="usa-skipnav" href="#main">
        {t.skip}
      </a>
      <header class="app-header">
        <div class="wide app-header-row">
          <a class="app-name" href="/">
            {t.app}
          </a>
          {token && <Places />}
          {token && (
            <button
              type="button"
              class="usa-button usa-button--outline sign-out"
              onClick={() => sessionEnd(t.sign_in.signed_out)}
            >
              {t.sign_out}
            </button>
          )}
        </div>
      </header>
      <main id="main" class="wide" tabIndex={-1}>
        {token ? <Page key={token} /> : <SignInPage />}
      </main>
    </>
  );
}

/** The pages that belong to no school. */
function Places() {
  const path = useAddress().split('?')[0] ?? '';
  const places: [string, string][] = [
    ['/', t.overview.title],
    [profilesLink, t.profiles.title],
    [waiversLink(), t.waivers.title],
  ];
  return (
    <nav class="places" aria-label={t.places}>
      <ul>
        {places.map(([href, text]) => (
          <li key={href}>
            <a href={href} aria-current={path === href ? 'page' : undefined}>
              {text}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Page() {
  const address = useAddress();
  const url = new URL(address, location.origin);
  const route = routeOf(url.pathname, url.search);
  switch (route.page) {
    case 'overview':
      return <OverviewPage key={address} query={route.query} />;
    case 'site':
      return <SitePage key={address} code={route.code} />;
    case 'devices':
      return <DevicesPage key={address} code={route.code} query={route.query} />;
    case 'device':
      return <DevicePage key={address} id={route.id} />;
    case 'profiles':
      return <ProfilesPage key={address} />;
    case 'profile':
      return <ProfilePage key={address} id={route.id} query={route.query} />;
    case 'waivers':
      return <WaiversPage key={address} query={route.query} />;
    case 'not_found':
      return <NotFound />;
  }
}

const NotFound = () => (
  <>
    <Title text={t.not_found_title} />
    <p>
      {t.not_found} <a href="/">{t.to_overview}</a>
    </p>
  </>
);

function useToken(): string {
  const [token, setToken] = useState(sessionToken);
  useEffect(
    () =>
      sessionWatch(() => {
        // What one person may read must not be there for the next.
        forgetAnswers();
        expectArrival();
        setToken(sessionToken());
      }),
    [],
  );
  return token;
}
