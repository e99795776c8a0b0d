// SPDX-License-Identifier: Apache-2.0
// Which schools stand behind a total: `/?show=NAME` lists exactly those that add to it, each
// with its own share of the number.
import type { SiteSummary, States } from './api';
import { groupStates, type Group } from './links';

export const shows = {
  certifiable: (site: SiteSummary) => site.certifiable,
  not_certifiable: (site: SiteSummary) => !site.certifiable,
  ready: (site: SiteSummary) => groupCount(site.states, 'ready') > 0,
  needs_work: (site: SiteSummary) => groupCount(site.states, 'needs_work') > 0,
  unknown_or_stale: (site: SiteSummary) => groupCount(site.states, 'unknown_or_stale') > 0,
  unexpected: (site: SiteSummary) => site.unexpected > 0,
} as const;
export type Show = keyof typeof shows;

export const showOf = (name: string | null): Show | undefined =>
  name !== null && Object.hasOwn(shows, name) ? (name as Show) : undefined;

export const showLink = (show?: Show): string => (show ? `/?show=${show}` : '/');

export const groupCount = (states: States, group: Group): number =>
  groupStates[group].reduce((sum, state) => sum + states[state], 0);
