// SPDX-License-Identifier: Apache-2.0
// API tokens: which programs ask in whose name, and for those who may, making and revoking them.
import { useState } from 'preact/hooks';
import { announce } from './announce';
import { Ask } from './ask';
import { write, type Token, type TokenList, type TokenMade } from './api';
import { Form, TextField, useForm } from './form';
import { formatDate, whoText } from './format';
import { tokensLink } from './links';
import { useList } from './list';
import { UsableMark } from './marks';
import { GoodOrAll } from './page_keys';
import { Empty, Head, Outside, Table, Title, UsedHour } from './parts';
import { RoleFields, chosenGrant, roleMistake, roleStart } from './place_field';
import { giftOf, grantWords, usePlaces } from './places';
import { Made } from './secret';
import { may, useSession } from './session';
import { t } from './strings';

const s = t.tokens;

export function TokensPage({ query }: { query: URLSearchParams }) {
  const isAll = query.get('state') === 'all';
  const path = `/v1/tokens?limit=100&state=${isAll ? 'all' : 'good'}`;
  const list = useList(path, (part: TokenList) => part.tokens);
  const [made, setMade] = useState<TokenMade | null>(null);
  if (!list.first) return list.instead;
  const { rows: tokens, refresh } = list;
  const onMade = (next: TokenMade) => {
    setMade(next);
    void refresh();
  };
  return (
    <>
      <Title text={t.nav.tokens} />
      <p class="explain">{s.explain}</p>
      {list.notUpdated}
      {made && <Made title={s.made(made.name)} once={s.once} text={made.token} what={s.token} />}
      <GoodOrAll isAll={isAll} path={tokensLink} />
      {tokens.length === 0 ? (
        <Empty>{s.empty}</Empty>
      ) : (
        <TokenTable tokens={tokens} refresh={refresh} />
      )}
      {list.showMore}
      {may('give_roles') ? (
        <TokenForm onMade={onMade} />
      ) : (
        <p>{t.refused_here(t.actions.give_roles)}</p>
      )}
      {list.asOf}
    </>
  );
}

interface TableProps {
  tokens: Token[];
  refresh: () => Promise<void>;
}

function TokenTable({ tokens, refresh }: TableProps) {
  const places = usePlaces();
  const c = s.columns;
  const revoke = async ({ id, name }: Token) => {
    await write('DELETE', `/v1/tokens/${id}`);
    await refresh();
    announce(s.revoked(name));
  };
  return (
    <Table
      caption={s.caption}
      class="tokens-table"
      head={
        <>
          <Head text={c.name} />
          <Head text={c.role} />
          <Head text={c.owner} />
          <Head text={c.state} />
          <Head text={c.used} />
          <Head text={c.expires} />
          <Head text={c.act} />
        </>
      }
    >
      {tokens.map((token) => (
        <tr
          key={token.id}
          data-token={token.name}
          class={token.state === 'good' ? undefined : 'row-stale'}
        >
          <th scope="row">
            <Outside text={token.name} />
          </th>
          <td>
            <Outside text={grantWords(token, places)} />
          </td>
          <td>
            <Outside text={token.owner ?? s.no_owner} />
          </td>
          <td>
            <UsableMark state={token.state} />
            {token.state === 'owner_over' && <span class="secondary">{s.owner_over}</span>}
            {token.revoked_by && (
              <span class="secondary">
                <Outside text={s.revoked_by(whoText(token.revoked_by))} />
              </span>
            )}
          </td>
          <td>{token.used_at ? <UsedHour time={token.used_at} /> : t.people.never}</td>
          <td class="nowrap">{formatDate(token.expires_at.slice(0, 10), true)}</td>
          <td class="waiver-act">
            {token.state !== 'revoked' && token.state !== 'expired' && may('give_roles') && (
              <Ask
                isPlain
                text={s.revoke}
                what={token.name}
                question={s.revoke_ask}
                yes={s.revoke_yes}
                act={() => revoke(token)}
              />
            )}
          </td>
        </tr>
      ))}
    </Table>
  );
}

function TokenForm({ onMade }: { onMade: (made: TokenMade) => void }) {
  const { state } = useSession();
  const places = usePlaces();
  const gift = giftOf(state.phase === 'in' ? state.session.grants : []);
  const form = useForm({
    id: 'token',
    start: { name: '', ...roleStart, role: 'viewer', days: '90' },
    missing: { name: s.name_missing, days: t.keys.days_missing },
    check: (values) =>
      roleMistake(values, gift, places) ??
      (/^\d+$/.test(values['days'] ?? '') &&
      +(values['days'] ?? 0) >= 1 &&
      +(values['days'] ?? 0) <= 366
        ? null
        : { name: 'days', text: t.keys.number(366) }),
    send: async (values) => {
      const body = {
        name: values['name']?.trim(),
        days: Number(values['days']),
        ...chosenGrant(values, gift, places),
      };
      onMade(await write<TokenMade>('POST', '/v1/tokens', { body }));
    },
  });
  return (
    <section aria-labelledby="make-title" class="screen-only">
      <h2 id="make-title">{s.make}</h2>
      <Form form={form} submit={s.submit} busy={s.submitting}>
        <TextField form={form} name="name" label={s.name} hint={s.name_hint} maxLength={100} />
        <RoleFields form={form} gift={gift} places={places} />
        <TextField form={form} name="days" label={t.keys.days} inputMode="numeric" maxLength={3} />
      </Form>
    </section>
  );
}
