// SPDX-License-Identifier: Apache-2.0
// What was published of a profile and when.
import type { ProfileVersionList } from './api';
import { shortVersion } from './format';
import { usePaged } from './live';
import { Head, NotUpdated, Outside, ShowMore, Table, Time } from './parts';
import { t } from './strings';

const s = t.profile;
const c = s.history_columns;

export function ProfileVersions({ id }: { id: string }) {
  const { data, problem, refresh, hasMore, more } = usePaged<ProfileVersionList>(
    `/v1/profiles/${encodeURIComponent(id)}/versions?limit=20`,
  );
  const versions = data?.flatMap((part) => part.versions) ?? [];
  return (
    <section aria-labelledby="versions-title">
      <h2 id="versions-title">{s.history}</h2>
      <NotUpdated problem={problem} retry={refresh} />
      {versions.length > 0 && (
        <Table
          caption={s.history_caption}
          class="versions-table"
          head={
            <>
              <Head text={c.version} />
              <Head text={c.published} />
              <Head text={c.title} />
              <Head text={c.current} />
            </>
          }
        >
          {versions.map((line) => (
            <tr key={`${line.version} ${line.published_at}`}>
              <th scope="row">
                <code title={line.version}>{shortVersion(line.version)}</code>
              </th>
              <td class="nowrap">
                <Time time={line.published_at} />
              </td>
              <td>{line.title === null ? t.profiles.unreadable : <Outside text={line.title} />}</td>
              <td>{line.current ? t.yes : t.no}</td>
            </tr>
          ))}
        </Table>
      )}
      <ShowMore hasMore={hasMore} more={more} rows={versions.length} />
    </section>
  );
}
