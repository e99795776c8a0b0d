// SPDX-License-Identifier: Apache-2.0
// In Spanish the words of strings_imports.ts.
import type { Translated } from './language';
import { countEs as count, numberEs } from './strings_es_count';
import type { imports } from './strings_imports';

const devices = (n: number) => count(n, 'dispositivo', 'dispositivos');
const schools = (n: number) => count(n, 'escuela', 'escuelas');
const rows = (n: number) => count(n, 'fila', 'filas');

const counts = {
  new: (n: number) => count(n, 'nuevo', 'nuevos'),
  changed: (n: number) => count(n, 'cambiado', 'cambiados'),
};
const removed = { removed: (n: number) => count(n, 'quitado', 'quitados') };

export const importsEs: Translated<typeof imports> = {
  imports_nav: { inventory: 'Inventario', imports: 'Cargar archivos' },

  inventory: {
    title: 'Inventario',
    title_of: (site) => `Inventario de ${site}`,
    explain:
      'Lo que dice el inventario junto a lo que se vio. Cada dispositivo del que alguien tiene que ' +
      'ocuparse está aquí una vez, bajo la primera clase que le corresponde.',
    fits: (expected, days) =>
      `Todo concuerda: cada uno de los ${devices(expected)} que se esperan envió un informe en los últimos ${numberEs(days)} días.`,
    fits_none: 'No se espera ningún dispositivo y no se vio ninguno.',
    fits_not: (n, expected) =>
      `${count(n, 'dispositivo o línea no concuerda', 'dispositivos o líneas no concuerdan')}; se esperan ${devices(expected)}.`,
    no_inventory:
      'Esta escuela no tiene inventario: se espera cada dispositivo que se inscribe y no puede faltar ' +
      'ninguno. Cargue uno y aquí se verá lo que falta.',
    no_inventory_ask:
      'Esta escuela no tiene inventario: se espera cada dispositivo que se inscribe y no puede faltar ' +
      'ninguno. Pida a quien se ocupa de los dispositivos de la escuela que cargue uno.',
    numbers: 'Números',
    expected: 'Dispositivos que se esperan',
    all: 'Todo lo que no concuerda',
    kinds: {
      twice: 'Dos veces',
      moved: 'Cambió de lugar',
      unexpected: 'No se espera',
      retired: 'Dado de baja, pero envía informes',
      never_seen: 'Nunca visto',
      not_since: 'No visto últimamente',
    },
    kind_notes: {
      twice: 'un equipo parece ser dos filas',
      moved: 'en la lista de una escuela, visto en otra',
      unexpected: 'visto aquí, no está en el inventario',
      retired: 'envió informes después de darlo de baja; no cuenta en ninguna parte',
      never_seen: 'se espera y nunca envió un informe',
      not_since: 'se espera y hace demasiado que no envía un informe',
    },
    rows,
    rows_more: (n) =>
      `${n === 1 ? 'la primera fila' : `las primeras ${numberEs(n)} filas`}; hay más`,
    caption: (what, site) => `${what} – ${site}`,
    none_fits: 'No hay nada de esta clase.',
    nothing: 'Aquí no queda nada por hacer.',
    days: 'Falta lo que no envía un informe desde hace',
    days_words: (n) => count(n, 'día', 'días'),
    show: 'Mostrar',
    filter_lea: 'Distrito',
    all_leas: 'Todo lo que usted puede ver',
    columns: {
      kind: 'Qué',
      device: 'Dispositivo',
      room: 'Salón',
      state: 'Estado',
      seen: 'Último informe',
      to_do: 'Qué hacer',
      school: 'Escuela',
      expected: 'Se esperan',
    },
    line: 'una línea que ningún dispositivo ha reclamado',
    other: 'el otro:',
    at: ' en ',
    file: 'Estas filas como archivo CSV',
    files: 'Todas las filas de todas las escuelas como archivo CSV',
    to_import: 'Cargar un inventario',
    all_explain:
      'De cada escuela, lo que dice el inventario junto a lo que se vio. Cada número abre las filas ' +
      'que cuenta.',
    sentence: (wrong, all) =>
      wrong === 0
        ? all === 1
          ? 'En la escuela, el inventario concuerda con lo que se vio.'
          : `En las ${schools(all)}, el inventario concuerda con lo que se vio.`
        : `En ${numberEs(wrong)} de ${schools(all)}, el inventario no concuerda con lo que se vio.`,
    so_far: ' Son las escuelas cargadas hasta ahora; use “Mostrar más” para ver el resto.',
    without: (n) => `${count(n, 'escuela todavía no tiene', 'escuelas todavía no tienen')} inventario.`,
    has_none: 'todavía sin inventario',
    all_caption: 'Escuelas, por código',
    some_caption: (kind, n) => `Escuelas con “${kind}”: ${numberEs(n)}`,
    show_all: 'Mostrar todas las escuelas',
    none_with: 'Ninguna escuela tiene nada de esta clase.',
    no_schools: 'Usted todavía no ve ninguna escuela.',
    of_school: (what, site) => ` ${what} en ${site}`,
    site_link: 'Inventario junto a lo que se vio',
    site_import: 'Cargar un inventario de la escuela',
  },

  imports: {
    title: 'Cargar archivos',
    explain:
      'Un archivo se revisa primero: usted ve qué tiene mal, luego qué cambiaría, y no se guarda nada ' +
      'antes de que usted lo diga.',
    which: 'Qué cargar',
    refused: 'Sus roles no le permiten cargar nada; pídalo a quien se los dio.',
    refused_one: (what) => `Sus roles no le permiten cargar ${what}; pídalo a quien se los dio.`,
    steps: 'Cómo se hace',
    template: 'Obtener la plantilla',
    template_note: 'y llenarla, una fila por cada uno; guárdela como “CSV UTF-8”.',
    columns: 'Qué significa cada columna',
    column: 'Columna',
    meaning: 'Qué significa',
    needed: 'hace falta',
    choose: 'Elija el archivo abajo y revíselo.',
    say_yes: 'Mire qué cambiaría y luego cárguelo.',
    file: 'Archivo CSV',
    drop: 'o suéltelo aquí',
    dropping: 'Suelte el archivo para revisarlo.',
    missing: 'Elija el archivo.',
    one_file: 'Suelte un solo archivo.',
    empty_file: (name) => `${name} está vacío.`,
    too_large: (size, most) =>
      `El archivo tiene ${size} y aquí se aceptan ${most} como máximo. Divídalo por escuela y cargue ` +
      'una parte tras otra, o déselo a quien administra el recopilador.',
    mib: (bytes) =>
      `${(bytes / 1024 / 1024).toLocaleString('es-US', { maximumFractionDigits: 1 })} MiB`,
    look: 'Revisar el archivo',
    looking: 'Revisando…',
    loading: 'Cargando…',
    checking_of: (name) => `Se está revisando ${name}. Puede ir a otra página y volver.`,
    loading_of: (name) =>
      `Se está cargando ${name}. Puede ir a otra página: se carga igual, o no se carga nada.`,
    seconds: (n) => count(n, 'segundo', 'segundos'),
    stop: 'Detener',
    stopped: 'Detenido. No se guardó nada.',
    looked: (name) => `Qué cambiaría ${name}`,
    wrong_title: (name) => `Qué tiene mal ${name}`,
    wrong: (n) =>
      `Hay ${count(n, 'error', 'errores')}, así que no se puede cargar nada. Corrija el archivo y ` +
      'revíselo de nuevo.',
    would: (changes, unchanged) =>
      `${changes}; ${numberEs(unchanged)} sin cambios. Todavía no se ha guardado nada.`,
    done: (changes, unchanged) => `${changes}; ${numberEs(unchanged)} sin cambios.`,
    no_change: 'ningún cambio',
    lost:
      'La respuesta no llegó, así que no se sabe si el archivo está cargado. Use el botón una vez más: ' +
      'lo que ya está cargado no se carga dos veces.',
    again: 'Revisar de nuevo el mismo archivo',
    changed_title: 'Algo cambió desde que usted lo miró',
    changed: (before, now) =>
      'Entretanto alguien cambió algo de lo que toca este archivo; no se cargó nada. ' +
      `Antes era: ${before}. Ahora es: ${now}. Mírelo una vez más y cárguelo si todavía es correcto.`,
    changed_rows: 'Lo que es nuevo en la lista de abajo está marcado.',
    differs: 'nuevo desde que usted lo miró',
    rows: 'Filas con errores',
    rows_note: 'La primera línea del archivo encabeza la tabla; la celda con el error está marcada.',
    line: 'Línea',
    wrong_cell: 'error: ',
    more_columns: (n) => `y ${numberEs(n)} más`,
    more_wrong: (n) => `Y ${count(n, 'error más que no se muestra', 'errores más que no se muestran')}.`,
    empty_cell: '(vacía)',
    more_rows: (n) => `Y ${count(n, 'cambio más', 'cambios más')} en esta escuela.`,
    more_schools: (n) => `Y cambios en ${count(n, 'escuela más', 'escuelas más')}.`,
    not_shown: 'Son demasiados para mostrar cada uno.',
    change: 'Cambio',
    before_after: 'Antes → después',
    device: 'Dispositivo',
    nothing: 'No cambiaría nada: todo lo que dice el archivo ya es así.',
    another: 'Cargar otro archivo',
  },

  import_inventory: {
    title: 'Dispositivos de un inventario',
    what: 'inventarios',
    explain:
      'El archivo es el inventario completo de cada escuela que nombra: un dispositivo que no está en ' +
      'él ya no se espera ahí. Las escuelas que no están en el archivo quedan como están. No se borra ' +
      'nada que haya enviado un informe.',
    load: 'Cargar este inventario',
    loaded: 'El inventario está cargado',
    columns: {
      site_code: 'Código de la escuela',
      asset_tag: 'Etiqueta del dispositivo',
      serial: 'Número de serie del fabricante',
      host_name: 'Nombre del equipo',
      role: 'student (estudiante), ta (administrador de la prueba), shared (compartido) o spare (de reserva); vacía: student',
      room: 'Dónde está; vacía: ningún salón',
    },
    one_of: 'una de estas tres',
    counts: {
      ...counts,
      ...removed,
      unexpected: (n) => count(n, 'ya no se espera', 'ya no se esperan'),
      moved: (n) =>
        count(n, 'ahora está en la lista de otra escuela', 'ahora están en la lista de otra escuela'),
    },
    caption: (site) => `Cambios en ${site}`,
    changes: {
      new: 'Nuevo',
      changed: 'Cambiado',
      removed: 'Quitado: no está en el archivo y nadie se inscribió por él',
      unexpected: 'Ya no se espera: no está en el archivo',
      moved: 'Ya no se espera aquí: el archivo tiene su número de serie en otra escuela',
    },
    fields: {
      asset_tag: 'Etiqueta',
      serial: 'Número de serie',
      host_name: 'Nombre del equipo',
      room: 'Salón',
      role: 'Uso',
      expected: 'Se espera',
    },
    to_site: (site) => `Ver el inventario de ${site}`,
  },

  import_sites: {
    title: 'Distritos y escuelas',
    what: 'distritos y escuelas',
    warnings: 'Mire esto antes de cargarlo',
    explain:
      'Una fila por escuela, con su distrito. Lo que diría una columna queda como está si la columna ' +
      'falta, y las escuelas que no están en el archivo quedan como están. Escriba los códigos como ' +
      'texto: una hoja de cálculo que los toma por números les quita los primeros ceros.',
    thing: 'Escuela',
    caption: 'Escuelas que cambian',
    load: 'Cargar estas escuelas',
    loaded: 'Las escuelas están cargadas',
    all_of: 'un período tiene programme, first, last y profile, o ninguno',
    columns: {
      lea_code: 'Código del distrito',
      lea_name: 'Nombre del distrito',
      lea_coordinator_name: 'Coordinador de pruebas del distrito: nombre',
      lea_coordinator_email: 'Coordinador de pruebas del distrito: correo electrónico',
      lea_coordinator_phone: 'Coordinador de pruebas del distrito: teléfono',
      site_code: 'Código de la escuela',
      site_name: 'Nombre de la escuela',
      zone: 'Zona horaria, por ejemplo America/Los_Angeles',
      coordinator_name: 'Coordinador de la escuela: nombre',
      coordinator_email: 'Coordinador de la escuela: correo electrónico',
      coordinator_phone: 'Coordinador de la escuela: teléfono',
      technology_name: 'Contacto de tecnología: nombre',
      technology_email: 'Contacto de tecnología: correo electrónico',
      technology_phone: 'Contacto de tecnología: teléfono',
      tracks: 'Nombres de los grupos de calendario, con “; ” entre ellos',
      programme: 'Período de pruebas: programa',
      window_track: 'Período de pruebas: grupo de calendario',
      first: 'Período de pruebas: primer día, por ejemplo 2027-04-12',
      last: 'Período de pruebas: último día',
      profile: 'Período de pruebas: qué requisitos se aplican a los dispositivos',
    },
    fields: {
      zone: 'Zona horaria',
      tracks: 'Grupos de calendario',
      first: 'Período de pruebas: primer día',
      profile: 'Período de pruebas: requisitos',
    },
    changes: { new: 'Nueva', changed: 'Cambiada' },
    counts: {
      new: (n) => count(n, 'nueva', 'nuevas'),
      changed: (n) => count(n, 'cambiada', 'cambiadas'),
    },
  },

  import_rooms: {
    title: 'Salones de escuelas',
    what: 'salones de escuelas',
    explain:
      'Todos los salones de cada escuela que el archivo nombra: uno que no está en él ya no está en la ' +
      'lista. Los dispositivos conservan el salón que nombran. Las escuelas que no están en el archivo ' +
      'quedan como están.',
    thing: 'Salón',
    caption: (site) => `Salones de ${site} que cambian`,
    load: 'Cargar estos salones',
    loaded: 'Los salones están cargados',
    columns: {
      site_code: 'Código de la escuela',
      room: 'Nombre del salón, como en el inventario',
      track: 'El grupo de calendario que hace ahí la prueba; vacía: ninguno',
      seats: 'Cuántos asientos tiene; vacía: no se sabe',
    },
    fields: { track: 'Grupo de calendario', seats: 'Asientos' },
    changes: { new: 'Nuevo', changed: 'Cambiado', removed: 'Quitado: no está en el archivo' },
    counts: { ...counts, ...removed },
    to_site: (site) => `Ver ${site}`,
  },

  import_people: {
    title: 'Roles de personas',
    what: 'roles de personas',
    columns: {
      login: 'Con qué inicia sesión la persona',
      name: 'Su nombre, si todavía no tiene cuenta',
      role: 'admin, lea_coordinator, tech_coordinator, site_coordinator o viewer',
      scope: 'state, lea o site: dónde vale el rol',
      code: 'Código de ese distrito o escuela; vacía si es todo el estado',
    },
  },
};
