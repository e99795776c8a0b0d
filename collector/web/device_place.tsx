// SPDX-License-Identifier: Apache-2.0
// Where a device is: moving, retiring and restoring it, what was done, and taking that back.
import { useState } from 'preact/hooks';
import { announce } from './announce';
import { write, type Device, type Placement } from './api';
import { Act } from './ask';
import { MoveForm, RestoreForm, RetireForm } from './device_place_forms';
import { formatDate, formatTime, said, whoText } from './format';
import { DoneNotice, Outside } from './parts';
import { may } from './session';
import { t } from './strings';

const s = t.placement;

/** What was done last, here and now; @placement: what can be taken back of it. */
interface Done {
  sentence: string;
  placement: Placement | null;
}

interface Props {
  device: Device;
  refresh: () => Promise<void>;
}

export const placementsPath = (device: Device): string =>
  `/v1/devices/${encodeURIComponent(device.id)}/placements`;

export function DevicePlace({ device, refresh }: Props) {
  const [done, setDone] = useState<Done | null>(null);
  const canPlace = may('mend_inventory') || may('mend_devices');
  if (!canPlace && device.placements.length === 0) return null;
  const onDone = async (next: Done) => {
    // First: taking it back names the version that the device has now.
    await refresh();
    setDone(next);
    announce(next.sentence);
  };
  const onPlaced = (placement: Placement) =>
    onDone({ sentence: sentenceOf(placement), placement });
  const onTaken = (placement: Placement) =>
    onDone({
      sentence: placement.status === 'cancelled' ? s.cancelled : s.undone,
      placement: null,
    });
  return (
    <section aria-labelledby="place-title" id="place">
      <h2 id="place-title">{s.title}</h2>
      {device.heard_since_retired && (
        <p class="notice tone-warning" data-heard>
          {s.heard(formatTime(device.heard_since_retired))}
        </p>
      )}
      {done && (
        <DoneNotice done={done} tone="ready">
          <p>{done.sentence}</p>
          {done.placement && (
            <TakeBack device={device} placement={done.placement} onTaken={onTaken} />
          )}
        </DoneNotice>
      )}
      {canPlace && <Forms device={device} onPlaced={onPlaced} />}
      {device.placements.length > 0 && (
        <Past device={device} canPlace={canPlace} onTaken={onTaken} />
      )}
    </section>
  );
}

const sentenceOf = ({ status, kind, on }: Placement): string =>
  status === 'planned' ? s.planned(formatDate(on ?? '', true)) : s.done[kind];

interface TakenProps {
  device: Device;
  onTaken: (placement: Placement) => Promise<void>;
}

const TakeBack = ({ device, placement, onTaken }: TakenProps & { placement: Placement }) => (
  <Act
    text={placement.status === 'planned' ? s.cancel_plan : s.undo}
    what={headOf(placement)}
    act={async () => {
      const path = `${placementsPath(device)}/${placement.number}`;
      await onTaken(await write<Placement>('DELETE', path, { version: device.place_version }));
    }}
  />
);

interface FormsProps {
  device: Device;
  onPlaced: (placement: Placement) => Promise<void>;
}

/** Closed until somebody wants one of them: the page is read far more often than used so. */
function Forms({ device, onPlaced }: FormsProps) {
  const isRetired = device.state === 'retired';
  const isWhole = may('mend_devices');
  const turn = `${device.place_version}`;
  return (
    <div class="screen-only">
      {!isRetired && (
        <details key={`move-${turn}`}>
          <summary>{isWhole ? s.move : s.move_room}</summary>
          <MoveForm device={device} isWhole={isWhole} onPlaced={onPlaced} />
        </details>
      )}
      {!isRetired && isWhole && (
        <details key={`retire-${turn}`}>
          <summary>{s.retire}</summary>
          <RetireForm device={device} onPlaced={onPlaced} />
        </details>
      )}
      {isRetired && isWhole && (
        <details key={`restore-${turn}`}>
          <summary>{s.restore}</summary>
          <RestoreForm device={device} onPlaced={onPlaced} />
        </details>
      )}
    </div>
  );
}

const headOf = ({ kind, status }: Placement): string =>
  status === 'done' || status === 'undone' ? s.kinds[kind] : s.plans[kind];

function whenOf(placement: Placement): string {
  const { status, on, done_at, ended_at } = placement;
  if (status === 'planned') return s.statuses.planned(formatDate(on ?? '', true));
  const time = formatTime((status === 'done' ? done_at : ended_at) ?? placement.asked_at);
  return s.statuses[status](time);
}

function spotText({ site, room, role }: Placement['to']): string {
  return s.spot(site ? site.name : s.other_place, room ?? '', role ? t.roles[role] : '');
}

function Past({ device, canPlace, onTaken }: TakenProps & { canPlace: boolean }) {
  return (
    <>
      <h3>{s.past}</h3>
      <ul class="placements">
        {device.placements.map((placement) => (
          <li key={placement.number} data-placement={placement.number}>
            <strong>{headOf(placement)}</strong> {whenOf(placement)},{' '}
            <Outside text={s.by(whoText(placement.asked_by))} />
            {placement.kind === 'move' && (
              <div>
                <Outside text={s.from_to(spotText(placement.from), spotText(placement.to))} />
              </div>
            )}
            {placement.reason && (
              <div>
                {s.reasons[placement.reason]}
                {placement.note && ': '}
                {placement.note && <Outside text={placement.note} />}
              </div>
            )}
            {placement.why && (
              <div>
                <Outside text={said(placement.why)} />
              </div>
            )}
            {canPlace && placement.can_take_back && (
              <TakeBack device={device} placement={placement} onTaken={onTaken} />
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
