// SPDX-License-Identifier: Apache-2.0
// The rows behind a number of a school. The address says which; it is passed on to the API.
import type { DeviceList, Site } from './api';
import { DeviceTable } from './device_table';
import { DevicesFilters, filterNames } from './devices_filters';
import { useKeptOrder } from './kept_order';
import { siteLink } from './links';
import { useLive, usePaged } from './live';
import {
  AsOf,
  Breadcrumb,
  Empty,
  Failed,
  Loading,
  NotUpdated,
  Outside,
  ShowMore,
  SortAgain,
  Title,
} from './parts';
import { t } from './strings';

const s = t.devices;

export function DevicesPage({ code, query }: { code: string; query: URLSearchParams }) {
  const path = devicesPath(code, query);
  const { data, problem, refresh, hasMore, more } = usePaged<DeviceList>(path);
  const site = useLive<Site>(`/v1/sites/${encodeURIComponent(code)}`);
  const devices = data?.flatMap((part) => part.devices) ?? [];
  const kept = useKeptOrder(path, devices, (device) => device.id);

  const first = data?.[0];
  if (!first || (!site.data && !site.problem))
    return problem ? <Failed problem={problem} retry={refresh} /> : <Loading />;

  const name = site.data?.name ?? code;
  const title = titleOf(devices.length, hasMore, first.total);
  return (
    <>
      <Breadcrumb
        steps={[
          { href: '/', text: t.overview.title },
          { href: siteLink(code), text: name },
        ]}
      />
      <Title text={`${title} – ${name}`}>
        <span data-rows={devices.length}>{title}</span>
      </Title>
      <DevicesFilters code={code} query={query} site={site.data} />
      <NotUpdated problem={problem} retry={refresh} />
      <SortAgain {...kept} />
      {devices.length > 0 ? (
        <DeviceTable caption={s.caption(name)} devices={kept.rows} />
      ) : (
        <Empty>
          {s.empty}{' '}
          <a href={siteLink(code)}>
            <Outside text={name} />
          </a>
        </Empty>
      )}
      <ShowMore hasMore={hasMore} more={more} rows={devices.length} />
      <AsOf time={first.as_of} />
    </>
  );
}

function titleOf(shown: number, hasMore: boolean, total: number | null): string {
  if (!hasMore) return s.count(shown);
  return total === null ? s.count_more(shown) : s.count_of(shown, total);
}

function devicesPath(code: string, query: URLSearchParams): string {
  const passed = new URLSearchParams({ limit: '100' });
  for (const name of filterNames) {
    const value = query.get(name);
    if (value !== null) passed.set(name, value);
  }
  return `/v1/sites/${encodeURIComponent(code)}/devices?${passed}`;
}
