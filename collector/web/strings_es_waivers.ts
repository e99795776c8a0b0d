// SPDX-License-Identifier: Apache-2.0
// In Spanish the words of waivers.
import type { Translated } from './language';
import type { Strings } from './strings';
import { countEs as count } from './strings_es_count';

export const waiversEs: Translated<Strings>['waivers'] = {
  title: 'Exenciones',
  verdict: {
    active: (n, more) =>
      n === 0
        ? 'No hay ninguna exención activa: no se acepta nada que no cumpla.'
        : `${count(n, 'exención activa', 'exenciones activas')}${more}.`,
    others: (n, more) => `${count(n, 'exención', 'exenciones')}${more}.`,
    more: ', y más abajo',
  },
  explain:
    'Con una exención, un requisito que no se cumple cuenta como exento para una escuela, un ' +
    'distrito o todo el estado hasta su último día. Nunca hace que cuente algo desconocido, y solo ' +
    'cuenta donde su último día no es anterior al último día del período de pruebas de la escuela. ' +
    'Alguien responde por ella con su nombre.',
  states: {
    active: 'Activas',
    proposed: 'Propuestas',
    over: 'Terminadas',
    revoked: 'Revocadas',
    declined: 'Rechazadas',
    withdrawn: 'Retiradas',
    moot: 'Propuestas sin efecto',
    all: 'Todas',
  },
  which: 'Qué exenciones',
  caption: {
    active: 'Exenciones activas, primero las más antiguas',
    over: 'Exenciones cuyo último día ya pasó',
    revoked: 'Exenciones revocadas',
    all: 'Todas las exenciones, primero las más antiguas',
  },
  of_profile: (profile) => `Solo las de ${profile}.`,
  show_all: 'Mostrar las de todos los programas',
  empty: {
    active:
      'No hay ninguna. Si una escuela tiene que administrar la prueba aunque algo no cumpla, ' +
      'exímalo abajo.',
    over: 'No hay ninguna.',
    revoked: 'No hay ninguna.',
    all: 'Todavía no hay ninguna.',
  },
  columns: {
    requirement: 'Requisito',
    scope: 'Para',
    reason: 'Motivo',
    until: 'Último día',
    who: 'Quién',
    devices: 'Dispositivos que cuentan gracias a ella',
    act: 'Cambiar',
  },
  scopes: { state: 'Todo el estado', lea: 'Distrito', site: 'Escuela' },
  over_on: 'terminada',
  revoked: (time, who) => `revocada el ${time} por ${who}`,
  gone: 'ya no se exige',
  not_counted: 'no cuenta',
  devices_of: (title) => ` dispositivos con ${title}`,
  revoke: 'Revocar',
  revoke_what: (title) => ` la exención de ${title}`,
  confirm: (devices) =>
    devices === null
      ? '¿Revocarla? Los dispositivos que no cumplen esto dejan de estar listos.'
      : `¿Revocarla? Es posible que ${count(devices, 'dispositivo deje', 'dispositivos dejen')} de ` +
        'estar listos.',
  yes_revoke: 'Sí, revocar',
  keep: 'Conservarla',
  revoked_now: (title) => `Revocada: ${title}.`,
  waived_now: (title) => `Exento: ${title}.`,
  reach: (devices, sites) =>
    devices === 0
      ? 'Ningún dispositivo se evalúa de otra manera por esto.'
      : `Se ${devices === 1 ? 'está' : 'están'} evaluando de nuevo ` +
        `${count(devices, 'dispositivo', 'dispositivos')} de ` +
        `${count(sites, 'escuela', 'escuelas')}.`,
  too_short: (sites) =>
    ` No cuenta en ${count(sites, 'escuela', 'escuelas')}: el período de pruebas ahí termina después ` +
    'de su último día.',
  undo: 'Deshacer: eximir de nuevo',
  undone: (title) => `Exento de nuevo: ${title}.`,
  form_title: 'Eximir un requisito',
  form_empty: 'No hay requisitos publicados, así que no hay nada que eximir.',
  all_needed: 'Todo aquí es necesario.',
  fields: {
    profile: 'Programa y año',
    requirement: 'Requisito',
    scope: 'Para quién',
    code: 'Código del distrito o de la escuela',
    reason: 'Motivo',
    who: 'Quién responde por ella',
    until: 'Último día',
  },
  hints: {
    code: 'El código del estado, como en la página de la escuela.',
    reason: 'Por qué es aceptable. Los dispositivos lo muestran; sin nombres, por favor.',
    who: 'Nombre y cargo. Solo lo ve el personal.',
    until: 'El último día del período de pruebas o después, y a más tardar el 31 de julio.',
  },
  choose: 'Elija uno',
  missing: {
    requirement: 'Elija el requisito.',
    code: 'Escriba el código del distrito o de la escuela.',
    reason: 'Diga por qué es aceptable.',
    who: 'Diga quién responde por ella.',
    until: 'Elija el último día.',
  },
  submit: 'Eximir',
  submitting: 'Eximiendo…',
};
