// SPDX-License-Identifier: Apache-2.0
// The forms to move, retire and restore a device.
import { write, type Device, type Placement, type PlacementRequest } from './api';
import { placementsPath } from './device_place';
import { Form, SelectField, TextField, useForm, type FormState, type Mistake } from './form';
import { PlaceField, chosenPlace } from './place_field';
import { usePlaces, type Place } from './places';
import { t } from './strings';

const s = t.placement;

interface Props {
  device: Device;
  onPlaced: (placement: Placement) => Promise<void>;
}

type Values = Record<string, string>;

const send = async ({ device, onPlaced }: Props, body: PlacementRequest): Promise<void> =>
  onPlaced(
    await write<Placement>('POST', placementsPath(device), {
      body,
      version: device.place_version,
    }),
  );

const dayOf = (values: Values) => (values['on'] ? { on: values['on'] } : {});

const DayField = ({ form }: { form: FormState }) => (
  <TextField form={form} name="on" label={s.on} hint={s.on_hint} type="date" />
);

const roleOptions = Object.entries(t.roles);

/** Only what is another than before: what one does not change, others may. */
function moveOf(device: Device, values: Values, others: Place[]): PlacementRequest {
  const site = values['find'] || values['code'] ? chosenPlace(others, values)?.code : undefined;
  const room = (values['room'] ?? '').trim();
  const role = values['role'] as Device['role'];
  return {
    kind: 'move',
    ...(site && { site }),
    ...((site ? room !== '' && room !== device.room : room !== device.room) && { room }),
    ...(role !== device.role && { role }),
    ...dayOf(values),
  };
}

export function MoveForm({ isWhole, ...props }: Props & { isWhole: boolean }) {
  const { device } = props;
  const places = usePlaces();
  const others = places.all.filter(
    ({ scope, code }) => scope === 'site' && code !== device.site.code,
  );
  const form = useForm({
    id: 'move',
    start: { find: '', code: '', room: device.room, role: device.role, on: '', site: '' },
    missing: {},
    check: (values) => moveMistake(device, values, others),
    send: (values) => send(props, moveOf(device, values, others)),
  });
  return (
    <Form form={form} submit={isWhole ? s.move : s.move_room} busy={s.busy}>
      <p>{isWhole ? s.move_explain : s.move_room_explain}</p>
      {isWhole && others.length > 0 && (
        <fieldset class="usa-fieldset">
          <legend class="usa-legend">{s.other_school}</legend>
          <PlaceField form={form} scope="site" all={others} isComplete={places.isComplete} />
        </fieldset>
      )}
      <TextField
        form={form}
        name="room"
        label={s.room}
        hint={isWhole && others.length > 0 ? s.room_hint : undefined}
        maxLength={128}
      />
      {isWhole && <SelectField form={form} name="role" label={s.role} options={roleOptions} />}
      <DayField form={form} />
    </Form>
  );
}

function moveMistake(device: Device, values: Values, others: Place[]): Mistake | null {
  if ((values['find'] || values['code']) && !chosenPlace(others, values))
    return { name: 'code', text: t.place.missing, by: 'find' };
  const { kind: _kind, ...rest } = moveOf(device, values, others);
  return Object.keys(rest).some((name) => name !== 'on')
    ? null
    : { name: 'room', text: s.nothing_changed };
}

export function RetireForm(props: Props) {
  const form = useForm({
    id: 'retire',
    start: { reason: 'lost', note: '', on: '' },
    missing: {},
    check: ({ reason, note }) =>
      reason === 'other' && !note?.trim() ? { name: 'note', text: s.note_missing } : null,
    send: (values) => {
      const note = (values['note'] ?? '').trim();
      return send(props, {
        kind: 'retire',
        reason: values['reason'] as keyof typeof s.reasons,
        ...(note && { note }),
        ...dayOf(values),
      });
    },
  });
  return (
    <Form form={form} submit={s.retire} busy={s.busy}>
      <p>{s.retire_explain}</p>
      <SelectField form={form} name="reason" label={s.reason} options={Object.entries(s.reasons)} />
      <TextField form={form} name="note" label={s.note} hint={s.note_hint} maxLength={500} />
      <DayField form={form} />
    </Form>
  );
}

export function RestoreForm(props: Props) {
  const form = useForm({
    id: 'restore',
    start: {},
    missing: {},
    send: () => send(props, { kind: 'restore' }),
  });
  return (
    <Form form={form} submit={s.restore} busy={s.busy}>
      <p>{s.restore_explain}</p>
    </Form>
  );
}
