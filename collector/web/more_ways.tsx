// SPDX-License-Identifier: Apache-2.0
// Ways to sign in that a collector has where it was set up so.
import { useEffect, useState } from 'preact/hooks';
import { problemOf, read, type WaysToSignIn } from './api';
import { signInByProxy } from './auth';
import { visibleText } from './format';
import { t } from './strings';

const s = t.sign_in;

export function MoreWays() {
  const [ways, setWays] = useState<WaysToSignIn | null>(null);
  const [mistake, setMistake] = useState('');
  useEffect(() => {
    // Where that cannot be said, the ways that are always there remain.
    read<WaysToSignIn>('/v1/session/ways').then(setWays, () => setWays(null));
  }, []);
  const next = encodeURIComponent(location.pathname + location.search);
  return (
    <>
      {mistake && (
        <p class="notice tone-unknown" role="alert">
          {visibleText(mistake)}
        </p>
      )}
      {ways?.oidc && (
        <p>
          <a class="usa-button usa-button--outline" href={`/v1/session/oidc?next=${next}`}>
            {s.with_provider}
          </a>
        </p>
      )}
      {ways?.proxy && (
        <p>
          <button
            type="button"
            class="usa-button usa-button--outline"
            onClick={() =>
              void signInByProxy().catch((error: unknown) => setMistake(problemOf(error).detail))
            }
          >
            {s.with_proxy}
          </button>
        </p>
      )}
    </>
  );
}
