// SPDX-License-Identifier: Apache-2.0
// What surrounds every page, and which page is shown.
import { useState } from 'preact/hooks';
import { forgetAnswers, problemOf } from './api';
import { askSessionAgain, refreshSession, signOut } from './auth';
import { formatDate, visibleText, whoText } from './format';
import { LanguageSwitch } from './language_switch';
import {
  accountLink,
  auditLink,
  importsLink,
  inventoriesLink,
  keysLink,
  peopleLink,
  profilesLink,
  tokensLink,
  waiversLink,
} from './links';
import { AccountPage } from './page_account';
import { AuditPage } from './page_audit';
import { DevicePage } from './page_device';
import { DevicesPage } from './page_devices';
import { ImportsPage, importActions } from './page_imports';
import { InventoriesPage } from './page_inventories';
import { InventoryPage } from './page_inventory';
import { KeysPage } from './page_keys';
import { LeaPage } from './page_lea';
import { OverviewPage } from './page_overview';
import { PeopleImportPage } from './page_people_import';
import { PeoplePage } from './page_people';
import { PeopleReviewPage } from './page_people_review';
import { PersonAddPage } from './page_person_add';
import { PersonPage } from './page_person';
import { ProfilePage } from './page_profile';
import { ProfilesPage } from './page_profiles';
import { InvitationPage, SetupPage } from './page_setup';
import { SignInPage } from './page_sign_in';
import { SitePage } from './page_site';
import { TokensPage } from './page_tokens';
import { WaiversPage } from './page_waivers';
import { Failed, Loading, Title } from './parts';
import { expectArrival, routeOf, useAddress, type Route } from './route';
import {
  invitationCode,
  may,
  sessionTurn,
  sessionWatch,
  useSession,
  type Action,
  type Session,
  type State,
} from './session';
import { failureText, failureWord } from './sign_on_failed';
import { t } from './strings';

export function App() {
  const { state, turn } = useSession();
  const address = useAddress();
  const url = new URL(address, location.origin);
  const route = routeOf(url.pathname, url.search);
  const failed = failureWord(turn, address);
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
          {state.phase === 'in' && <Places may={state.session.may} path={url.pathname} />}
          <div class="header-end">
            <LanguageSwitch failed={failed} />
            {state.phase === 'in' && <Who who={state.session.who} path={url.pathname} />}
          </div>
        </div>
      </header>
      <main id="main" class="wide" tabIndex={-1}>
        {state.phase === 'in' && <EndsSoon session={state.session} page={route.page} />}
        {state.phase === 'in' && failed && (
          <p class="notice tone-not_ready" role="alert">
            {t.sign_on_failed.still} {failureText(failed)}
          </p>
        )}
        <Shown key={`${turn} ${address}`} state={state} route={route} failed={failed} />
      </main>
    </>
  );
}

// What one person may read must not be there for the next.
let shownTurn = 0;
sessionWatch(() => {
  if (shownTurn === sessionTurn()) return;
  // The first answer belongs to the load: the focus stays where the browser has it.
  if (shownTurn > 0) expectArrival();
  shownTurn = sessionTurn();
  forgetAnswers();
});

interface MenuPlace {
  href: string;
  text: string;
  action: Action | Action[];
  /** The pages that it leads to, where they are not below its own address. */
  leadsTo?: RegExp;
}

/** The pages that belong to no school, each with what one must be allowed for it. */
const places: MenuPlace[] = [
  {
    href: '/',
    text: t.overview.title,
    action: 'see',
    leadsTo: /^\/(devices\/|leas\/|sites\/[^/]+(\/devices)?\/?$)/,
  },
  {
    href: inventoriesLink,
    text: t.imports_nav.inventory,
    action: 'see',
    leadsTo: /^\/sites\/[^/]+\/inventory\/?$/,
  },
  { href: profilesLink, text: t.profiles.title, action: 'see' },
  { href: waiversLink(), text: t.waivers.title, action: 'see' },
  { href: peopleLink, text: t.nav.people, action: 'see_people' },
  { href: keysLink, text: t.nav.keys, action: 'see_keys' },
  { href: tokensLink, text: t.nav.tokens, action: 'see_people' },
  { href: importsLink, text: t.imports_nav.imports, action: importActions },
  { href: auditLink, text: t.nav.audit, action: 'see_audit' },
];

const Places = ({ may, path }: { may: Action[]; path: string }) => (
  <nav class="places" aria-label={t.places}>
    <ul>
      {places
        .filter(({ action }) => [action].flat().some((it) => may.includes(it)))
        .map((place) => (
          <li key={place.href}>
            <a href={place.href} aria-current={currentOf(place, path)}>
              {place.text}
            </a>
          </li>
        ))}
    </ul>
  </nav>
);

/** Whether the page at @path is the one of the menu, or one below it. */
function currentOf({ href, leadsTo }: MenuPlace, path: string): 'page' | 'true' | undefined {
  if (path === href) return 'page';
  return (leadsTo ? leadsTo.test(path) : path.startsWith(`${href}/`)) ? 'true' : undefined;
}

