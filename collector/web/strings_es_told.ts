// SPDX-License-Identifier: Apache-2.0
// In Spanish what the API says in English: its sentences about schools are made here from the
// same numbers, and its refusals are told by their type. What a person of the state wrote
// (requirements, fixes) is no sentence of ours: it stays as it is.
import type { Rule, Site, State } from './api';
import { countEs as count, numberEs } from './strings_es_count';
import { findingTexts } from './strings_es_findings';
import { profileTexts } from './strings_es_profiles';
import { refusalEs } from './strings_es_refusals';
import { inEnglish, type ApiWords } from './told';

const date = new Intl.DateTimeFormat('es-US', { dateStyle: 'long', timeZone: 'UTC' });
const dayOf = (day: string): string => date.format(new Date(`${day}T00:00:00Z`));

function whenOf({ window }: Site): string {
  if (!window) return '; la escuela todavía no tiene período de pruebas.';
  const left = window.weekdays_left;
  const when: Record<typeof window.phase, string> = {
    before: `; ${left === 1 ? 'falta' : 'faltan'} ${count(left, 'día entre semana', 'días entre semana')} para el período de pruebas.`,
    open: `; el período de pruebas está abierto hasta el ${dayOf(window.last)}.`,
    over: `; el período de pruebas terminó el ${dayOf(window.last)}.`,
  };
  return when[window.phase];
}

function siteSentence(site: Site): string {
  const when = whenOf(site);
  if (site.expected === 0) return `Todavía no hay dispositivos${when}`;
  const lead = site.certifiable ? 'Lista para certificar' : 'Todavía no se puede certificar';
  return (
    `${lead}: ${site.ready === 1 ? 'está listo' : 'están listos'} ${numberEs(site.ready)} de ` +
    `${count(site.expected, 'dispositivo', 'dispositivos')}${when}`
  );
}

/** What to do about devices that nobody can judge; of as many the first goes first. */
const silent: [Exclude<State, 'retired'>, (n: number) => string][] = [
  [
    'never_seen',
    (n) =>
      `${count(n, 'dispositivo nunca ha enviado un informe', 'dispositivos nunca han enviado un informe')}: ` +
      'enciéndalos, conéctelos e inscríbalos, o quítelos del inventario.',
  ],
  [
    'stale',
    (n) =>
      `${count(n, 'dispositivo envió', 'dispositivos enviaron')} su último informe hace demasiado ` +
      'tiempo: enciéndalos y conéctelos.',
  ],
  [
    'conflict',
    (n) =>
      `${count(n, 'dispositivo comparte', 'dispositivos comparten')} una misma identidad: decida cuál ` +
      'es cuál.',
  ],
  [
    'unknown',
    (n) =>
      `${count(n, 'dispositivo no se pudo evaluar', 'dispositivos no se pudieron evaluar')}: vea qué ` +
      'se desconoce.',
  ],
];

function siteNext(site: Site): string {
  if (site.expected === 0)
    return 'Importe el inventario o inscriba el primer dispositivo.';
  if (!site.window)
    return 'Dé a la escuela un período de pruebas: importe un archivo de escuelas que lo tenga.';
  if (!site.profile)
    return (
      `Publique los requisitos “${site.window.profile}” que nombra su período de pruebas: hasta ` +
      'entonces no se puede evaluar ningún dispositivo.'
    );
  const [first] = site.fixes;
  if (first?.severity === 'required')
    return (
      `${textOf(first.text)} ${count(first.devices, 'dispositivo', 'dispositivos')}, unos ` +
      `${numberEs(first.minutes)} min.`
    );
  const most = Math.max(...silent.map(([state]) => site.states[state]));
  const found = most > 0 && silent.find(([state]) => site.states[state] === most);
  if (found) return found[1](most);
  return site.certifiable
    ? 'No hay nada que hacer: todos los dispositivos están listos.'
    : 'Todos los dispositivos están listos; vea qué regla de la certificación no se cumple.';
}

/** @what: which of the devices they are, after how many. */
function share(rule: Rule, part: number, whole: number, percent: number | null, what: string) {
  if (rule.needed_percent === null) return inEnglish(rule.evidence);
  if (whole === 0)
    return 'No se espera ningún dispositivo. Importe el inventario o inscriba dispositivos.';
  const needed = `; se necesita el ${rule.needed_percent}%`;
  return (
    `${numberEs(part)} de ${count(whole, 'dispositivo esperado', 'dispositivos esperados')} ${what}` +
    (percent === null ? needed : `: ${percent.toLocaleString('es-US')}%${needed}`) +
    '.'
  );
}

/** "está listo, 1 por una exención". */
function readyOf(site: Site): string {
  const { waived } = site.tiles;
  const by = waived === 0 ? '' : `, ${numberEs(waived)} por una exención`;
  return `${site.ready === 1 ? 'está listo' : 'están listos'}${by}`;
}

function coverage(rule: Rule, site: Site): string {
  const have = `${site.fresh === 1 ? 'tiene' : 'tienen'} un informe reciente`;
  const told = share(rule, site.fresh, site.expected, site.coverage_percent, have);
  if (site.has_inventory || site.expected === 0) return told;
  return (
    `${told} La escuela no tiene inventario: se esperan los que se inscribieron, y nadie sabe si ` +
    'falta alguno.'
  );
}

