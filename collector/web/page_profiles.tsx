// SPDX-License-Identifier: Apache-2.0
// What is published: the requirements of each programme and year, and how far they are applied.
import type { PublishedProfileList, PublishedProfileSummary } from './api';
import { formatNumber, said, shortVersion } from './format';
import { profileLink } from './links';
import { useList } from './list';
import { Empty, Head, Outside, Table, Time, Title, Verdict } from './parts';
import { t } from './strings';

const s = t.profiles;
const c = s.columns;

export function ProfilesPage() {
  const list = useList('/v1/profiles?limit=100', (part: PublishedProfileList) => part.profiles);
  if (!list.first) return list.instead;
  const { rows: profiles } = list;
  return (
    <>
      <Title text={s.title} />
      {profiles.length === 0 ? (
        <>
          <h2>{s.empty_title}</h2>
          <Empty command={s.empty_command}>{s.empty}</Empty>
        </>
      ) : (
        <>
          <Summary profiles={profiles} />
          {list.notUpdated}
          <Table
            caption={s.caption}
            class="profiles-table"
            head={
              <>
                <Head text={c.programme} />
                <Head text={c.version} />
                <Head text={c.published} />
                <Head text={c.sites} number />
                <Head text={c.judging} number />
              </>
            }
          >
            {profiles.map((profile) => (
              <Row key={profile.id} profile={profile} />
            ))}
          </Table>
          {list.showMore}
        </>
      )}
      {list.asOf}
    </>
  );
}

function Summary({ profiles }: { profiles: PublishedProfileSummary[] }) {
  const sum = (of: 'sites_left' | 'devices_left') =>
    profiles.reduce((all, { judging }) => all + judging[of], 0);
  const isJudging = sum('sites_left') > 0;
  return (
    <Verdict
      tone={isJudging ? 'unknown' : 'ready'}
      sentence={s.verdict(profiles.length)}
      next={isJudging ? s.judging(sum('devices_left'), sum('sites_left')) : s.all_applied}
    />
  );
}

const Row = ({ profile }: { profile: PublishedProfileSummary }) => (
  <tr data-profile={profile.id}>
    <th scope="row">
      <a href={profileLink(profile.id)}>
        <Outside text={profile.title === null ? profile.id : said(profile.title)} />
      </a>
      <span class="secondary">
        {profile.title === null ? s.unreadable : <code>{profile.id}</code>}
      </span>
    </th>
    <td>
      <code title={profile.version}>{shortVersion(profile.version)}</code>
    </td>
    <td class="nowrap">
      <Time time={profile.published_at} />
    </td>
    <td class="number">{formatNumber(profile.sites)}</td>
    <td class="number">{formatNumber(profile.judging.devices_left)}</td>
  </tr>
);