function Who({ who, path }: { who: string; path: string }) {
  const [problem, setProblem] = useState('');
  const onClick = () => {
    setProblem('');
    signOut().catch((error: unknown) => setProblem(problemOf(error).detail));
  };
  return (
    <div class="who">
      <a href={accountLink} aria-current={path === accountLink ? 'page' : undefined}>
        {t.nav.account}
        <span class="usa-sr-only">: {visibleText(whoText(who))}</span>
      </a>
      <button type="button" class="usa-button usa-button--outline sign-out" onClick={onClick}>
        {t.sign_out}
      </button>
      {problem && <p role="alert">{visibleText(problem)}</p>}
    </div>
  );
}

/** In the last week everywhere, before that where it is in nobody's way. */
function EndsSoon({ session: { account }, page }: { session: Session; page: Route['page'] }) {
  const days = account?.ends_in_days ?? null;
  if (!account || days === null) return null;
  if (days > 7 && page !== 'overview' && page !== 'account') return null;
  return (
    <p class="notice tone-warning" data-ends-soon>
      {t.ends_soon(formatDate(account.good_until, true), days)}
    </p>
  );
}

interface ShownProps {
  state: State;
  route: Route;
  /** Why the identity provider signed nobody in. */
  failed: string;
}

/** Pages for whoever has a code; all others are for who is signed in. */
function Shown({ state, route, failed }: ShownProps) {
  // The answer draws the page anew: what somebody had typed into a form by then would be lost.
  if (state.phase === 'asking') return <Loading />;
  if (route.page === 'setup') return <SetupPage key={invitationCode()} />;
  if (route.page === 'invitation') return <InvitationPage key={invitationCode()} />;
  switch (state.phase) {
    case 'failed':
      return <Failed problem={state.problem} retry={askSessionAgain} />;
    case 'out':
      return <SignInPage reason={state.reason} failed={failed} />;
    case 'in':
      break;
  }
  return <Page route={route} />;
}

function Page({ route }: { route: Route }) {
  const action = needed[route.page];
  if (!may('see') && route.page !== 'account') return <NoRole />;
  if (action && !may(action)) return <Refused what={t.actions[action]} />;
  switch (route.page) {
    case 'overview':
      return <OverviewPage query={route.query} />;
    case 'site':
      return <SitePage code={route.code} />;
    case 'lea':
      return <LeaPage code={route.code} />;
    case 'devices':
      return <DevicesPage code={route.code} query={route.query} />;
    case 'inventories':
      return <InventoriesPage query={route.query} />;
    case 'inventory':
      return <InventoryPage code={route.code} query={route.query} />;
    case 'imports':
      return <ImportsPage query={route.query} />;
    case 'device':
      return <DevicePage id={route.id} />;
    case 'profiles':
      return <ProfilesPage />;
    case 'profile':
      return <ProfilePage id={route.id} query={route.query} />;
    case 'waivers':
      return <WaiversPage query={route.query} />;
    case 'account':
      return <AccountPage />;
    case 'people':
      return <PeoplePage query={route.query} />;
    case 'person':
      return <PersonPage id={route.id} />;
    case 'person_add':
      return <PersonAddPage />;
    case 'people_review':
      return <PeopleReviewPage query={route.query} />;
    case 'people_import':
      return <PeopleImportPage />;
    case 'keys':
      return <KeysPage query={route.query} />;
    case 'tokens':
      return <TokensPage query={route.query} />;
    case 'audit':
      return <AuditPage query={route.query} />;
    default:
      return <NotFound />;
  }
}

/** What one must be allowed to open a page; the others say themselves what is refused. */
const needed: Partial<Record<Route['page'], keyof typeof t.actions>> = {
  people: 'see_people',
  person: 'see_people',
  person_add: 'give_roles',
  people_review: 'see_people',
  people_import: 'give_roles',
  keys: 'see_keys',
  tokens: 'see_people',
  audit: 'see_audit',
};

const Refused = ({ what }: { what: string }) => (
  <>
    <Title text={t.refused_title} />
    <p>{t.refused_here(what)}</p>
    <p>
      <a href={accountLink}>{t.to_roles}</a>
    </p>
  </>
);

/** For who is signed in and may nothing but mend their own account. */
function NoRole() {
  const [said, setSaid] = useState('');
  const look = () => {
    setSaid('');
    refreshSession().then(
      () => setSaid(t.no_role.still),
      (error: unknown) => setSaid(problemOf(error).detail),
    );
  };
  return (
    <>
      <Title text={t.no_role.title} />
      <p>{t.no_role.text}</p>
      <p>{t.no_role.then}</p>
      <p class="screen-only">
        <button type="button" class="usa-button" onClick={look}>
          {t.no_role.again}
        </button>{' '}
        <span role="status">{visibleText(said)}</span>
      </p>
      <p>
        <a href={accountLink}>{t.no_role.to_account}</a>
      </p>
    </>
  );
}

const NotFound = () => (
  <>
    <Title text={t.not_found_title} />
    <p>
      {t.not_found} <a href="/">{t.to_overview}</a>
    </p>
  </>
);
