// SPDX-License-Identifier: Apache-2.0
// The requirements of a device, what keeps it from being ready first.
import type { RequirementResult, Result } from './api';
import { ResultMark } from './marks';
import { Empty, Head, Outside, Table, Time } from './parts';
import { t } from './strings';

const s = t.device;
const c = s.columns;

export const DeviceResults = ({ results }: { results: RequirementResult[] }) => (
  <section aria-labelledby="results-title" id="requirements">
    <h2 id="results-title">{s.results}</h2>
    {results.length === 0 ? (
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
        {worstFirst(results).map((line) => (
          <Row key={line.id} line={line} />
        ))}
      </Table>
    )}
  </section>
);

function Row({ line }: { line: RequirementResult }) {
  return (
    <tr data-requirement={line.id}>
      <th scope="row">
        <Outside text={line.title} />
        <span class="secondary">
          {t.severities[line.severity]} · <code>{line.id}</code>
        </span>
        {line.source && (
          <span class="secondary">
            {s.source} <Outside text={line.source} />
          </span>
        )}
      </th>
      <td>
        <ResultMark result={line.result} />
      </td>
      <td>
        <Outside text={line.observed || t.empty_value} />
      </td>
      <td>
        <Outside text={line.expected || t.empty_value} />
      </td>
      <td class="nowrap">
        <Time time={line.since} />
      </td>
      <td class="result-fix">{isProblem(line) ? <Fix line={line} /> : t.empty_value}</td>
    </tr>
  );
}

const isProblem = (line: RequirementResult) => line.result === 'fail' || line.result === 'unknown';

const Fix = ({ line }: { line: RequirementResult }) =>
  line.fix ? (
    <>
      <strong>
        <Outside text={line.fix.text} />
      </strong>{' '}
      <span class="nowrap">{s.minutes(line.fix.minutes)}</span>
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
