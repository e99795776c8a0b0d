// SPDX-License-Identifier: Apache-2.0
// In Spanish the words of strings_proposals.ts.
import type { Translated } from './language';
import { countEs as count } from './strings_es_count';
import type { proposals } from './strings_proposals';

export const proposalsEs: Translated<typeof proposals> = {
  title: 'Exenciones propuestas',
  verdict: (n, more) =>
    n === 0
      ? 'No espera ninguna exención propuesta.'
      : `${count(n, 'exención propuesta espera', 'exenciones propuestas esperan')} una decisión${more}.`,
  next_decide: 'Vea qué cambiaría cada una y luego dela o rechácela.',
  next_wait:
    'Usted, nada: decide quien da las exenciones en su distrito. Puede retirar lo que propuso.',
  explain:
    'Una exención propuesta no cambia nada hasta que la dé alguien que puede hacerlo. Quien la propuso ' +
    'puede retirarla.',
  caption: {
    proposed: 'Exenciones propuestas que esperan una decisión, primero las más antiguas',
    moot: 'Exenciones propuestas que ahora no sirven para nada',
    declined: 'Exenciones propuestas que se rechazaron',
    withdrawn: 'Exenciones propuestas que se retiraron',
  },
  empty: {
    proposed: 'No espera ninguna exención propuesta.',
    moot: 'No hay ninguna.',
    declined: 'No hay ninguna.',
    withdrawn: 'No hay ninguna.',
  },
  columns: { proposed: 'La propuso', change: 'Qué cambiaría', decide: 'Decidir' },
  answers: (who) => `respondería por ella: ${who}`,
  would: (fails, ready) =>
    fails === 0
      ? 'No se sabe de ningún dispositivo que no lo cumpla.'
      : `${count(fails, 'dispositivo no lo cumple', 'dispositivos no lo cumplen')}; ` +
        `${ready === 0 ? 'ninguno quedaría listo' : `${count(ready, 'quedaría listo', 'quedarían listos')}, con una advertencia`}.`,
  not_counted: 'Demasiadas escuelas tienen requisitos propios para contarlo aquí.',
  too_short: (sites) =>
    `No contaría en ${count(sites, 'escuela', 'escuelas')}: el período de pruebas ahí termina después de ` +
    'su último día.',
  moot: {
    over: 'Su último día ya pasó: dela solo con otro.',
    no_window: 'Ninguna escuela de ahí se evalúa con este programa.',
    no_requirement: 'Ahí ya no se exige esto.',
    nothing_fails: 'Ahí ningún dispositivo deja de cumplir esto ahora.',
  },
  give: 'Dar…',
  decline: 'Rechazar…',
  withdraw: 'Retirar',
  reopen: 'Abrir de nuevo',
  what: (title) => ` la exención propuesta de ${title}`,
  give_ask: '¿Darla? Cuenta enseguida. Los dispositivos que no cumplen esto pueden quedar listos.',
  give_until: 'Último día',
  give_yes: 'Sí, darla',
  decline_ask: '¿Por qué se rechaza? Lo lee quien la propuso.',
  decline_reason: 'Motivo para rechazarla',
  decline_missing: 'Diga por qué se rechaza.',
  decline_yes: 'Rechazarla',
  cancel: 'Dejarla en espera',
  given_now: (title) => `Dada: ${title}.`,
  proposed_now: (title) => `Propuesta: ${title}.`,
  declined_now: (title) => `Rechazada: ${title}.`,
  withdrawn_now: (title) => `Retirada: ${title}.`,
  reopened_now: (title) => `Espera de nuevo: ${title}.`,
  not_given: 'propuesta, no dada',
  waits: 'No cambia nada hasta que la dé alguien que puede hacerlo.',
  nothing: 'Nada se evalúa de otra manera.',
  undo_give: 'Deshacer: revocarla',
  undo_decline: 'Deshacer: dejarla en espera otra vez',
  given_by: (who) => `dada por ${who}`,
  proposed_by: (who) => `propuesta por ${who}`,
  declined: (time, who) => `rechazada el ${time} por ${who}:`,
  withdrawn: (time, who) => `retirada el ${time} por ${who}`,
  waiting: (n) =>
    n === 0
      ? 'Nada espera su decisión.'
      : `${count(n, 'exención propuesta espera', 'exenciones propuestas esperan')} su decisión.`,
  waiting_more: 'Más de 500 exenciones propuestas esperan su decisión.',
  decide_them: 'Decidir',
  form_title: 'Proponer una exención',
  none_active:
    'No hay ninguna. Si una escuela tiene que administrar la prueba aunque algo no cumpla, proponga ' +
    'una exención abajo.',
  submit: 'Proponer',
  submitting: 'Proponiendo…',
  propose: 'Proponer una exención…',
};
