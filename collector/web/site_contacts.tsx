// SPDX-License-Identifier: Apache-2.0
// Whom to call about a school.
import type { ContactPerson, Site } from './api';
import { Outside } from './parts';
import { t } from './strings';

const s = t.site;
const roles = ['coordinator', 'technology', 'lea_coordinator'] as const;

export function SiteContacts({ site }: { site: Site }) {
  const named = roles.filter((role) => site.contacts[role]);
  return (
    <section aria-labelledby="contacts-title" data-contacts>
      <h2 id="contacts-title">{s.contacts_title}</h2>
      {named.length === 0 && <p class="muted">{s.contacts_none}</p>}
      {named.length > 0 && (
        <dl class="inline-facts">
          {named.map((role) => (
            <Contact key={role} role={role} site={site} />
          ))}
        </dl>
      )}
    </section>
  );
}

function Contact({ role, site }: { role: (typeof roles)[number]; site: Site }) {
  const contact = site.contacts[role];
  if (!contact) return null;
  return (
    <div>
      <dt>{s.contacts[role]}</dt>
      <dd>
        <ContactLines contact={contact} />
      </dd>
    </div>
  );
}

export const ContactLines = ({ contact }: { contact: ContactPerson }) => (
  <>
    {contact.name && <Outside text={contact.name} />}{' '}
    {contact.email && (
      <a href={`mailto:${encodeURIComponent(contact.email).replace('%40', '@')}`}>
        <Outside text={contact.email} />
      </a>
    )}{' '}
    {contact.phone && (
      <a class="nowrap" href={`tel:${contact.phone.replace(/[^+0-9]/g, '')}`}>
        <Outside text={contact.phone} />
      </a>
    )}
  </>
);
