// SPDX-License-Identifier: Apache-2.0
// The certification rules of a school, each with its evidence and the way to what is missing.
import type { Rule, Site } from './api';
import { browserMissingRows, notReadyRows, staleRows } from './links';
import { YesNoMark } from './marks';
import { Outside } from './parts';
import { t } from './strings';

const s = t.site;

/** Which devices keep a rule from being met; a window is nobody's device, and
 * what is judged again needs nobody. */
const missingRows: Record<Rule['id'], ((code: string) => string) | null> = {
  window: null,
  judged: null,
  coverage: staleRows,
  devices: notReadyRows,
  browser: browserMissingRows,
};

export function SiteRules({ site }: { site: Site }) {
  const met = site.rules.filter((rule) => rule.met).length;
  return (
    <section aria-labelledby="rules-title">
      <h2 id="rules-title">{s.rules}</h2>
      <p class="secondary">
        {site.certifiable ? s.certifiable : s.not_certifiable(met, site.rules.length)}
      </p>
      <ul class="rules">
        {site.rules.map((rule) => (
          <Line key={rule.id} rule={rule} site={site} />
        ))}
      </ul>
    </section>
  );
}

function Line({ rule, site }: { rule: Rule; site: Site }) {
  const rows = missingRows[rule.id];
  const title = t.told?.rule_titles[rule.id] ?? rule.title;
  return (
    <li data-rule={rule.id}>
      <YesNoMark isSo={rule.met} word={rule.met ? s.met : s.not_met} />
      <p class="rule-title">
        <Outside text={title} />
      </p>
      <p class="rule-evidence">
        <Outside text={t.told?.evidence(rule, site) ?? rule.evidence} />
        {!rule.met && rows && (
          <>
            {' '}
            <a class="screen-only" href={rows(site.code)}>
              {s.see_rows}
              <span class="usa-sr-only">
                : <Outside text={title} />
              </span>
            </a>
          </>
        )}
      </p>
    </li>
  );
}
