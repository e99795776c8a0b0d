// SPDX-License-Identifier: Apache-2.0
// The rows behind a number of a school. The address says which; it is passed on to the API.
import type { DeviceList, Site, State } from './api';
import { DeviceTable } from './device_table';
import { useKeptOrder } from './kept_order';
import { rowsLink, siteLink } from './links';
import { useLive, usePaged } from './live';
import { AsOf, Breadcrumb, Empty, Failed, Loading, NotUpdated, Outside, ShowMore, SortAgain, Title } from './parts';
import { t } from './strings';

const s = t.devices;

/** The API refuses what it does not know, so an address from elsewhere is cut down to these. */
const filterNames = ['state', 'fix', 'requirement', 'passes', 'room', 'expected'] as const;

export function DevicesPage({ code, query }: { code: string; query: URLSearchParams }) {
  const path = devicesPath(code, query);
  const { data, problem, refresh, hasMore, more } = usePaged<DeviceList>(path);
  const site = useLive<Site>(`/v1/sites/${encodeURIComponent(code)}`).data;
  const devices = data?.flatMap((part) => part.devices) ?? [];
  const kept = useKeptOrder(path, devices, (device) => device.id);

  const first = data?.[0];
  if (!first || (!site && !problem))
    return problem ? <Failed problem={problem} retry={refresh} /> : <Loading />;

  const name = site?.name ?? code;
  const filters = filterWords(query, site);
  const title = hasMore ? s.count_more(devices.length) : s.count(devices.length);
  return (
    <>
      <Breadcrumb steps={[{ href: '/', text: t.overview.title }, { href: siteLink(code), text: name }]} />
      <Title text={`${title} – ${name}`}><span data-rows={devices.length}>{title}</span></Title>
      {filters.length > 0 ? (
        <div class="filters">
          <p>{s.filters}</p>
          <ul>{filters.map((words) => <li key={words}><Outside text={words} /></li>)}</ul>
          <p><a class="screen-only" href={rowsLink(code)}>{s.show_all}</a></p>
        </div>
      ) : <p class="secondary">{s.all}</p>}
      <NotUpdated problem={problem} retry={refresh} />
      <SortAgain {...kept} />
      {devices.length > 0
        ? <DeviceTable caption={s.caption(name)} devices={kept.rows} />
        : <Empty>{s.empty} <a href={siteLink(code)}><Outside text={name} /></a></Empty>}
      <ShowMore hasMore={hasMore} more={more} rows={devices.length} />
      <AsOf time={first.as_of} />
    </>
  );
}

function devicesPath(code: string, query: URLSearchParams): string {
  const passed = new URLSearchParams({ limit: '100' });
  for (const name of filterNames) {
    const value = query.get(name);
    if (value !== null)
      passed.set(name, value);
  }
  return `/v1/sites/${encodeURIComponent(code)}/devices?${passed}`;
}

/** The filters of the address in words. */
function filterWords(query: URLSearchParams, site: Site | undefined): string[] {
  const words: Record<(typeof filterNames)[number], (value: string) => string> = {
    state: (value) => s.by_state(value.split(',').map(stateWord).join(s.or)),
    fix: (value) => s.by_fix(site?.fixes.find((fix) => fix.id === value)?.text ?? value),
    requirement: (value) => s.by_requirement(value),
    passes: (value) => s.by_passes(value),
    room: (value) => (value ? s.by_room(value) : s.by_no_room),
    expected: (value) => (value === 'true' ? s.by_expected : s.by_unexpected),
  };
  return filterNames.flatMap((name) => {
    const value = query.get(name);
    return value === null ? [] : [words[name](value)];
  });
}

const stateWord = (state: string): string =>
  (Object.hasOwn(t.states, state) ? t.states[state as State] : state).toLowerCase();
