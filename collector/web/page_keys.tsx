// SPDX-License-Identifier: Apache-2.0
// Enrolment keys: which there are, and for those who may, making and revoking them.
import { useState } from 'preact/hooks';
import { announce } from './announce';
import { Ask } from './ask';
import { write, type EnrollmentKey, type EnrollmentKeyList, type EnrollmentKeyMade } from './api';
import { Form, TextField, useForm } from './form';
import { formatDate, formatNumber } from './format';
import { keysLink, queryLink, siteLink } from './links';
import { useList } from './list';
import { UsableMark } from './marks';
import { Empty, Head, Outside, Table, Time, Title } from './parts';
import { PlaceField, chosenPlace, placeMistake } from './place_field';
import { placeName, usePlaces, type Places } from './places';
import { Made } from './secret';
import { may } from './session';
import { t } from './strings';

const s = t.keys;

export function KeysPage({ query }: { query: URLSearchParams }) {
  const isAll = query.get('state') === 'all';
  const path = `/v1/enrollment-keys?limit=100&state=${isAll ? 'all' : 'good'}`;
  const list = useList(path, (part: EnrollmentKeyList) => part.enrollment_keys);
  const [made, setMade] = useState<EnrollmentKeyMade | null>(null);
  const places = usePlaces();
  if (!list.first) return list.instead;
  const { rows: keys, refresh } = list;
  const onMade = (next: EnrollmentKeyMade) => {
    setMade(next);
    void refresh();
  };
  return (
    <>
      <Title text={t.nav.keys} />
      <p class="explain">{s.explain}</p>
      {list.notUpdated}
      {made && (
        <Made
          title={s.made(placeName(places, 'site', made.site))}
          once={s.once}
          text={made.key}
          what={s.key}
        />
      )}
      <GoodOrAll isAll={isAll} path={keysLink} />
      {keys.length === 0 ? (
        <Empty>{isAll ? s.empty_all : s.empty}</Empty>
      ) : (
        <KeyTable keys={keys} places={places} refresh={refresh} />
      )}
      {list.showMore}
      {may('give_keys') ? (
        <KeyForm places={places} onMade={onMade} />
      ) : (
        <p>{t.refused_here(t.actions.give_keys)}</p>
      )}
      {list.asOf}
    </>
  );
}

/** Those that can be used, or all. */
export const GoodOrAll = ({ isAll, path }: { isAll: boolean; path: string }) => (
  <nav class="whiches" aria-label={s.which}>
    <ul>
      <li>
        <a href={path} aria-current={isAll ? undefined : 'true'}>
          {s.good}
        </a>
      </li>
      <li>
        <a href={queryLink(path, { state: 'all' })} aria-current={isAll ? 'true' : undefined}>
          {s.all}
        </a>
      </li>
    </ul>
  </nav>
);

interface TableProps {
  keys: EnrollmentKey[];
  places: Places;
  refresh: () => Promise<void>;
}

function KeyTable({ keys, places, refresh }: TableProps) {
  const c = s.columns;
  const revoke = async ({ id }: EnrollmentKey) => {
    await write('DELETE', `/v1/enrollment-keys/${id}`);
    await refresh();
    announce(s.revoked(id));
  };
  return (
    <Table
      caption={s.caption}
      class="keys-table"
      head={
        <>
          <Head text={c.id} />
          <Head text={c.site} />
          <Head text={c.state} />
          <Head text={c.uses} number />
          <Head text={c.expires} />
          <Head text={c.created} />
          <Head text={c.act} />
        </>
      }
    >
      {keys.map((key) => (
        <tr key={key.id} data-key={key.id} class={key.state === 'good' ? undefined : 'row-stale'}>
          <th scope="row">
            <code>{key.id}</code>
          </th>
          <td>
            <a href={siteLink(key.site)}>
              <Outside text={placeName(places, 'site', key.site)} />
            </a>
          </td>
          <td>
            <UsableMark state={key.state} />
          </td>
          <td class="number">{key.uses_left === null ? s.any : formatNumber(key.uses_left)}</td>
          <td class="nowrap">{formatDate(key.expires_at.slice(0, 10), true)}</td>
          <td>
            <Time time={key.created_at} />
          </td>
          <td class="waiver-act">
            {key.state === 'good' && may('give_keys') && (
              <Ask
                isPlain
                text={s.revoke}
                what={key.id}
                question={s.revoke_ask}
                yes={s.revoke_yes}
                act={() => revoke(key)}
              />
            )}
          </td>
        </tr>
      ))}
    </Table>
  );
}

interface FormProps {
  places: Places;
  onMade: (made: EnrollmentKeyMade) => void;
}

const numberMistake = (name: string, text: string | undefined, most: number) =>
  text && !(/^\d+$/.test(text) && +text >= 1 && +text <= most)
    ? { name, text: s.number(most) }
    : null;

function KeyForm({ places, onMade }: FormProps) {
  const sites = places.all.filter(({ scope }) => scope === 'site');
  const form = useForm({
    id: 'key',
    start: { find: '', code: '', days: '30', uses: '' },
    missing: { days: s.days_missing },
    check: (values) =>
      placeMistake(sites, values) ??
      numberMistake('days', values['days'], 366) ??
      numberMistake('uses', values['uses'], 1_000_000),
    send: async (values) => {
      const body = {
        site: chosenPlace(sites, values)?.code,
        days: Number(values['days']),
        ...(values['uses'] && { uses: Number(values['uses']) }),
      };
      onMade(await write<EnrollmentKeyMade>('POST', '/v1/enrollment-keys', { body }));
    },
    explain: ({ pointer, detail }) => (pointer === '/site' ? { name: 'code', text: detail } : null),
  });
  return (
    <section aria-labelledby="make-title" class="screen-only">
      <h2 id="make-title">{s.make}</h2>
      <Form form={form} submit={s.submit} busy={s.submitting}>
        <PlaceField form={form} scope="site" all={sites} isComplete={places.isComplete} />
        <TextField form={form} name="days" label={s.days} inputMode="numeric" maxLength={3} />
        <TextField
          form={form}
          name="uses"
          label={s.uses}
          hint={s.uses_hint}
          inputMode="numeric"
          maxLength={7}
        />
      </Form>
    </section>
  );
}
