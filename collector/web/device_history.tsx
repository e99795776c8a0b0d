// SPDX-License-Identifier: Apache-2.0
// What changed on a device, the newest first.
import type { Device, Result } from './api';
import { said } from './format';
import { ResultMark } from './marks';
import { Empty, Head, Outside, Table, Time } from './parts';
import { t } from './strings';

type Step = Device['history'][number];

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
          {rowsOf(device.history).map(({ step, count }) =>
            count ? (
              <First key={`${step.at} first`} at={step.at} count={count} />
            ) : (
              <Change
                key={`${step.at} ${step.requirement}`}
                step={step}
                title={titles.get(step.requirement) ?? step.requirement}
              />
            ),
          )}
        </Table>
      )}
    </section>
  );
}

/** The first judgement of a device is no change: one row a time, not one a requirement. */
function rowsOf(history: Step[]): { step: Step; count: number }[] {
  const firsts = new Map<string, number>();
  for (const step of history)
    if (step.from === null) firsts.set(step.at, (firsts.get(step.at) ?? 0) + 1);
  return history.flatMap((step) => {
    if (step.from !== null) return [{ step, count: 0 }];
    const count = firsts.get(step.at) ?? 0;
    firsts.delete(step.at);
    return count ? [{ step, count }] : [];
  });
}

const First = ({ at, count }: { at: string; count: number }) => (
  <tr>
    <th scope="row" class="nowrap">
      <Time time={at} />
    </th>
    <td colSpan={3}>{s.first_judged(count)}</td>
  </tr>
);

const Change = ({ step, title }: { step: Step; title: string }) => (
  <tr>
    <th scope="row" class="nowrap">
      <Time time={step.at} />
    </th>
    <td>
      <Outside text={said(title)} />
      {step.left_out > 0 && <span class="secondary"> {s.left_out(step.left_out)}</span>}
    </td>
    <td>
      <Judged result={step.from} />
    </td>
    <td>
      <Judged result={step.to} />
    </td>
  </tr>
);

const Judged = ({ result }: { result: Result | null }) =>
  result ? <ResultMark result={result} /> : <span class="muted">{s.not_judged}</span>;
