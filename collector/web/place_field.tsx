// SPDX-License-Identifier: Apache-2.0
// Choosing a school or an LEA by typing a part of its name, and a role with the place where it
// holds. What was typed stays in the form's values `find` and `code`.
import type { Grant, PersonRole, Scope } from './api';
import { SelectField, TextField, type FormState, type Mistake } from './form';
import type { Gift, Place, Places } from './places';
import { t } from './strings';

const s = t.place;
const shownRows = 50;

type Values = Record<string, string>;

const fits = (place: Place, words: string): boolean =>
  `${place.name} ${place.code} ${place.lea.name}`.toLowerCase().includes(words);

function foundOf(all: Place[], values: Values): Place[] {
  const words = (values['find'] ?? '').trim().toLowerCase();
  return words ? all.filter((place) => fits(place, words)) : all;
}

/** What is chosen of @all; the only one that fits needs no choice. */
export function chosenPlace(all: Place[], values: Values): Place | undefined {
  const found = foundOf(all, values);
  return found.length === 1 ? found[0] : found.find(({ code }) => code === values['code']);
}

export const placeMistake = (all: Place[], values: Values): Mistake | null =>
  chosenPlace(all, values) ? null : { name: 'code', text: s.missing, by: 'find' };

interface PlaceProps {
  form: FormState;
  scope: Scope;
  all: Place[];
  isComplete: boolean;
}

const optionText = ({ scope, code, name, lea }: Place): string =>
  scope === 'site' ? s.site(name, code, lea.name) : s.lea(name, code);

export function PlaceField({ form, scope, all, isComplete }: PlaceProps) {
  const found = foundOf(all, form.values);
  const chosen = chosenPlace(all, form.values);
  const label = scope === 'site' ? s.site_label : s.lea_label;
  const status = !isComplete
    ? s.loading
    : found.length > shownRows
      ? s.too_many(shownRows, found.length)
      : s.found(found.length);
  return (
    <>
      {all.length > 1 && <TextField form={form} name="find" label={s.find} hint={s.find_hint} />}
      <SelectField
        form={form}
        name="code"
        label={label}
        value={chosen?.code ?? ''}
        size={Math.min(Math.max(found.length, 2), 6)}
        options={found.slice(0, shownRows).map((place) => [place.code, optionText(place)])}
      />
      <p class="secondary" role="status">
        {status}
      </p>
    </>
  );
}

interface RoleProps {
  form: FormState;
  gift: Gift;
  places: Places;
}

const roleOf = (values: Values, gift: Gift): PersonRole =>
  gift.roles.find((role) => role === values['role']) ?? gift.roles[0] ?? 'viewer';
const scopeOf = (values: Values, gift: Gift): Scope => {
  const scopes = gift.scopes(roleOf(values, gift));
  return scopes.find((scope) => scope === values['scope']) ?? scopes[0] ?? 'site';
};

/** The values that a role begins with. */
export const roleStart = { role: 'site_coordinator', scope: '', find: '', code: '' };

export function RoleFields({ form, gift, places }: RoleProps) {
  const role = roleOf(form.values, gift);
  const scopes = gift.scopes(role);
  const scope = scopeOf(form.values, gift);
  return (
    <>
      <SelectField
        form={form}
        name="role"
        label={s.role}
        value={role}
        hint={t.role_hints[role]}
        options={gift.roles.map((it) => [it, t.people_roles[it]])}
      />
      {scopes.length > 1 && (
        <SelectField
          form={form}
          name="scope"
          label={s.scope}
          value={scope}
          options={scopes.map((it) => [it, s.scopes[it]])}
        />
      )}
      {scope === 'state' ? (
        <p class="secondary">{s.everywhere}</p>
      ) : (
        <PlaceField
          key={scope}
          form={form}
          scope={scope}
          all={gift.places(places, scope)}
          isComplete={places.isComplete}
        />
      )}
    </>
  );
}

export function roleMistake(values: Values, gift: Gift, places: Places): Mistake | null {
  const scope = scopeOf(values, gift);
  return scope === 'state' ? null : placeMistake(gift.places(places, scope), values);
}

/** The grant that is chosen; roleMistake() must have found none. */
export function chosenGrant(values: Values, gift: Gift, places: Places): Grant {
  const scope = scopeOf(values, gift);
  const place = chosenPlace(gift.places(places, scope), values);
  return {
    role: roleOf(values, gift),
    scope,
    ...(scope !== 'state' && { code: place?.code ?? '' }),
  };
}
