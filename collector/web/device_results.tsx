// SPDX-License-Identifier: Apache-2.0
// The requirements of a device, what keeps it from being ready first.
import type { Device, RequirementResult, Result } from './api';
import { formatDate, said } from './format';
import { waiversLink } from './links';
import { ResultMark } from './marks';
import { Empty, Head, Outside, Table, Time } from './parts';
import { may } from './session';
import { t } from './strings';

const s = t.device;
const c = s.columns;

export const DeviceResults = ({ device }: { device: Device }) => (
  <section aria-labelledby="results-title" id="requirements">
    <h2 id="results-title">{s.results}</h2>
    {device.results.length === 0 ? (
      <Empty>{s.results_empty}</Empty>
    ) : (
      <Table
        caption={s.results_caption}
        class="results-table"
        head={
          <>
            <Head text={c.requirement} />
            <Head text={c.result} />
            <Head text={c.observed} />
            <Head text={c.needed} />
            <Head text={c.since} />
            <Head text={c.fix} />
          </>
        }
      >
        {worstFirst(device.results).map((line) => (
          <Row key={line.id} line={line} device={device} />
        ))}
      </Table>
    )}
  </section>
);

interface LineProps {
  line: RequirementResult;
  device: Device;
}

function Row({ line, device }: LineProps) {
  return (
    <tr data-requirement={line.id}>
      <th scope="row">
        <Outside text={said(line.title)} />
        <span class="secondary">
          {t.severities[line.severity]} · <code>{line.id}</code>
        </span>
        {line.source && (
          <span class="secondary">
            {s.source} <Outside text={said(line.source)} />
          </span>
        )}
      </th>
      <td>
        <ResultMark result={line.result} />
      </td>
      <td>
        <Outside text={line.observed ? said(line.observed) : t.empty_value} />
      </td>
      <td>
        <Outside text={line.expected ? said(line.expected) : t.empty_value} />
      </td>
      <td class="nowrap">
        <Time time={line.since} />
      </td>
      <td class="result-fix">
        <Todo line={line} device={device} />
      </td>
    </tr>
  );
}

/** Whoever does not know whether anything is wrong must not be told to replace it. */
function Todo({ line, device }: LineProps) {
  if (line.result === 'fail') return <Fix line={line} device={device} />;
  return line.result === 'unknown' ? <>{s.find_out}</> : <Waiver line={line} />;
}

const Fix = ({ line, device }: LineProps) =>
  line.fix ? (
    <>
      <strong>
        <Outside text={said(line.fix.text)} />
      </strong>{' '}
      <span class="nowrap">{s.minutes(line.fix.minutes)}</span>
      {device.profile && device.state !== 'retired' && may('propose_waiver') && (
        <span class="secondary screen-only">
          <a
            href={waiversLink({
              profile: device.profile.id,
              requirement: line.id,
              site: device.site.code,
            })}
          >
            {may('waive') ? s.waive : t.proposals.propose}
            <span class="usa-sr-only">
              <Outside text={s.waive_what(said(line.title))} />
            </span>
          </a>
        </span>
      )}
    </>
  ) : (
    <>{t.empty_value}</>
  );

/** Of what is waived: until when, why, and who answers for it. */
const Waiver = ({ line }: { line: RequirementResult }) =>
  line.waiver ? (
    <>
      <strong>{s.waived_until(formatDate(line.waiver.until, true))}</strong>{' '}
      <Outside text={line.waiver.reason} />
      {line.waiver.who && (
        <span class="secondary">
          <Outside text={s.waived_by(line.waiver.who)} />
        </span>
      )}
    </>
  ) : (
    <>{t.empty_value}</>
  );

const resultOrder: Result[] = ['fail', 'unknown', 'waived', 'pass', 'not_applicable'];

const rank = (line: RequirementResult): number =>
  resultOrder.indexOf(line.result) * 2 +
  (line.severity === 'required' ? 0 : 1) -
  // A required thing that is unknown holds the device back; a recommended one that fails does not.
  (line.result === 'unknown' && line.severity === 'required' ? 1.5 : 0);

const worstFirst = (results: RequirementResult[]): RequirementResult[] =>
  [...results].sort((a, b) => rank(a) - rank(b));