/** What the page has the numbers for; else the API's own sentence. */
function evidence(rule: Rule, site: Site): string {
  const { profile } = site;
  if (!site.window || !profile) return inEnglish(rule.evidence);
  switch (rule.id) {
    case 'coverage':
      return coverage(rule, site);
    case 'devices':
      return share(rule, site.ready, site.expected, site.devices_percent, readyOf(site));
    case 'browser':
      if (site.browser_expected === 0 && site.expected > 0)
        return 'Ninguno de los dispositivos esperados necesita el navegador seguro.';
      return share(
        rule,
        site.browser_current,
        site.browser_expected,
        site.browser_percent,
        `${site.browser_current === 1 ? 'tiene' : 'tienen'} el navegador seguro de este año`,
      );
    case 'judged':
      return rule.met
        ? `Todos los dispositivos con informe se evaluaron con la versión ${profile.version.slice(0, 8)}.`
        : 'Se están aplicando requisitos nuevos. Espere a que termine.';
    case 'window':
      return rule.met
        ? `Del ${dayOf(site.window.first)} al ${dayOf(site.window.last)}.`
        : inEnglish(rule.evidence);
  }
}

/** Refusals of which the type says all; `false` where the API's sentence is needed as well. */
const problems: Record<string, [sentence: string, isAll: boolean]> = {
  'invalid-request': ['No se pudo leer la solicitud.', false],
  'invalid-query': ['La dirección o el filtro no son válidos.', false],
  'invalid-body': ['Lo que se envió no es válido.', false],
  unauthorized: ['Hace falta una sesión o un token válido; inicie sesión de nuevo.', true],
  'sign-in-refused': [
    'El nombre de usuario o la contraseña no son correctos. Quien le dio la cuenta puede enviarle ' +
      'otra invitación.',
    true,
  ],
  'second-factor-needed': [
    'Escriba el código que muestra su teléfono ahora o un código de recuperación. Cada código sirve ' +
      'una sola vez.',
    true,
  ],
  forbidden: ['No se permite.', false],
  'not-found': ['Eso no existe o sus roles no lo abarcan.', false],
  'method-not-allowed': ['Eso no se puede hacer aquí.', false],
  'too-slow': ['La solicitud llegó con demasiada lentitud. Intente de nuevo.', true],
  conflict: ['En su estado actual eso no es posible.', false],
  'changed-meanwhile': ['Alguien lo cambió mientras tanto. Cargue la página de nuevo.', false],
  'body-too-large': ['Lo que se envió es demasiado grande.', false],
  'idempotency-mismatch': ['Esta solicitud ya se envió con otro contenido.', false],
  'match-required': ['Falta decir qué versión se cambia. Cargue la página de nuevo.', false],
  'too-many-requests': ['Demasiados intentos o solicitudes. Espere un poco e intente de nuevo.', true],
  internal: ['Es una falla del recopilador; no se guardó nada. Su registro dice más.', true],
  unavailable: ['El recopilador no puede hacer esto ahora. Intente de nuevo más tarde.', false],
};

function problem(type: string, detail: string): string {
  const refusal = refusalEs(detail);
  if (refusal !== undefined) return refusal;
  const row = Object.hasOwn(problems, type) ? problems[type] : undefined;
  if (!row) return inEnglish(detail);
  const [sentence, isAll] = row;
  return isAll ? sentence : `${sentence} En inglés: ${inEnglish(detail)}`;
}

const texts: Record<string, string> = { ...profileTexts, ...findingTexts };

/** With or without its full stop, as the page shows it. */
function textOf(text: string): string {
  const [, words = '', stop = ''] = /^(.*?)(\.?)$/s.exec(text) ?? [];
  const known = Object.hasOwn(texts, words) ? texts[words] : undefined;
  if (known !== undefined) return `${known}${stop}`;
  return refusalEs(text) ?? inEnglish(text);
}

const nobodies: Record<string, string> = {
  'the admin token': 'el token de administrador',
  'the command line': 'la línea de comandos',
};

export const toldEs: ApiWords = {
  overview: ({ totals: { sites, certifiable } }) => {
    const missing = sites - certifiable;
    if (sites === 0) return 'Todavía no hay escuelas.';
    if (missing === 0)
      return sites === 1
        ? 'La escuela está lista para su período de pruebas.'
        : 'Todas las escuelas están listas para su período de pruebas.';
    return (
      `${numberEs(missing)} de ${count(sites, 'escuela', 'escuelas')} todavía no ` +
      `${missing === 1 ? 'está lista' : 'están listas'} para su período de pruebas.`
    );
  },
  site: siteSentence,
  site_next: siteNext,
  rule_titles: {
    window: 'El período de pruebas es válido',
    judged: 'Los dispositivos se evalúan con lo que se exige ahora',
    coverage: 'Todos los dispositivos se revisaron',
    devices: 'Los dispositivos están listos',
    browser: 'El navegador seguro de este año está en todas partes',
  },
  evidence,
  device_next: {
    conflict: 'Averigüe qué máquinas usan su clave y decida el conflicto.',
    never_seen: 'Inscríbalo y haga que envíe un informe.',
    stale: 'Enciéndalo y haga que envíe un informe.',
  },
  text: textOf,
  who: (who) =>
    Object.hasOwn(nobodies, who)
      ? (nobodies[who] ?? who)
      : who.replace(/ \(command line\)$/, ' (línea de comandos)'),
  problem,
};
