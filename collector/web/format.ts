// SPDX-License-Identifier: Apache-2.0
// How times, dates, numbers and names are written.
import type { DeviceNames } from './api';
import { t } from './strings';
import { withoutMarks } from './told';

const instant = new Intl.DateTimeFormat(t.locale, {
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
});
const instantWithYear = new Intl.DateTimeFormat(t.locale, {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
});
const clock = new Intl.DateTimeFormat(t.locale, {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
});
// A civil date has no zone: read and written in UTC it cannot slip by a day.
const civil = new Intl.DateTimeFormat(t.locale, {
  month: 'short',
  day: 'numeric',
  timeZone: 'UTC',
});
const civilWithYear = new Intl.DateTimeFormat(t.locale, {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  timeZone: 'UTC',
});

export function formatTime(time: string, now = new Date()): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return time;
  return (date.getFullYear() === now.getFullYear() ? instant : instantWithYear).format(date);
}

const hour = new Intl.DateTimeFormat(t.locale, { month: 'short', day: 'numeric', hour: 'numeric' });
const hourWithYear = new Intl.DateTimeFormat(t.locale, {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
});

/** The hour that begins at @time: "Nov 22, 3 – 4 PM". */
export function formatHour(time: string, now = new Date()): string {
  const first = new Date(time);
  if (Number.isNaN(first.getTime())) return time;
  const format = first.getFullYear() === now.getFullYear() ? hour : hourWithYear;
  return format.formatRange(first, new Date(first.getTime() + 3_600_000));
}

export function formatClock(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? time : clock.format(date);
}

export function formatDate(day: string, withYear = false): string {
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return day;
  return (withYear ? civilWithYear : civil).format(date);
}

export const formatNumber = (n: number): string => n.toLocaleString(t.locale);
export const formatPercent = (n: number | null): string =>
  n === null ? t.empty_value : `${n.toLocaleString(t.locale, { maximumFractionDigits: 2 })}%`;

/** Below two hours in minutes, above in hours: "about 90 min", "about 2.5 h". */
export function formatWork(minutes: number): string {
  if (minutes <= 120) return t.site.minutes(minutes);
  return t.site.hours((Math.round(minutes / 6) / 10).toLocaleString(t.locale));
}

/** Text of the API, which is in English whatever the language of the page. */
export const said = (text: string): string => t.told?.text(text) ?? text;

/** Who did something, or is signed in. */
export const whoText = (who: string): string => t.told?.who(who) ?? who;

/** Enough of a version to tell it from every other. */
export const shortVersion = (version: string): string => version.slice(0, 8);

/** What a person would call the device. */
export const deviceName = (names: Omit<DeviceNames, 'model'>, id: string): string =>
  names.host_name || names.asset_tag || names.serial || t.device.unnamed(id);

/**
 * Characters that reorder or hide the text around them. A host name is free text: with one of
 * these it could pass for another name, so they are shown by their number instead.
 */
const hidden = /[\u0000-\u001f\u007f-\u009f\u200b\u2028-\u202e\u2060-\u2069\ufeff]/g;

export const visibleText = (text: string): string =>
  withoutMarks(text).replace(
    hidden,
    (char) => `[U+${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}]`,
  );
