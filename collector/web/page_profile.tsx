// SPDX-License-Identifier: Apache-2.0
// The requirements of one programme and year in words; with `?site=CODE` what a school is judged by.
import { useLayoutEffect, useState } from 'preact/hooks';
import type { PublishedProfile, Role } from './api';
import { formatDate, formatNumber, said, shortVersion } from './format';
import { profileLink, profilesLink, siteLink, waiversLink } from './links';
import { useLive } from './live';
import {
  Announced,
  AsOf,
  Breadcrumb,
  Failed,
  Loading,
  NotUpdated,
  Outside,
  Time,
  Title,
  Verdict,
  type Step,
} from './parts';
import { ProfileRequirements } from './profile_requirements';
import { ProfileRules } from './profile_rules';
import { ProfileTables } from './profile_tables';
import { ProfileVersions } from './profile_versions';
import { replaceAddress } from './route';
import { t } from './strings';

const s = t.profile;

export function ProfilePage({ id, query }: { id: string; query: URLSearchParams }) {
  const site = query.get('site') ?? '';
  const path = `/v1/profiles/${encodeURIComponent(id)}`;
  const {
    data: profile,
    problem,
    refresh,
  } = useLive<PublishedProfile>(site ? `${path}?site=${encodeURIComponent(site)}` : path);
  const [role, setRole] = useState(() => roleOf(query.get('role')));
  // With what it names: a reload or a step away may follow at once.
  useLayoutEffect(() => {
    const next = new URLSearchParams({ ...(site && { site }), ...(role && { role }) }).toString();
    replaceAddress(`/profiles/${encodeURIComponent(id)}${next && `?${next}`}${location.hash}`);
  }, [role]);
  if (!profile) return problem ? <Failed problem={problem} retry={refresh} /> : <Loading />;
  const sentence = introOf(profile);
  return (
    <>
      <Breadcrumb steps={stepsTo(profile)} />
      <Title text={said(profile.title)} />
      <About profile={profile} />
      <Verdict
        tone={profile.judging.sites_left > 0 ? 'unknown' : 'ready'}
        sentence={sentence}
        next={
          profile.judging.sites_left > 0
            ? t.profiles.judging(profile.judging.devices_left, profile.judging.sites_left)
            : t.profiles.all_applied
        }
      />
      <Announced sentence={sentence} />
      <NotUpdated problem={problem} retry={refresh} />
      <WaivedHere profile={profile} />
      <RoleFilter profile={profile} role={role} setRole={setRole} />
      <ProfileRequirements profile={profile} role={role} severity="required" />
      <ProfileRequirements profile={profile} role={role} severity="recommended" />
      <ProfileTables tables={profile.tables} />
      <ProfileRules profile={profile} />
      <ProfileVersions id={id} />
      <AsOf time={profile.as_of} />
    </>
  );
}

const stepsTo = (profile: PublishedProfile): Step[] =>
  profile.site
    ? [
        { href: '/', text: t.overview.title },
        { href: siteLink(profile.site.code), text: profile.site.name },
      ]
    : [{ href: profilesLink, text: t.profiles.title }];

function introOf({ requirements }: PublishedProfile): string {
  const required = requirements.filter(({ severity }) => severity === 'required').length;
  return s.intro(required, requirements.length - required);
}

function About({ profile }: { profile: PublishedProfile }) {
  const { site, supplements } = profile;
  return (
    <>
      {site && (
        <p>
          <strong>
            <Outside text={s.site(site.name)} />
          </strong>
          {' · '}
          <a href={profileLink(profile.id)}>{s.everyone}</a>
        </p>
      )}
      <dl class="inline-facts">
        <div>
          <dt>{s.labels.version}</dt>
          <dd>
            <code title={profile.version}>{shortVersion(profile.version)}</code>
          </dd>
        </div>
        <div>
          <dt>{s.labels.published}</dt>
          <dd>
            <Time time={profile.published_at} />
          </dd>
        </div>
        {!site && (
          <div>
            <dt>{s.labels.sites}</dt>
            <dd>{formatNumber(profile.sites)}</dd>
          </div>
        )}
        <div>
          <dt>{s.labels.source}</dt>
          <dd>
            <Outside text={said(profile.source)} />
          </dd>
        </div>
        {supplements.length > 0 && (
          <div>
            <dt>{s.supplements}</dt>
            <dd>
              <Outside
                text={supplements
                  .map(({ scope, code, title }) => `${said(title)} (${s.asked_by[scope]} ${code})`)
                  .join('; ')}
              />
            </dd>
          </div>
        )}
      </dl>
    </>
  );
}

/** What counts at the school although it fails. */
function WaivedHere({ profile }: { profile: PublishedProfile }) {
  const lines = profile.requirements.flatMap(({ id, title, waiver }) =>
    waiver ? [{ id, title, waiver }] : [],
  );
  if (lines.length === 0) return null;
  return (
    <section aria-labelledby="waived-title" class="waived-here">
      <h2 id="waived-title">{s.waived}</h2>
      <ul>
        {lines.map(({ id, title, waiver }) => (
          <li key={id}>
            <Outside text={said(title)} />{' '}
            <span class="secondary">
              {t.device.waived_until(formatDate(waiver.until, true))}{' '}
              <Outside text={waiver.reason} />
            </span>
          </li>
        ))}
      </ul>
      <p class="screen-only">
        <a href={waiversLink({ profile: profile.id })}>{t.waivers.title}</a>
      </p>
    </section>
  );
}

function roleOf(word: string | null): Role | '' {
  return word !== null && Object.hasOwn(t.roles, word) ? (word as Role) : '';
}

interface FilterProps {
  profile: PublishedProfile;
  role: Role | '';
  setRole: (role: Role | '') => void;
}

function RoleFilter({ profile, role, setRole }: FilterProps) {
  const n = profile.requirements.filter(({ roles }) => !role || roles.includes(role)).length;
  return (
    <div class="filter">
      <label class="usa-label" for="role">
        {s.role}
      </label>
      <select
        class="usa-input"
        id="role"
        value={role}
        onChange={(event) => setRole(roleOf(event.currentTarget.value))}
      >
        <option value="">{s.all_roles}</option>
        {Object.entries(t.roles).map(([word, text]) => (
          <option key={word} value={word}>
            {text}
          </option>
        ))}
      </select>
      <p class="filter-status" role="status">
        {s.showing(n, role ? t.roles[role] : s.all_roles)}
      </p>
    </div>
  );
}
