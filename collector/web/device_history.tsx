// SPDX-License-Identifier: Apache-2.0
// What changed on a device, the newest first.
import type { Device, Result } from './api';
import { ResultMark } from './marks';
import { Empty, Head, Outside, Table, Time } from './parts';
import { t } from './strings';

const s = t.device;
const c = s.history_columns;

export function DeviceHistory({ device }: { device: Device }) {
  const titles = new Map(device.results.map((line) => [line.id, line.title]));
  return (
    <section aria-labelledby="history-title">
      <h2 id="history-title">{s.history}</h2>
      {device.history.length === 0 ? (
        <Empty>{s.history_empty}</Empty>
      ) : (
        <Table
          caption={s.history_caption}
          class="history-table"
          head={
            <>
              <Head text={c.at} />
              <Head text={c.requirement} />
              <Head text={c.from} />
              <Head text={c.to} />
            </>
          }
        >
          {device.history.map((step) => (
            <tr key={`${step.at} ${step.requirement}`}>
              <th scope="row" class="nowrap">
                <Time time={step.at} />
              </th>
              <td>
                <Outside text={titles.get(step.requirement) ?? step.requirement} />
              </td>
              <td>
                <Judged result={step.from} />
              </td>
              <td>
                <Judged result={step.to} />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

const Judged = ({ result }: { result: Result | null }) =>
  result ? <ResultMark result={result} /> : <span class="muted">{s.not_judged}</span>;
