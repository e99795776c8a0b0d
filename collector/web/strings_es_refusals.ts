// SPDX-License-Identifier: Apache-2.0
// In Spanish what the collector says when a device cannot be moved, retired or restored, at once or
// on the day of a plan, or when that cannot be taken back.
import { inEnglish } from './told';

const done: Record<string, string> = {
  moved: 'se trasladó',
  retired: 'se dio de baja',
  restored: 'se restauró',
};
const doneEs = (word: string): string => done[word] ?? inEnglish(word);

type Told = string | ((...parts: [string, string, string]) => string);

/** The whole sentence, each with what stands in it. */
const refusals: [RegExp, Told][] = [
  [
    /^Somebody moved, retired or restored the device meanwhile, or planned to\. Look at it again, and say anew what is to be done\.$/,
    'Mientras tanto alguien trasladó, dio de baja o restauró el dispositivo, o planeó hacerlo. Véalo de ' +
      'nuevo y diga otra vez qué se debe hacer.',
  ],
  [
    /^The note has more than (\d+) bytes; say it shorter\.$/,
    (n) => `La nota tiene más de ${n} bytes; dígalo más corto.`,
  ],
  [
    /^Say in the note why the device is retired, or give lost, broken, sold or replaced as the reason\.$/,
    'Diga en la nota por qué se da de baja el dispositivo, o elija otro motivo.',
  ],
  [/^The room has more than (\d+) bytes\.$/, (n) => `El salón tiene más de ${n} bytes.`],
  [
    /^A device is restored at once; leave the day out\.$/,
    'Un dispositivo se restaura enseguida; deje vacío el día.',
  ],
  [
    /^(.+) is more than (\d+) days from now\.$/,
    (day, n) => `Faltan más de ${n} días para el ${inEnglish(day)}.`,
  ],
  [
    /^(.+) has begun at the site \((.+)\)\. Leave the day out to do it at once\.$/,
    (day, zone) =>
      `En la escuela (${zone}) ya empezó el ${inEnglish(day)}. Deje vacío el día para hacerlo enseguida.`,
  ],
  [
    /^Something is planned for the device already, as its placement (\d+); cancel that first\.$/,
    'Ya hay un plan para el dispositivo; primero cancele ese.',
  ],
  [
    /^There is no site with the code '(.*)' that you could know of\.$/,
    (code) => `No hay ninguna escuela con el código “${code}” de la que usted pueda saber.`,
  ],
  [/^Nothing is planned for device (\S+)\.$/, 'No hay ningún plan para el dispositivo.'],
  [
    /^Device (\S+) was not moved, retired or restored; there is nothing to undo\.$/,
    'El dispositivo no se trasladó, no se dio de baja ni se restauró; no hay nada que deshacer.',
  ],
  [
    /^It was between two sites, and at one of them you may not change devices\. Ask somebody who may at both\.$/,
    'Fue entre dos escuelas, y en una de ellas usted no puede cambiar dispositivos. Pídalo a alguien ' +
      'que pueda en las dos.',
  ],
  [
    /^The device was moved to another site after this was planned\.$/,
    'El dispositivo se trasladó a otra escuela después de planear esto.',
  ],
  [
    /^The site of the device belongs to another LEA than when this was planned, so nothing was changed\. If it is still wanted, whoever may change devices there now plans it anew\.$/,
    'La escuela del dispositivo pertenece a otro distrito que cuando se planeó esto, así que no se ' +
      'cambió nada. Si todavía se desea, lo planea de nuevo quien ahora puede cambiar dispositivos ahí.',
  ],
  [
    /^The site where the device was to go belongs to another LEA than when this was planned, so nothing was changed\. If it is still wanted, somebody who may change devices at both sites plans it anew\.$/,
    'La escuela adonde iba el dispositivo pertenece a otro distrito que cuando se planeó esto, así que ' +
      'no se cambió nada. Si todavía se desea, lo planea de nuevo alguien que puede cambiar dispositivos ' +
      'en las dos escuelas.',
  ],
  [
    /^Who planned this may not do it any more, so nothing was changed\. If it is still wanted, somebody who may change the device here and where it was to go does it now, or plans it anew\.$/,
    'Quien planeó esto ya no puede hacerlo, así que no se cambió nada. Si todavía se desea, lo hace ' +
      'ahora o lo planea de nuevo alguien que puede cambiar el dispositivo aquí y adonde iba.',
  ],
  [
    /^It was a line of an inventory, which lists it no more\.$/,
    'Era una línea de un inventario, que ya no la tiene.',
  ],
  [
    /^Site (\S+) has device (\S+) already, which has the same serial number '(.*)' and counts: one machine would count twice\. Retire the one of the two that is not there\.$/,
    (site, device, serial) =>
      `La escuela ${site} ya tiene el dispositivo ${device}, que tiene el mismo número de serie ` +
      `“${serial}” y cuenta: una máquina contaría dos veces. Dé de baja el que no está ahí.`,
  ],
  [
    /^It could not be done at the other site\. Who may see both sites sees why\.$/,
    'No se pudo hacer en la otra escuela. Quien puede ver las dos ve por qué.',
  ],
  [
    /^The device is retired; restore it first\.$/,
    'El dispositivo está dado de baja; primero restáurelo.',
  ],
  [
    /^The device is there already: site (\S+), room '(.*)', role (\S+)\.$/,
    (site, room) => `El dispositivo ya está ahí: escuela ${site}, salón “${room}”.`,
  ],
  [/^The device is retired already\.$/, 'El dispositivo ya está dado de baja.'],
  [
    /^The device is in conflict: two machines seem to use its key\. Settle that first, so that the right one is retired\.$/,
    'El dispositivo está en conflicto: parece que dos máquinas usan su clave. Primero decida eso, ' +
      'para que se dé de baja la correcta.',
  ],
  [/^The device is not retired\.$/, 'El dispositivo no está dado de baja.'],
  [
    /^The device was retired when a conflict was settled, as the one of two machines that is not it; undo how that was settled\.$/,
    'El dispositivo se dio de baja al decidir un conflicto, como la máquina que no es; deshaga esa ' +
      'decisión.',
  ],
  [
    /^Something was done with the device after it was (\w+) so; take that back first\.$/,
    (word) => `Después de que ${doneEs(word)} se hizo algo más con el dispositivo; primero deshaga eso.`,
  ],
  [
    /^It was (\w+) on (.+), more than (\d+) days ago\. Say anew where the device is to be\.$/,
    (word, day, n) =>
      `Eso ${doneEs(word)} hace más de ${n} días (${inEnglish(day)}). Diga de nuevo dónde debe estar el ` +
      'dispositivo.',
  ],
  [
    /^Since it was (\w+), an inventory, an enrolment or a conflict changed where the device is, its role, or whether it counts\. Say anew where it is to be\.$/,
    (word) =>
      `Desde que ${doneEs(word)}, un inventario, una inscripción o un conflicto cambió dónde está el ` +
      'dispositivo, su función o si cuenta. Diga de nuevo dónde debe estar.',
  ],
  [
    /^The device is in conflict since it was restored; settle that first\.$/,
    'El dispositivo está en conflicto desde que se restauró; primero decida eso.',
  ],
  [
    /^It could not be done on its day; nothing was changed\.$/,
    'No se pudo hacer en su día; no se cambió nada.',
  ],
  [/^It was cancelled before\.$/, 'Ya se canceló.'],
  [/^It was undone before\.$/, 'Ya se deshizo.'],
];

/** Nothing for a sentence that is not known word for word. */
export function refusalEs(sentence: string): string | undefined {
  for (const [pattern, told] of refusals) {
    const found = pattern.exec(sentence);
    if (!found) continue;
    const [, a = '', b = '', c = ''] = found;
    return typeof told === 'string' ? told : told(a, b, c);
  }
  return undefined;
}
