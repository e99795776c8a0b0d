// SPDX-License-Identifier: Apache-2.0
// One account: what it is, its roles, and what can be done with it.
import { useState } from 'preact/hooks';
import { announce } from './announce';
import { Ask } from './ask';
import { write, type Grant, type PersonAnswer, type PersonChange, type PersonPatch } from './api';
import { Form, TextField, useForm } from './form';
import { formatClock, formatDate, whoText } from './format';
import { InvitationNotice } from './invitation_notice';
import { accountLink, auditLink, peopleLink, queryLink } from './links';
import { useLive } from './live';
import { PersonMark } from './marks';
import { Used } from './page_people';
import { AsOf, Breadcrumb, Failed, Loading, NotUpdated, Outside, Title } from './parts';
import { SignOnChange, signOnText, useProvider } from './person_sign_on';
import { RoleFields, chosenGrant, roleMistake, roleStart } from './place_field';
import { giftOf, grantWords, usePlaces } from './places';
import { may, useSession } from './session';
import { t } from './strings';

const s = t.person;

interface Done {
  sentence: string;
  invited?: PersonChange;
}

export function PersonPage({ id }: { id: string }) {
  const { data, problem, refresh } = useLive<PersonAnswer>(`/v1/people/${id}`);
  const hasProvider = useProvider();
  const [done, setDone] = useState<Done | null>(null);
  if (!data) return problem ? <Failed problem={problem} retry={refresh} /> : <Loading />;
  const onDone = async (next: Done) => {
    // The link of an invitation is told this once: it waits for nothing.
    if (next.invited) setDone(next);
    // The next change names the version that the account has now.
    await refresh();
    setDone(next);
    announce(next.sentence);
  };
  return (
    <>
      <Breadcrumb steps={[{ href: peopleLink, text: t.people.title }]} />
      <Title text={data.name} />
      <NotUpdated problem={problem} retry={refresh} />
      {done?.invited && <InvitationNotice person={done.invited} sentence={done.sentence} />}
      {done && !done.invited && (
        <p class="notice tone-ready" data-done>
          <Outside text={done.sentence} />
        </p>
      )}
      <About person={data} signOn={signOnText(data, hasProvider)} />
      <Roles person={data} onDone={onDone} />
      <Changes person={data} hasProvider={hasProvider} onDone={onDone} />
      {may('see_audit') && (
        <p class="screen-only">
          <a href={queryLink(auditLink, { account: data.id })}>{s.to_audit}</a>
        </p>
      )}
      <AsOf time={data.as_of} />
    </>
  );
}

const About = ({ person, signOn }: { person: PersonAnswer; signOn: string }) => (
  <section aria-labelledby="about-title">
    <h2 id="about-title">{s.about}</h2>
    <dl class="about">
      <div>
        <dt>{t.account.labels.login}</dt>
        <dd>
          <Outside text={person.login} />
        </dd>
      </div>
      <div>
        <dt>{t.people.columns.state}</dt>
        <dd>
          <PersonMark state={person.state} />
        </dd>
      </div>
      <div>
        <dt>{t.people.columns.used}</dt>
        <dd>
          <Used person={person} />
        </dd>
      </div>
      <div>
        <dt>{t.people.columns.good_until}</dt>
        <dd>{formatDate(person.good_until, true)}</dd>
      </div>
      <div>
        <dt>{t.people.columns.factor}</dt>
        <dd>{person.has_second_factor ? t.factor.short_on : t.factor.short_off}</dd>
      </div>
      {signOn && (
        <div>
          <dt>{t.sign_on.title}</dt>
          <dd>
            <Outside text={signOn} />
          </dd>
        </div>
      )}
      <div>
        <dt>{s.made}</dt>
        <dd>
          <Outside text={s.made_by(formatClock(person.created_at), whoText(person.created_by))} />
        </dd>
      </div>
    </dl>
    <p class="explain">{s.states[person.state]}</p>
  </section>
);

interface Props {
  person: PersonAnswer;
  onDone: (done: Done) => Promise<void>;
}

const patch = (person: PersonAnswer, body: PersonPatch): Promise<PersonAnswer> =>
  write('PATCH', `/v1/people/${person.id}`, { body, version: person.version ?? '' });

const isSame = (a: Grant, b: Grant): boolean =>
  a.role === b.role && a.scope === b.scope && (a.code ?? '') === (b.code ?? '');

