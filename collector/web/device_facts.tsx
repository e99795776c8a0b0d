// SPDX-License-Identifier: Apache-2.0
// Every fact of a device's last report, by the names that the report uses.
import { Fragment, type ComponentChildren } from 'preact';
import { formatNumber, said, visibleText } from './format';
import { Empty, Outside } from './parts';
import { t } from './strings';

const s = t.device;

export const DeviceFacts = ({ facts }: { facts: Record<string, unknown> | null }) => (
  <section aria-labelledby="facts-title" id="facts">
    <h2 id="facts-title">{s.facts}</h2>
    {facts === null ? (
      <Empty>{s.facts_empty}</Empty>
    ) : (
      <>
        <p class="secondary">{s.facts_note}</p>
        <div class="facts">
          {Object.entries(facts).map(([name, value]) => (
            <section key={name} class="fact-group" aria-label={name}>
              <h3>
                <Outside text={said(name)} />
              </h3>
              <Fact name={name} value={value} />
            </section>
          ))}
        </div>
      </>
    )}
  </section>
);

function Fact({ name, value }: { name: string; value: unknown }): ComponentChildren {
  if (Array.isArray(value))
    return value.length === 0 ? (
      <span class="muted">{s.fact_empty_list}</span>
    ) : (
      <List name={name} values={value} />
    );
  if (typeof value !== 'object' || value === null) return <Outside text={plain(name, value)} />;
  const reason = unknownReason(value);
  if (reason !== null)
    return (
      <span class="fact-unknown">
        <strong>{s.fact_unknown}</strong>: <Outside text={said(reason)} />
      </span>
    );
  return (
    <dl>
      {Object.entries(value).map(([key, member]) => (
        <div key={key} class={isNested(member) ? 'fact-nested' : 'fact-line'}>
          <dt>
            <FactName name={key} />
          </dt>
          <dd>
            <Fact name={key} value={member} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** A long name breaks after an underscore, not inside of a word. */
const FactName = ({ name }: { name: string }) => (
  <bdi lang="en">
    {name.split('_').map((word, i) => (
      <Fragment key={i}>
        {i > 0 && '_'}
        {i > 0 && <wbr />}
        {visibleText(word)}
      </Fragment>
    ))}
  </bdi>
);

const List = ({ name, values }: { name: string; values: unknown[] }) => (
  <ul>
    {values.map((value, i) => (
      <li key={i}>
        <Fact name={name} value={value} />
      </li>
    ))}
  </ul>
);

const isNested = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  unknownReason(value) === null &&
  Object.keys(value).length > 0;

/** The reason where the agent could not observe the fact: `{"unknown": "why"}`. */
function unknownReason(value: object): string | null {
  const members = Object.entries(value);
  const [only] = members;
  return members.length === 1 && only?.[0] === 'unknown' && typeof only[1] === 'string'
    ? only[1]
    : null;
}

function plain(name: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? t.yes : t.no;
  if (typeof value === 'number')
    return name.endsWith('_bytes') ? `${formatNumber(value)} (${gib(value)} GiB)` : String(value);
  return value === '' || value === null ? t.empty_value : said(String(value));
}

const gib = (bytes: number): string => formatNumber(Math.round((bytes / 2 ** 30) * 10) / 10);
