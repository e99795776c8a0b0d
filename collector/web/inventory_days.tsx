// SPDX-License-Identifier: Apache-2.0
// The kinds of what does not fit together, and how many days without a word are too many.
import type { FindingKind } from './api';
import { Form, SelectField, useForm } from './form';
import { queryLink } from './links';
import { go } from './route';
import { t } from './strings';

const s = t.inventory;

export const findingKinds = Object.keys(s.kinds) as FindingKind[];
export const defaultDays = '30';
const daysOffered = ['7', '14', '30', '60', '90', '180', '366'];

/** The API refuses what it does not know, so an address from elsewhere is cut down to these. */
export const kindOf = (query: URLSearchParams): FindingKind | '' =>
  findingKinds.find((kind) => kind === query.get('kind')) ?? '';
export function daysOf(query: URLSearchParams): string {
  const days = query.get('days') ?? '';
  return /^[1-9]\d{0,2}$/.test(days) && Number(days) <= 366 ? days : defaultDays;
}

/** For an address: what goes without saying is left away. */
export const daysIn = (days: string): string => (days === defaultDays ? '' : days);

interface Props {
  path: string;
  days: string;
  /** What else stays in the address. */
  keep: Record<string, string>;
  /** Another choice, by its name in the address. */
  more?: { name: string; label: string; options: [string, string][]; value: string };
}

export function DaysForm({ path, days, keep, more }: Props) {
  const form = useForm({
    id: 'inventory',
    start: { days, ...(more && { [more.name]: more.value }) },
    missing: {},
    send: (values) =>
      Promise.resolve(
        go(queryLink(path, { ...keep, ...values, days: daysIn(values['days'] ?? '') })),
      ),
  });
  const offered = [...new Set([...daysOffered, days])].sort((a, b) => Number(a) - Number(b));
  return (
    <Form form={form} submit={s.show} busy={s.show} class="filter-form">
      {more && (
        <SelectField form={form} name={more.name} label={more.label} options={more.options} />
      )}
      <SelectField
        form={form}
        name="days"
        label={s.days}
        options={offered.map((it) => [it, s.days_words(Number(it))])}
      />
    </Form>
  );
}
