// SPDX-License-Identifier: Apache-2.0
// In Spanish the words of strings_lea.ts.
import type { Translated } from './language';
import type { lea } from './strings_lea';

export const leaEs: Translated<typeof lea> = {
  code: 'Código',
  zone: 'Zona horaria',
  sites: 'Escuelas',
  ready: 'Dispositivos listos',
  ready_of: (ready, expected) => `${ready} de ${expected}`,
  part: 'Solo se cuentan las escuelas que usted puede ver.',
  contact: 'Coordinación del distrito',
  nobody: 'Todavía no se nombra a nadie.',
  change: 'Cambiar',
  change_contact_explain:
    'A quién llaman las escuelas sobre los exámenes. Esto no da una cuenta a nadie. Deje todo vacío si no ' +
    'se debe nombrar a nadie.',
  contact_name: 'Nombre de quien coordina',
  contact_email: 'Su correo electrónico',
  contact_phone: 'Su teléfono',
  name: 'Nombre del distrito',
  zone_hint:
    'Como America/Los_Angeles. Según ella empiezan y terminan los días. Las escuelas que tienen la zona ' +
    'del distrito también reciben la nueva; una escuela con otra la conserva.',
  missing: {
    name: 'Escriba el nombre del distrito.',
    zone: 'Escriba la zona horaria del distrito.',
  },
  submit: 'Cambiar el distrito',
  busy: 'Un momento…',
  changed: 'El distrito se cambió.',
  changed_since:
    'Mientras tanto alguien cambió el distrito. Arriba se muestra como es ahora; cámbielo de nuevo.',
  nothing: 'Nada es distinto de lo que tiene el distrito.',
};