function Roles({ person, onDone }: Props) {
  const places = usePlaces();
  const mayChange = person.may_change && may('give_roles');
  const remove = async (grant: Grant) => {
    await patch(person, {
      grants: person.grants.filter((it) => !isSame(it, grant)).map(plain),
    });
    await onDone({ sentence: s.taken(grantWords(grant, places)) });
  };
  return (
    <section aria-labelledby="roles-title">
      <h2 id="roles-title">{s.roles}</h2>
      {person.grants.length === 0 && <p>{s.roles_none}</p>}
      <ul class="plain-list">
        {person.grants.map((grant) => {
          const words = grantWords(grant, places);
          return (
            <li key={`${grant.role} ${grant.scope} ${grant.code ?? ''}`}>
              <Outside text={words} />{' '}
              {mayChange && (
                <span class="screen-only">
                  <Ask
                    isPlain
                    text={s.take}
                    what={words}
                    question={s.take_ask(words, person.name)}
                    yes={s.take_yes}
                    act={() => remove(grant)}
                  />
                </span>
              )}
            </li>
          );
        })}
      </ul>
      {mayChange ? <AddRole person={person} onDone={onDone} /> : <p>{s.not_yours}</p>}
    </section>
  );
}

function AddRole({ person, onDone }: Props) {
  const { state } = useSession();
  const places = usePlaces();
  const gift = giftOf(state.phase === 'in' ? state.session.grants : []);
  const form = useForm({
    id: 'role',
    start: roleStart,
    missing: {},
    check: (values) =>
      roleMistake(values, gift, places) ??
      (person.grants.some((it) => isSame(it, chosenGrant(values, gift, places)))
        ? { name: 'role', text: s.has_it }
        : null),
    send: async (values) => {
      const grant = chosenGrant(values, gift, places);
      await patch(person, { grants: [...person.grants.map(plain), grant] });
      await onDone({ sentence: s.given(grantWords(grant, places)) });
    },
  });
  return (
    <details class="screen-only">
      <summary>{s.add_role}</summary>
      <Form form={form} submit={s.add_submit} busy={s.add_submitting}>
        <RoleFields form={form} gift={gift} places={places} />
      </Form>
    </details>
  );
}

/** As it is sent: the whole state has no code. */
const plain = ({ role, scope, code }: Grant): Grant => ({ role, scope, ...(code && { code }) });

function Changes({ person, hasProvider, onDone }: Props & { hasProvider: boolean }) {
  const { state } = useSession();
  const own = state.phase === 'in' ? state.session.account?.id : undefined;
  if (!person.may_change || !may('give_roles')) return null;
  const path = `/v1/people/${person.id}`;
  const invite = async () => {
    const invited = await write<PersonChange>('POST', `${path}/invitation`);
    await onDone({ sentence: s.invited(person.name), invited });
  };
  const renew = async () => {
    const { good_until } = await write<PersonAnswer>('POST', `${path}/renewal`);
    await onDone({ sentence: s.renewed(formatDate(good_until, true)) });
  };
  const disable = async () => {
    await patch(person, { is_disabled: !person.is_disabled });
    await onDone({
      sentence: person.is_disabled ? s.enabled(person.name) : s.disabled(person.name),
    });
  };
  const remove = async () => {
    await write('DELETE', `${path}/second-factor`);
    await onDone({ sentence: s.factor_gone(person.name) });
  };
  return (
    <section aria-labelledby="change-title" class="screen-only">
      <h2 id="change-title">{s.change}</h2>
      {person.id === own && (
        <p>
          {s.own} <a href={accountLink}>{t.nav.account}</a>
        </p>
      )}
      <div class="action-row">
        <Ask text={s.renew} question={s.renew_ask} yes={s.renew_yes} act={renew} />
        {!person.is_disabled && (
          <Ask text={s.invite} question={s.invite_ask} yes={s.invite_yes} act={invite} />
        )}
        {person.has_second_factor && person.id !== own && (
          <Ask text={s.factor} question={s.factor_ask} yes={s.factor_yes} act={remove} />
        )}
        {person.is_disabled ? (
          <Ask text={s.enable} question={s.enable_ask} yes={s.enable_yes} act={disable} />
        ) : (
          <Ask text={s.disable} question={s.disable_ask} yes={s.disable_yes} act={disable} />
        )}
      </div>
      <Rename key={person.name} person={person} onDone={onDone} />
      {person.id !== own && (hasProvider || signOnText(person, false)) && (
        <SignOnChange
          key={`${person.sign_on.awaits} ${person.sign_on.bound_at}`}
          person={person}
          onDone={onDone}
        />
      )}
    </section>
  );
}

function Rename({ person, onDone }: Props) {
  const form = useForm({
    id: 'rename',
    start: { name: person.name },
    missing: { name: t.person_add.missing.name },
    send: async ({ name = '' }) => {
      await patch(person, { name: name.trim() });
      await onDone({ sentence: s.renamed });
    },
  });
  return (
    <details>
      <summary>{s.rename}</summary>
      <Form form={form} submit={s.rename_submit} busy={s.rename_submitting}>
        <TextField form={form} name="name" label={t.person_add.name} />
      </Form>
    </details>
  );
}
