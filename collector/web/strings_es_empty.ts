// SPDX-License-Identifier: Apache-2.0
// In Spanish the words of strings_empty.ts.
import type { Translated } from './language';
import type { empty } from './strings_empty';
import { countEs as count } from './strings_es_count';

export const emptyEs: Translated<typeof empty> = {
  schools_title: 'Todavía no hay escuelas',
  schools: 'Empiece con un archivo de distritos y escuelas con sus períodos de pruebas:',
  schools_import: 'cargar las escuelas',
  schools_or: 'O en la máquina del recopilador:',
  schools_command: 'testready-collector site import FILE',
  schools_ask: 'Las verá aquí cuando quien administra Testready en su estado las haya cargado.',
  no_inventory:
    'Esta escuela no tiene inventario: se esperan los dispositivos que se inscribieron, y nadie sabe ' +
    'si falta alguno.',
  work: 'No hay nada que arreglar: todos los dispositivos se evaluaron y nada falla.',
  work_unknown: (n) =>
    'No se sabe de nada que falle. ' +
    `De ${count(n, 'dispositivo', 'dispositivos')} no se sabe qué hay que arreglar.`,
  work_none: 'Todavía no hay ningún dispositivo.',
  work_unjudged:
    'No se sabe qué hay que arreglar: no se han publicado los requisitos con que se evalúa.',
  rooms: 'El inventario no nombra salones. Agregue un salón a cada línea y cárguelo de nuevo.',
  devices:
    'Todavía no hay dispositivos: cargue el inventario o inscriba el primer dispositivo con una clave ' +
    'de esta escuela.',
  ask: 'Lo hace quien se encarga de los dispositivos de la escuela.',
  to_inventory: 'Cargar un inventario',
  to_keys: 'Crear una clave de inscripción',
};
