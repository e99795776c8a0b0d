// SPDX-License-Identifier: Apache-2.0
// One school: the verdict, what to do next, and the evidence for both.
import { useEffect, useRef, useState } from 'preact/hooks';
import { announce } from './announce';
import type { DeviceList, Site } from './api';
import { DeviceTable } from './device_table';
import { formatPercent, said, shortVersion } from './format';
import { useKeptOrder } from './kept_order';
import {
  browserRows,
  freshRows,
  importInventoryLink,
  inventoryRows,
  leaLink,
  profileLink,
  rowsLink,
} from './links';
import { useLive, usePaged } from './live';
import { NoDevices } from './nothing_yet';
import {
  Announced,
  AsOf,
  Breadcrumb,
  Count,
  Failed,
  Loading,
  NotUpdated,
  Outside,
  ShowMore,
  SortAgain,
  Title,
  Verdict,
} from './parts';
import { may } from './session';
import { SiteContacts } from './site_contacts';
import { SiteRooms } from './site_rooms';
import { SiteRules } from './site_rules';
import { SiteTiles } from './site_tiles';
import { SiteWork } from './site_work';
import { t } from './strings';
import { WindowRange, windowLeft } from './test_window';

const s = t.site;

export function SitePage({ code }: { code: string }) {
  const { data: site, problem, refresh } = useLive<Site>(`/v1/sites/${encodeURIComponent(code)}`);
  if (!site) return problem ? <Failed problem={problem} retry={refresh} /> : <Loading />;
  const sentence = t.told?.site(site) ?? site.sentence;
  return (
    <>
      <Breadcrumb steps={[{ href: '/', text: t.overview.title }]} />
      <Title text={site.name} />
      <SiteFacts site={site} />
      <Verdict
        tone={siteTone(site)}
        sentence={sentence}
        next={t.told?.site_next(site) ?? site.next_action}
        label={s.next}
      />
      <Announced sentence={sentence} />
      <NotUpdated problem={problem} retry={refresh} />
      <Judging site={site} />
      <SiteTiles site={site} />
      <InventoryLinks code={code} />
      <div class="columns">
        <SiteWork site={site} />
        <SiteRules site={site} />
      </div>
      <SiteRooms site={site} />
      <SiteContacts site={site} />
      <SiteDevices code={code} name={site.name} />
      <AsOf time={site.as_of} />
    </>
  );
}

function siteTone(site: Site): string {
  if (site.certifiable) return 'ready';
  return site.tiles.needs_work > 0 ? 'not_ready' : 'warning';
}

const SiteFacts = ({ site }: { site: Site }) => (
  <dl class="inline-facts">
    <div>
      <dt class="usa-sr-only">{t.device.labels.site}</dt>
      <dd>
        <a href={leaLink(site.lea.code)} data-lea>
          <Outside text={site.lea.name} />
        </a>
        <Outside text={` · ${site.code}`} />
      </dd>
    </div>
    <div>
      <dt>{t.window.label}</dt>
      <dd>
        <WindowRange window={site.window} />
        {site.window && <strong class="nowrap"> {windowLeft(site.window)}</strong>}
      </dd>
    </div>
    <div>
      <dt>{s.coverage}</dt>
      <dd>
        <Count href={freshRows(site.code)} what={t.overview.coverage_of(site.fresh, site.expected)}>
          {formatPercent(site.coverage_percent)}
        </Count>
      </dd>
    </div>
    <div>
      <dt>{s.browser}</dt>
      <dd>
        <Count
          href={browserRows(site.code)}
          what={t.overview.browser_of(site.browser_current, site.browser_expected)}
        >
          {formatPercent(site.browser_percent)}
        </Count>
      </dd>
    </div>
    <div>
      <dt>{s.requirements}</dt>
      <dd>
        <JudgedBy site={site} />
      </dd>
    </div>
  </dl>
);

/** What the school is judged by, and the way to read it. */
function JudgedBy({ site }: { site: Site }) {
  const { profile } = site;
  if (!profile) return <>{site.window ? s.no_profile : t.window.none}</>;
  const link = profileLink(profile.id, site.code);
  return (
    <span data-profile>
      <Outside text={said(profile.title)} />
      {s.comma}
      <span class="nowrap">{s.version(shortVersion(profile.version))}</span>{' '}
      <a href={link}>{s.read_them}</a>
      {profile.waivers.length > 0 && (
        <>
          {' · '}
          <a href={link}>{s.waivers(profile.waivers.length)}</a>
        </>
      )}
      {profile.supplements.length > 0 && (
        <span class="secondary">
          {' '}
          {s.beyond} <Outside text={said(profile.supplements.map(({ title }) => title).join('; '))} />
        </span>
      )}
    </span>
  );
}

const InventoryLinks = ({ code }: { code: string }) => (
  <p class="all-devices screen-only" data-inventory>
    <a href={inventoryRows(code)}>{t.inventory.site_link}</a>
    {may('mend_inventory') && (
      <>
        {' · '}
        <a href={importInventoryLink}>{t.inventory.site_import}</a>
      </>
    )}
  </p>
);

/** While it lasts; that it is over is said to those who do not see that it went. */
function Judging({ site }: { site: Site }) {
  const left = site.profile?.judging?.devices_left;
  const was = useRef(left);
  useEffect(() => {
    if (was.current !== undefined && left === undefined) announce(s.judged);
    was.current = left;
  }, [left]);
  if (left === undefined) return null;
  return (
    <p class="notice tone-unknown" data-judging>
      {s.judging(left)}
    </p>
  );
}

/** All devices of the school, also those that the inventory does not list. */
function SiteDevices({ code, name }: { code: string; name: string }) {
  const [path] = useState(`/v1/sites/${encodeURIComponent(code)}/devices?limit=100`);
  const { data, problem, refresh, hasMore, more } = usePaged<DeviceList>(path);
  const devices = data?.flatMap((part) => part.devices) ?? [];
  const kept = useKeptOrder(path, devices, (device) => device.id);
  return (
    <section aria-labelledby="devices-title">
      <h2 id="devices-title">{s.devices_title}</h2>
      <NotUpdated problem={problem} retry={refresh} />
      {data && devices.length === 0 && (
        <NoDevices />
      )}
      {!data && !problem && <Loading />}
      <SortAgain {...kept} />
      {devices.length > 0 && (
        <>
          <DeviceTable caption={t.devices.caption(name)} devices={kept.rows} />
          <ShowMore hasMore={hasMore} more={more} rows={devices.length} />
          <p class="all-devices screen-only">
            <a href={rowsLink(code)}>{s.all_devices}</a>
          </p>
        </>
      )}
    </section>
  );
}
