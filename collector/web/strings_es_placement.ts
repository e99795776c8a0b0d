// SPDX-License-Identifier: Apache-2.0
// In Spanish the words of strings_placement.ts.
import type { Translated } from './language';
import type { placement } from './strings_placement';

export const placementEs: Translated<typeof placement> = {
  title: 'Dónde está, y si cuenta',
  move: 'Trasladarlo',
  move_room: 'Cambiar su salón',
  move_explain:
    'El dispositivo conserva su clave y su historial, y se evalúa según los requisitos de la ' +
    'escuela donde esté entonces. Lo que usted no cambie queda como está.',
  move_room_explain: 'Su rol le permite cambiar el salón en su escuela.',
  retire: 'Darlo de baja',
  retire_explain:
    'Para un dispositivo que ya no está. Deja de contar en todas partes, no se borra nada de él, ' +
    'y se puede restaurar.',
  restore: 'Restaurarlo',
  restore_explain:
    'El dispositivo vuelve a contar en su escuela, y se evalúa según su último informe.',
  other_school: 'En otra escuela',
  room: 'Salón',
  room_hint: 'En otra escuela no tiene ninguno, salvo que usted o el inventario de ella lo diga.',
  role: 'Uso',
  on: 'En este día',
  on_hint:
    'Déjelo vacío para hacerlo ahora. Si no, se hace cuando el día empieza en la escuela, y hasta ' +
    'entonces se puede cancelar.',
  reason: 'Por qué',
  reasons: {
    lost: 'Perdido o robado',
    broken: 'Averiado',
    sold: 'Vendido o regalado',
    replaced: 'Reemplazado por otro dispositivo',
    other: 'Otra cosa',
  },
  note: 'Más sobre ello',
  note_hint: 'Hace falta si el motivo es otra cosa.',
  note_missing: 'Diga por qué, en pocas palabras.',
  nothing_changed: 'El dispositivo ya está ahí. Cambie la escuela, el salón o el uso.',
  busy: 'Un momento…',
  done: {
    move: 'El dispositivo se trasladó.',
    retire: 'El dispositivo se dio de baja.',
    restore: 'El dispositivo se restauró.',
  },
  planned: (day) => `Esto está previsto para el ${day}.`,
  cancelled: 'El plan se canceló.',
  undone: 'Se deshizo; el dispositivo está como estaba.',
  undo: 'Deshacer',
  cancel_plan: 'Cancelar este plan',
  heard: (time) =>
    `Este dispositivo envía informes aunque está dado de baja, el último ${time}. Restáurelo, o ` +
    'averigüe quién lo tiene.',
  past: 'Lo que se hizo y está previsto',
  kinds: { move: 'Trasladado', retire: 'Dado de baja', restore: 'Restaurado' },
  plans: { move: 'Para trasladar', retire: 'Para dar de baja', restore: 'Para restaurar' },
  statuses: {
    planned: (day) => `previsto para el ${day}`,
    done: (time) => time,
    failed: (time) => `no se pudo hacer, ${time}`,
    cancelled: (time) => `cancelado, ${time}`,
    undone: (time) => `deshecho, ${time}`,
  },
  by: (who) => `por ${who}`,
  from_to: (from, to) => `de ${from} a ${to}`,
  spot: (school, room, role) => [school, room && `salón ${room}`, role].filter(Boolean).join(', '),
  other_place: 'una escuela que usted no puede ver',
};
