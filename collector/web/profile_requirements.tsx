// SPDX-License-Identifier: Apache-2.0
// The requirements of one severity: what is needed, how it is fixed, who asks it.
import type { PublishedProfile, Requirement, Role } from './api';
import { formatDate, said } from './format';
import { waiversLink } from './links';
import { ResultMark } from './marks';
import { Head, Outside, Table } from './parts';
import { may } from './session';
import { t } from './strings';

const s = t.profile;
const c = s.columns;

interface Props {
  profile: PublishedProfile;
  role: Role | '';
  severity: Requirement['severity'];
}

export function ProfileRequirements({ profile, role, severity }: Props) {
  const rows = profile.requirements.filter(
    (line) => line.severity === severity && (!role || line.roles.includes(role)),
  );
  const isRequired = severity === 'required';
  return (
    <section aria-labelledby={`${severity}-title`}>
      <h2 id={`${severity}-title`}>{isRequired ? s.required : s.recommended}</h2>
      <p class="secondary">{isRequired ? s.required_note : s.recommended_note}</p>
      {rows.length === 0 ? (
        <p>{s.none}</p>
      ) : (
        <Table
          caption={s.captions[severity]}
          class="requirements-table"
          head={
            <>
              <Head text={c.requirement} />
              <Head text={c.needed} />
              <Head text={c.fix} />
              <Head text={c.origin} />
            </>
          }
        >
          {rows.map((line) => (
            <Row key={line.id} line={line} profile={profile} />
          ))}
        </Table>
      )}
    </section>
  );
}

const Row = ({ line, profile }: { line: Requirement; profile: PublishedProfile }) => (
  <tr data-requirement={line.id}>
    <th scope="row">
      <Outside text={said(line.title)} />
      <span class="secondary">
        {line.roles.map((role) => t.roles[role]).join(', ')} · <code>{line.id}</code>
      </span>
      <Waivers line={line} profile={profile} />
    </th>
    <td>
      <Outside text={said(line.needed)} />
      {line.applies_when && (
        <span class="secondary">
          {s.applies} <Outside text={said(line.applies_when)} />
        </span>
      )}
    </td>
    <td class="result-fix">
      <Outside text={said(line.fix.text)} />{' '}
      <span class="nowrap">{t.device.minutes(line.fix.minutes)}</span>
    </td>
    <td>
      {line.origin ? (
        <Outside text={`${s.asked_by[line.origin.scope]} ${line.origin.code}`} />
      ) : (
        s.programme
      )}
      {line.source && (
        <span class="secondary">
          <Outside text={said(line.source)} />
        </span>
      )}
    </td>
  </tr>
);

/** The waiver that counts for the school that is shown; else how many there are anywhere. */
function Waivers({ line, profile }: { line: Requirement; profile: PublishedProfile }) {
  const { waiver } = line;
  if (waiver)
    return (
      <span class="secondary" data-waiver={waiver.id}>
        <ResultMark result="waived" /> {t.device.waived_until(formatDate(waiver.until, true))}{' '}
        <Outside text={waiver.reason} />{' '}
        {waiver.who && <Outside text={t.device.waived_by(waiver.who)} />}
      </span>
    );
  return (
    <span class="secondary screen-only">
      {!profile.site && line.active_waivers > 0 ? (
        <a href={waiversLink({ profile: profile.id })}>
          {s.waivers(line.active_waivers)}
          <span class="usa-sr-only">
            : <Outside text={said(line.title)} />
          </span>
        </a>
      ) : may('propose_waiver') ? (
        <a
          href={waiversLink({
            profile: profile.id,
            requirement: line.id,
            ...(profile.site && { site: profile.site.code }),
          })}
        >
          {may('waive') ? s.waive : t.proposals.propose}
          <span class="usa-sr-only">
            <Outside text={t.device.waive_what(said(line.title))} />
          </span>
        </a>
      ) : null}
    </span>
  );
}
