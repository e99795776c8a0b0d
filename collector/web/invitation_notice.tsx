// SPDX-License-Identifier: Apache-2.0
// The link with which somebody chooses a password. It is shown once: nobody stores it.
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { PersonChange } from './api';
import { formatClock } from './format';
import { Outside } from './parts';
import { Secret } from './secret';
import { t } from './strings';

const s = t.invited;

export const invitationUrl = (path: string): string => location.origin + path;

interface Props {
  person: PersonChange;
  sentence: string;
}

export function InvitationNotice({ person, sentence }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), [person]);
  return (
    <div class="notice tone-ready" data-invitation>
      <h2 ref={heading} tabIndex={-1}>
        <Outside text={sentence} />
      </h2>
      <p>{s.send}</p>
      <Secret text={invitationUrl(person.invitation.path)} what={s.link} />
      <p>{s.once(formatClock(person.invitation.expires_at))}</p>
    </div>
  );
}
