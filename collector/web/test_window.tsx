// SPDX-License-Identifier: Apache-2.0
// A testing window: its dates, and how long until it opens.
import type { TestWindow } from './api';
import { formatDate, formatNumber } from './format';
import { Outside } from './parts';
import { t } from './strings';

export function WindowRange({ window }: { window: TestWindow | null }) {
  if (!window) return <span class="muted">{t.window.none}</span>;
  const year = new Date().getFullYear();
  const withYear = !window.last.startsWith(`${year}-`);
  return (
    <span class="window-range">
      <span class="nowrap">
        {t.window.range(formatDate(window.first), formatDate(window.last, withYear))}
      </span>
      <span class="secondary">
        <Outside text={[window.programme, window.track].filter(Boolean).join(', ')} />
      </span>
    </span>
  );
}

/** For a column of its own: the weekdays left, or the phase once there are none. */
export function windowPhase(window: TestWindow | null): string {
  if (!window) return t.empty_value;
  return window.phase === 'before' ? formatNumber(window.weekdays_left) : t.window[window.phase];
}

/** For a sentence. */
export const windowLeft = (window: TestWindow): string =>
  window.phase === 'before' ? t.window.before(window.weekdays_left) : t.window[window.phase];
