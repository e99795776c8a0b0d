// SPDX-License-Identifier: Apache-2.0
// In Spanish what is to be done about a device of an inventory: the sentences of
// collector/view/inventory_findings.c, without their full stop.
export const findingTexts: Record<string, string> = {
  ['If it belongs to this school, add it to the inventory and import that again; until then it ' +
  'does not count']:
    'Si es de esta escuela, agréguelo al inventario y cárguelo de nuevo; hasta entonces no cuenta',
  'Find the machine and enrol it with a key of this school, or take its line out of the inventory':
    'Busque la máquina e inscríbala con una clave de esta escuela, o quite su línea del inventario',
  ['Find the machine and turn it on with a network, or take it out of the inventory and import ' +
  'that again']:
    'Busque la máquina y enciéndala con red, o quítela del inventario y cárguelo de nuevo',
  ['Two schools list this machine. Take its line out of the inventory of the one where it is not, ' +
  'and import that again']:
    'Dos escuelas tienen esta máquina en la lista. Quite su línea del inventario de aquella donde ' +
    'no está y cárguelo de nuevo',
  ['Two schools have a device with this serial number. List the machine in the inventory of the ' +
  'one where it is, and import those of both']:
    'Dos escuelas tienen un dispositivo con este número de serie. Ponga la máquina en el inventario ' +
    'de aquella donde está y cargue los de ambas',
  ['This school lists it, and another one has it. Bring it here and enrol it with a key of this ' +
  'school, or take its line out of the inventory']:
    'Está en la lista de esta escuela y lo tiene otra. Tráigalo e inscríbalo con una clave de esta ' +
    'escuela, o quite su línea del inventario',
  ["It reports as a device of this school, and another one's inventory lists it. Enrol it with a " +
  'key of that school, or mend that inventory']:
    'Envía informes como dispositivo de esta escuela y está en el inventario de otra. Inscríbalo ' +
    'con una clave de aquella escuela o corrija aquel inventario',
  ['Two rows of this school name one machine. Take the line that nobody enrolled for out of the ' +
  'inventory, or mend its names, and import it again']:
    'Dos filas de esta escuela nombran una misma máquina. Quite del inventario la línea para la que ' +
    'nadie se inscribió, o corrija sus nombres, y cárguelo de nuevo',
  ['Two devices of this school have one serial number. List the one that is there by its asset ' +
  'tag or host name; the other one does not count then']:
    'Dos dispositivos de esta escuela tienen un mismo número de serie. Ponga en la lista el que está ' +
    'ahí por su etiqueta o nombre de equipo; entonces el otro no cuenta',
  ['It was retired and reports since then. If it is in use, restore it, so that it counts; if not, ' +
  'find the machine and turn it off']:
    'Se dio de baja y desde entonces envía informes. Si está en uso, restáurelo para que cuente; ' +
    'si no, busque la máquina y apáguela',
};
