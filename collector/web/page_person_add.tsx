// SPDX-License-Identifier: Apache-2.0
// Make an account: its login, name and first role. The answer has the link of the invitation.
import { useLayoutEffect, useState } from 'preact/hooks';
import { write, type PersonChange } from './api';
import { Form, TextField, useForm } from './form';
import { InvitationNotice } from './invitation_notice';
import { personAddLink, personLink } from './links';
import { PeopleLinks } from './page_people';
import { Outside, Title } from './parts';
import { RoleFields, chosenGrant, roleMistake, roleStart } from './place_field';
import { giftOf, usePlaces } from './places';
import { useSession } from './session';
import { t } from './strings';

const s = t.person_add;

export function PersonAddPage() {
  const [made, setMade] = useState<PersonChange | null>(null);
  const [isAgain, setAgain] = useState(false);
  return (
    <>
      <Title text={s.title} />
      <PeopleLinks shown={personAddLink} />
      {made ? (
        <>
          <InvitationNotice person={made} sentence={s.made(made.name, made.login)} />
          <p>
            <a href={personLink(made.id)}>
              <Outside text={s.more_roles(made.name)} />
            </a>
          </p>
          <p>
            <button
              type="button"
              class="usa-button usa-button--outline"
              onClick={() => {
                setMade(null);
                setAgain(true);
              }}
            >
              {s.another}
            </button>
          </p>
        </>
      ) : (
        <AddForm isAgain={isAgain} onMade={setMade} />
      )}
    </>
  );
}

interface AddProps {
  /** The button that led here is gone: the first field has the focus instead. */
  isAgain: boolean;
  onMade: (made: PersonChange) => void;
}

function AddForm({ isAgain, onMade }: AddProps) {
  const { state } = useSession();
  const places = usePlaces();
  const gift = giftOf(state.phase === 'in' ? state.session.grants : []);
  const form = useForm({
    id: 'add',
    start: { login: '', name: '', ...roleStart },
    missing: s.missing,
    check: (values) => roleMistake(values, gift, places),
    send: async (values) => {
      const body = {
        login: values['login']?.trim(),
        name: values['name']?.trim(),
        grants: [chosenGrant(values, gift, places)],
      };
      onMade(await write<PersonChange>('POST', '/v1/people', { body }));
    },
    explain: ({ status, detail }) => (status === 409 ? { name: 'login', text: detail } : null),
  });
  const { element } = form;
  useLayoutEffect(() => {
    if (isAgain) element.current?.querySelector('input')?.focus();
  }, [isAgain, element]);
  return (
    <>
      <p class="explain">{s.explain}</p>
      <Form form={form} submit={s.submit} busy={s.submitting}>
        <TextField form={form} name="name" label={s.name} hint={s.name_hint} />
        <TextField form={form} name="login" label={s.login} hint={s.login_hint} maxLength={64} />
        <RoleFields form={form} gift={gift} places={places} />
      </Form>
    </>
  );
}
