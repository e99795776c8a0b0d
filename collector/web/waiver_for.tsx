// SPDX-License-Identifier: Apache-2.0
// What a waiver is of and for whom, wherever one is shown.
import type { Waiver } from './api';
import { said } from './format';
import { siteLink } from './links';
import { Outside } from './parts';
import { t } from './strings';

const s = t.waivers;

export const titleOf = (waiver: Waiver): string => said(waiver.title ?? waiver.requirement);

export function For({ waiver }: { waiver: Waiver }) {
  const { scope, code, name } = waiver;
  const text = <Outside text={name || code || ''} />;
  return (
    <>
      {s.scopes[scope]}{' '}
      {code && (
        <span class="waiver-scope">{scope === 'site' ? <a href={siteLink(code)}>{text}</a> : text}</span>
      )}
    </>
  );
}
