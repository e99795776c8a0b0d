// SPDX-License-Identifier: Apache-2.0
// In place of schools, rooms and devices that are not there yet: what to do, for who may do it.
import { importInventoryLink, importsLink, keysLink, queryLink } from './links';
import { Empty } from './parts';
import { may } from './session';
import { t } from './strings';

const s = t.empty;

export const NoSchools = () => (
  <>
    <h2>{s.schools_title}</h2>
    {may('mend_sites') ? (
      <Empty command={s.schools_command}>
        {s.schools} <a href={queryLink(importsLink, { what: 'sites' })}>{s.schools_import}</a>.{' '}
        {s.schools_or}
      </Empty>
    ) : (
      <Empty>{s.schools_ask}</Empty>
    )}
  </>
);

export const NoRooms = () => (
  <Empty>
    {s.rooms} <Ways />
  </Empty>
);

export const NoDevices = () => (
  <Empty>
    {s.devices} <Ways hasKeys />
  </Empty>
);

function Ways({ hasKeys }: { hasKeys?: boolean }) {
  if (!may('mend_inventory')) return <>{s.ask}</>;
  return (
    <>
      <a href={importInventoryLink}>{s.to_inventory}</a>
      {hasKeys && may('give_keys') && (
        <>
          {' · '}
          <a href={keysLink}>{s.to_keys}</a>
        </>
      )}
    </>
  );
}
