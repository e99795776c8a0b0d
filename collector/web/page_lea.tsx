// SPDX-License-Identifier: Apache-2.0
// One district: its numbers, whom to call, and changing what people say of it.
import { useState } from 'preact/hooks';
import { announce } from './announce';
import { problemOf, read, write, type Lea, type LeaChange } from './api';
import { Form, TextField, useForm, type Mistake } from './form';
import { formatNumber } from './format';
import { useLive } from './live';
import { AsOf, Breadcrumb, Failed, Loading, NotUpdated, Outside, Title } from './parts';
import { may } from './session';
import { ContactLines } from './site_contacts';
import { t } from './strings';

const s = t.lea;

export function LeaPage({ code }: { code: string }) {
  const path = `/v1/leas/${encodeURIComponent(code)}`;
  const { data: lea, problem, refresh } = useLive<Lea>(path);
  const [told, setTold] = useState<Told | null>(null);
  if (!lea) return problem ? <Failed problem={problem} retry={refresh} /> : <Loading />;
  const onTold = (next: Told) => {
    setTold(next);
    announce(next.sentence);
    refresh();
  };
  return (
    <>
      <Breadcrumb steps={[{ href: '/', text: t.overview.title }]} />
      <Title text={lea.name} />
      <NotUpdated problem={problem} retry={refresh} />
      {told && (
        <p class={`notice tone-${told.tone}`} data-done>
          {told.sentence}
        </p>
      )}
      <LeaFacts lea={lea} />
      <section aria-labelledby="contact-title">
        <h2 id="contact-title">{s.contact}</h2>
        {lea.coordinator ? (
          <p>
            <ContactLines contact={lea.coordinator} />
          </p>
        ) : (
          <p class="muted">{s.nobody}</p>
        )}
      </section>
      {lea.may_change && (
        <Change key={told?.lea.version} lea={told?.lea ?? lea} path={path} onTold={onTold} />
      )}
      <AsOf time={lea.as_of} />
    </>
  );
}

const LeaFacts = ({ lea }: { lea: Lea }) => {
  const facts: [string, string][] = [
    [s.code, lea.code],
    [s.zone, lea.zone],
    [s.sites, formatNumber(lea.sites)],
    [s.ready, s.ready_of(formatNumber(lea.ready), formatNumber(lea.expected))],
  ];
  return (
    <>
      <dl class="inline-facts" data-lea>
        {facts.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Outside text={text} />
            </dd>
          </div>
        ))}
      </dl>
      <p class="muted">{s.part}</p>
    </>
  );
};

/** What came of a change, and the district as it is since. */
interface Told {
  sentence: string;
  tone: 'ready' | 'warning';
  lea: Lea;
}

interface ChangeProps {
  lea: Lea;
  path: string;
  onTold: (told: Told) => void;
}

type Values = Record<string, string>;

const valuesOf = (lea: Lea): Values => ({
  name: lea.name,
  zone: lea.zone,
  coordinator_name: lea.coordinator?.name ?? '',
  coordinator_email: lea.coordinator?.email ?? '',
  coordinator_phone: lea.coordinator?.phone ?? '',
});

/** Only what is another than before: who may change the contact alone must not send the name. */
function changeOf(lea: Lea, values: Values): LeaChange {
  const before = valuesOf(lea);
  const text = (name: string) => (values[name] ?? '').trim();
  const differs = (name: string) => text(name) !== before[name];
  const person = {
    name: text('coordinator_name'),
    email: text('coordinator_email'),
    phone: text('coordinator_phone'),
  };
  const isOther = ['coordinator_name', 'coordinator_email', 'coordinator_phone'].some(differs);
  const isNobody = !person.name && !person.email && !person.phone;
  return {
    ...(differs('name') && { name: text('name') }),
    ...(differs('zone') && { zone: text('zone') }),
    ...(isOther && { coordinator: isNobody ? null : person }),
  };
}

function Change({ lea: newest, path, onTold }: ChangeProps) {
  // What is read anew meanwhile must not become what somebody changes from.
  const [lea] = useState(newest);
  const mayRename = may('mend_sites');
  const form = useForm({
    id: 'lea',
    start: valuesOf(lea),
    missing: mayRename ? s.missing : {},
    check: (values): Mistake | null =>
      Object.keys(changeOf(lea, values)).length === 0 ? { name: '', text: s.nothing } : null,
    send: async (values) => {
      const change = { body: changeOf(lea, values), version: lea.version };
      try {
        const after = await write<Lea>('PATCH', path, change);
        onTold({ sentence: s.changed, tone: 'ready', lea: after });
      } catch (error) {
        if (problemOf(error).status !== 412) throw error;
        onTold({ sentence: s.changed_since, tone: 'warning', lea: await read<Lea>(path) });
      }
    },
    explain: ({ pointer, detail }) => {
      // "/coordinator/email" is a field here.
      const [, of, part] = pointer.split('/');
      return of === 'coordinator' && part ? { name: `${of}_${part}`, text: detail } : null;
    },
  });
  return (
    <details class="screen-only" data-change>
      <summary>{s.change}</summary>
      <Form form={form} submit={s.submit} busy={s.busy}>
        {mayRename && (
          <>
            <TextField form={form} name="name" label={s.name} />
            <TextField form={form} name="zone" label={s.zone} hint={s.zone_hint} />
          </>
        )}
        <p class="explain">{s.change_contact_explain}</p>
        <TextField form={form} name="coordinator_name" label={s.contact_name} />
        <TextField
          form={form}
          name="coordinator_email"
          label={s.contact_email}
          inputMode="email"
        />
        <TextField form={form} name="coordinator_phone" label={s.contact_phone} />
      </Form>
    </details>
  );
}
