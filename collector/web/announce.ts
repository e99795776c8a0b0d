// SPDX-License-Identifier: Apache-2.0
// One quiet place where screen readers hear what changed on the page.
import { withoutMarks } from './told';

const id = 'announcer';

/** Outside of what Preact draws, so that no page can take it away while it speaks. */
export function announceStart(): void {
  const place = document.createElement('div');
  place.id = id;
  place.className = 'usa-sr-only';
  place.setAttribute('role', 'status');
  document.body.append(place);
}

export function announce(text: string): void {
  const place = document.getElementById(id);
  if (place) place.textContent = withoutMarks(text);
}
