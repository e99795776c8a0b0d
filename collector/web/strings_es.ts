// SPDX-License-Identifier: Apache-2.0
// The words of the pages in Spanish, as school districts of the United States write to families
// and staff: "usted", plain words, and the same word for the same thing everywhere.
//
//   collector      recopilador              school, district  escuela, distrito
//   device         dispositivo              room              salón
//   report         informe (enviar)         test              prueba
//   requirement    requisito                testing window    período de pruebas
//   pass, fail     cumple, no cumple        test administrator  administrador de la prueba
//   ready          listo                    secure browser    navegador seguro
//   stale          desactualizado           weekday           día entre semana
//   waiver, waived exención, exento         braille display   línea braille
//   fix            solución                 embosser          impresora braille
//   certify        certificar               programme         programa
//   account, role  cuenta, rol              sign in, out      iniciar sesión, cerrar sesión
//   login          nombre de usuario        second factor     segundo factor
//   enrol, key     inscribir, clave de inscripción            supplement  suplemento
//   retire, move   dar de baja, trasladar   role of a device    uso
import type { Translated } from './language';
import type { Strings } from './strings';
import { auditNamesEs } from './strings_es_audit';
import { countEs as count, numberEs } from './strings_es_count';
import { importsEs } from './strings_es_imports';
import { peopleEs } from './strings_es_people';
import { leaEs } from './strings_es_lea';
import { emptyEs } from './strings_es_empty';
import { placementEs } from './strings_es_placement';
import { proposalsEs } from './strings_es_proposals';
import { signOnFailedEs } from './strings_es_sign_on';
import { toldEs } from './strings_es_told';
import { waiversEs } from './strings_es_waivers';

/** "no listo" of one device, "no listos" of several. */
const statesOf = (n: number, state: string): string => {
  const word = state.toLowerCase();
  return n === 1 ? word : word.replace(/(listo|visto|ado|ido)\b/, '$1s');
};

const waivedWords = (n: number) => count(n, 'requisito exento', 'requisitos exentos');

export const es: Translated<Strings> = {
  locale: 'es-US',
  told: toldEs,
  app: 'Testready',
  skip: 'Ir al contenido',
  sign_out: 'Cerrar sesión',
  breadcrumb: 'Usted está aquí',
  places: 'Páginas',
  loading: 'Cargando…',
  retry: 'Intentar de nuevo',
  show_more: 'Mostrar más',
  shown_more: (n) => `Ahora se ${n === 1 ? 'muestra' : 'muestran'} ${count(n, 'fila', 'filas')}.`,
  more_exist: (n) =>
    `${n === 1 ? 'Se muestra la primera fila' : `Se muestran las primeras ${numberEs(n)} filas`}; ` +
    'hay más.',
  order_changed: 'El orden ha cambiado desde que abrió esta página.',
  sort_again: 'Ordenar de nuevo',
  scroll_hint: 'Tabla; se desplaza hacia los lados',
  none: 'ninguno',
  empty_value: '–',
  yes: 'Sí',
  no: 'No',
  as_of: 'Datos del',
  unchanged_at: (time) => `; nada había cambiado el ${time}`,
  live: 'Esta página se actualiza sola.',
  not_updated: 'Esta página no se pudo actualizar; muestra lo que era cierto a la hora de abajo.',
  unreachable: 'El recopilador no respondió. Revise su conexión a la red e intente de nuevo.',
  unexpected_answer: (status) =>
    `El recopilador respondió ${status} sin decir por qué. Intente de nuevo.`,
  failed_title: 'No se pudo cargar esta página',
  not_found_title: 'Esta página no existe',
  not_found: 'Es posible que la dirección esté incompleta. Vaya al resumen y busque ahí la escuela.',
  not_found_why: 'Tal vez ya no exista, o sus roles no lo abarquen.',
  to_overview: 'Ir al resumen',
  updated: (sentence) => `Actualizado: ${sentence}`,

  ...peopleEs,
  audit_names: auditNamesEs,
  sign_on_failed: signOnFailedEs,
  lea: leaEs,
  placement: placementEs,
  empty: emptyEs,
  proposals: proposalsEs,
  waivers: waiversEs,
  ...importsEs,

  states: {
    retired: 'Dado de baja',
    conflict: 'En conflicto',
    never_seen: 'Nunca visto',
    stale: 'Desactualizado',
    not_ready: 'No listo',
    unknown: 'Desconocido',
    ready_with_warnings: 'Listo con advertencias',
    ready: 'Listo',
  },
  results: {
    pass: 'Cumple',
    fail: 'No cumple',
    unknown: 'Desconocido',
    not_applicable: 'No se aplica',
    waived: 'Exento',
  },
  severities: { required: 'Obligatorio', recommended: 'Recomendado' },
  roles: {
    student: 'Estudiante',
    ta: 'Administrador de la prueba',
    shared: 'Compartido',
    spare: 'De reserva',
  },

  groups: {
    ready: 'Listos',
    needs_work: 'Necesitan trabajo',
    unknown_or_stale: 'Desconocidos o desactualizados',
  },

  overview: {
    title: 'Resumen',
    totals: 'Totales',
    schools: 'Escuelas',
    certifiable: 'Se pueden certificar',
    not_certifiable: 'No se pueden certificar',
    expected: 'Dispositivos esperados',
    unexpected: 'Fuera del inventario',
    caption: 'Escuelas, primero las de mayor riesgo',
    begin_with: (school) => `Empiece por ${school}: es la de mayor riesgo.`,
    caption_note: 'Cada número abre los dispositivos que cuenta.',
    filter: 'Buscar una escuela',
    filter_hint: 'Nombre, código o distrito',
    showing: (shown, loaded) =>
      `Se muestran ${numberEs(shown)} de ${count(loaded, 'escuela', 'escuelas')}`,
    showing_all: (n) =>
      `Se ${n === 1 ? 'muestra' : 'muestran'} ${count(n, 'escuela', 'escuelas')}`,
    loaded_only:
      'Solo se busca en las escuelas cargadas hasta ahora; use “Mostrar más” para ver las demás.',
    shows: {
      certifiable: 'que ya se pueden certificar',
      not_certifiable: 'que todavía no se pueden certificar',
      ready: 'con dispositivos listos',
      needs_work: 'con dispositivos que necesitan trabajo',
      unknown_or_stale: 'con dispositivos desconocidos o desactualizados',
      unexpected: 'con dispositivos que no están en el inventario',
    },
    clear: 'Mostrar todas las escuelas',
    no_match: 'Ninguna escuela coincide. Cambie el texto de arriba o muestre todas las escuelas.',
    columns: {
      school: 'Escuela',
      window: 'Período de pruebas',
      weekdays: 'Días entre semana que faltan',
      ready: 'Listos',
      expected: 'Esperados',
      needs_work: 'Necesitan trabajo',
      unknown_or_stale: 'Desconocidos o desactualizados',
      coverage: 'Cobertura',
      browser: 'Navegador',
      certifiable: 'Se puede certificar',
    },
    judging: 'se están aplicando requisitos nuevos',
    judging_sites: (n) =>
      `Se están aplicando requisitos nuevos en ${count(n, 'escuela', 'escuelas')}: los números ahí ` +
      'todavía cambian, y no se puede certificar antes de terminar.',
    coverage_of: (fresh, expected) => `, ${fresh} de ${expected} tienen un informe reciente`,
    browser_of: (current, expected) =>
      `, ${current} de ${expected} tienen el navegador seguro de este año`,
    devices_of: (what, school) => ` ${what} en ${school}`,
  },

  window: {
    none: 'Sin período de pruebas',
    range: (first, last) => `${first} – ${last}`,
    open: 'En pruebas ahora',
    over: 'Terminado',
    before: (weekdays) =>
      `${weekdays === 1 ? 'falta' : 'faltan'} ${count(weekdays, 'día entre semana', 'días entre semana')}`,
    label: 'Período de pruebas',
  },

  site: {
    next: 'Próximo paso:',
    tiles: 'Los dispositivos de un vistazo',
    expected: (n) => count(n, 'dispositivo esperado', 'dispositivos esperados'),
    devices: (n) => count(n, 'dispositivo', 'dispositivos'),
    unexpected: (n) =>
      count(
        n,
        'dispositivo envía informes pero no está en el inventario',
        'dispositivos envían informes pero no están en el inventario',
      ),
    work: 'Lista de trabajo',
    work_note: 'En el orden que deja listos más dispositivos por minuto.',
    minutes: (n) => `unos ${numberEs(n)} min`,
    hours: (hours) => `unas ${hours} h`,
    room: 'salón ',
    rooms: 'salones ',
    and: ' y ',
    comma: ', ',
    no_room: 'sin salón',
    makes_ready: (n) => `deja ${count(n, 'dispositivo listo', 'dispositivos listos')}`,
    makes_none: 'hace falta algo más para que estén listos',
    recommended: 'recomendado',
    rules: 'Certificación',
    certifiable: 'Se cumplen todas las reglas: esta escuela ya se puede certificar.',
    not_certifiable: (met, all) => `Se cumplen ${met} de ${all} reglas.`,
    met: 'Se cumple',
    not_met: 'No se cumple',
    see_rows: 'Ver estos dispositivos',
    contacts_title: 'Contactos',
    contacts: {
      coordinator: 'Coordinador de la escuela',
      technology: 'Contacto de tecnología',
      lea_coordinator: 'Coordinador del distrito',
    },
    contacts_none: 'Todavía no se nombra a nadie. Un archivo de escuelas los nombra, vea Cargar archivos.',
    room_seats: (n: number) => `${n} ${n === 1 ? 'lugar' : 'lugares'}`,
    room_track: (name: string) => `ciclo ${name}`,
    room_undeclared: 'solo los dispositivos nombran este salón',
    rooms_title: 'Salones',
    rooms_caption: 'Dispositivos listos por salón',
    devices_title: 'Dispositivos',
    columns: {
      room: 'Salón',
      expected: 'Esperados',
      ready: 'Listos',
      missing: 'Todavía no listos',
    },
    all_devices: 'Todos los dispositivos en una página aparte',
    waived_part: 'de los listos: algo no cumple y se acepta',
    requirements: 'Requisitos',
    version: (version) => `versión ${version}`,
    read_them: 'leerlos',
    beyond: 'con lo que se pide además:',
    waivers: (n) => count(n, 'exención', 'exenciones'),
    judging: (n) =>
      `Se están aplicando requisitos nuevos: ${count(n, 'dispositivo pendiente', 'dispositivos pendientes')}. ` +
      'Hasta entonces los números son de los requisitos anteriores y de los nuevos, y esta escuela ' +
      'no se puede certificar.',
    judged: 'Los requisitos nuevos se aplicaron a todos los dispositivos.',
    no_profile:
      'No hay ninguno publicado para el período de pruebas de esta escuela, así que no se pueden ' +
      'evaluar los dispositivos.',
    browser: 'Navegador seguro',
    coverage: 'Cobertura',
    state_of: (n, state) => `${numberEs(n)} ${statesOf(n, state)}`,
  },

  devices: {
    title: 'Dispositivos',
    caption: (site) => `Dispositivos de ${site}`,
    count: (n) => count(n, 'dispositivo', 'dispositivos'),
    count_more: (n) =>
      `${n === 1 ? 'El primer dispositivo' : `Los primeros ${numberEs(n)} dispositivos`}; hay más`,
    count_of: (n, total) =>
      `${count(total, 'dispositivo', 'dispositivos')}; se ` +
      (n === 1 ? `muestra ${numberEs(n)}` : `muestran los primeros ${numberEs(n)}`),
    all: 'Todos los dispositivos',
    show_all: 'Mostrar todos los dispositivos de esta escuela',
    filters: 'Se muestran los dispositivos que',
    by_state: (states) => `están en el estado: ${states}`,
    by_fix: (fix) => `necesitan: ${fix}`,
    by_requirement: (requirement) => `no cumplen ${requirement}`,
    by_passes: (requirement) => `cumplen ${requirement} y tienen un informe reciente`,
    by_room: (room) => `están en el salón ${room}`,
    by_no_room: 'no tienen salón',
    by_expected: 'se esperan',
    by_unexpected: 'envían informes pero no están en el inventario',
    by_waived: 'tienen algo que no cumple y está exento',
    by_not_waived: 'no tienen nada exento',
    by_waives: (requirement) => `no cumplen ${requirement}, que está exento`,
    or: ' o ',
    empty: 'Ningún dispositivo coincide. Tal vez se arregló después de mostrarse el número.',
    columns: {
      device: 'Dispositivo',
      room: 'Salón',
      role: 'Uso',
      state: 'Estado',
      since: 'Desde',
      seen: 'Último informe',
      needs: 'No cumple',
    },
    waived: 'Exento:',
    never: 'nunca',
    unlisted: 'no está en el inventario',
    needs_more: (n) => `y ${n} más`,
    serial: (text) => `Serie ${text}`,
    asset: (text) => `Etiqueta ${text}`,
  },

  device: {
    next: 'Próximo paso:',
    unnamed: (id) => `Dispositivo ${id.slice(0, 8)}`,
    verdicts: {
      retired: 'Este dispositivo está dado de baja; no cuenta en ninguna parte.',
      conflict:
        'Dos dispositivos envían informes con la clave de este dispositivo, así que ninguno de sus ' +
        'informes cuenta.',
      never_seen: 'Este dispositivo está en el inventario, pero nunca ha enviado un informe.',
      stale: 'El último informe de este dispositivo es demasiado antiguo para contar.',
      not_ready: (n) =>
        'Este dispositivo no está listo: ' +
        `${count(n, 'requisito obligatorio no se cumple', 'requisitos obligatorios no se cumplen')}.`,
      unknown: (n) =>
        'No se sabe si este dispositivo está listo: ' +
        `${count(n, 'requisito obligatorio no se pudo', 'requisitos obligatorios no se pudieron')} ` +
        'observar.',
      unjudged: 'No se sabe si este dispositivo está listo: nada lo ha evaluado todavía.',
      nothing_required:
        'No se sabe si este dispositivo está listo: no se exige nada de un dispositivo de su uso.',
      ready_with_warnings: (warnings, waived) =>
        `Este dispositivo está listo, con ${[
          ...(warnings || !waived ? [count(warnings, 'advertencia', 'advertencias')] : []),
          ...(waived ? [waivedWords(waived)] : []),
        ].join(' y ')}.`,
      ready: 'Este dispositivo está listo.',
    },
    actions: {
      retired: 'Si está ahí otra vez, restáurelo abajo.',
      conflict: 'Inscriba de nuevo el segundo dispositivo para que tenga una clave propia.',
      never_seen: 'Busque el dispositivo, enciéndalo, e instale e inscriba el agente en él.',
      stale:
        'Encienda el dispositivo y conéctelo a la red; envía el informe por sí mismo.',
      unknown: 'Vea los motivos abajo; el agente no pudo observarlo todo.',
      unjudged: 'Abra la escuela: ahí dice qué falta para evaluar sus dispositivos.',
      nothing_required: 'Revise que su uso sea el correcto y que el perfil sea el de esta prueba.',
      ready: 'No hay nada que hacer.',
      waived: (day) =>
        `No hay nada que hacer hasta el ${day}, cuando termina la primera exención; es mejor ` +
        'arreglar antes lo que no cumple.',
    },
    results: 'Requisitos',
    results_caption: 'Requisitos y lo que se observó',
    results_empty: 'Todavía no se ha evaluado nada: no hay informe o no hay perfil.',
    columns: {
      requirement: 'Requisito',
      result: 'Resultado',
      observed: 'Observado',
      needed: 'Necesario',
      since: 'Desde',
      fix: 'Solución',
    },
    minutes: (n) => `(${count(n, 'minuto', 'minutos')})`,
    find_out: 'Primero averigüe por qué no se pudo observar.',
    source: 'Fuente:',
    waived_until: (day) => `Exento hasta el ${day}:`,
    waived_by: (who) => `por ${who}`,
    waive: 'Eximir…',
    waive_what: (title) => ` ${title}`,
    version: (version) => `versión ${version}`,
    facts: 'Qué se recopila exactamente',
    facts_note:
      'Todos los datos del último informe. No se envió nada más, y nada sobre los estudiantes.',
    facts_empty: 'No ha llegado ningún informe, así que no hay nada guardado.',
    fact_unknown: 'Desconocido',
    fact_empty_list: 'no se encontró ninguno',
    history: 'Historial',
    history_caption: 'Cambios de resultados, primero los más recientes',
    first_judged: (n) =>
      count(n, 'requisito evaluado por primera vez', 'requisitos evaluados por primera vez'),
    left_out: (n) =>
      count(
        n,
        'cambio anterior del mismo día no se conserva',
        'cambios anteriores del mismo día no se conservan',
      ),
    history_empty: 'Todavía no ha cambiado ningún resultado.',
    history_columns: { at: 'Cuándo', requirement: 'Requisito', from: 'Antes', to: 'Después' },
    not_judged: 'sin evaluar',
    about: 'Sobre este dispositivo',
    labels: {
      state: 'Estado',
      site: 'Escuela',
      room: 'Salón',
      role: 'Uso',
      model: 'Modelo',
      serial: 'Número de serie',
      asset_tag: 'Etiqueta de inventario',
      since: 'Desde',
      seen: 'Último informe',
      enrolled: 'Inscrito',
      agent: 'Agente',
      id: 'Id. del dispositivo',
      profile: 'Requisitos',
      expected: 'En el inventario',
    },
  },

  profiles: {
    title: 'Requisitos',
    verdict: (n) =>
      n === 1
        ? 'Están publicados los requisitos de 1 programa.'
        : `Están publicados los requisitos de ${numberEs(n)} programas.`,
    all_applied: 'Ningún dispositivo espera ser evaluado de nuevo.',
    judging: (devices, sites) =>
      'Se están aplicando requisitos nuevos: faltan ' +
      `${count(devices, 'dispositivo', 'dispositivos')} de ${count(sites, 'escuela', 'escuelas')}.`,
    caption: 'Requisitos publicados',
    columns: {
      programme: 'Programa y año',
      version: 'Versión',
      published: 'Publicado',
      sites: 'Escuelas',
      judging: 'Dispositivos por evaluar',
    },
    unreadable: 'Esta versión del recopilador no puede leerlo. Publíquelo de nuevo.',
    empty_title: 'Todavía no hay requisitos publicados',
    empty: 'Publique los del programa en la máquina del recopilador:',
    empty_command: 'testready-collector profile publish --wait FILE',
  },

  profile: {
    site: (name) => `Con qué se evalúa a ${name}`,
    everyone: 'Leerlos sin lo que es propio de esta escuela',
    intro: (required, recommended) =>
      `Un dispositivo está listo si cumple ${count(required, 'requisito', 'requisitos')}; además se ` +
      (recommended === 1 ? 'recomienda 1 más.' : `recomiendan ${numberEs(recommended)} más.`),
    labels: {
      version: 'Versión',
      published: 'Publicado',
      sites: 'Escuelas',
      source: 'Fuente',
      fresh: 'Un informe cuenta como reciente durante',
      coverage: 'Dispositivos con un informe reciente',
      devices: 'Dispositivos que están listos',
      browser: 'Dispositivos con el navegador seguro de este año',
      latest: 'Último día de un período de pruebas, a más tardar',
      weekdays: 'Duración de un período de pruebas',
      servers: 'Servidores que cada dispositivo prueba',
    },
    role: 'Mostrar para',
    all_roles: 'Todos los dispositivos',
    showing: (n, role) => `${count(n, 'requisito', 'requisitos')} para: ${role}`,
    required: 'Obligatorios',
    required_note: 'Un dispositivo que no cumple uno de estos no está listo.',
    recommended: 'Recomendados',
    recommended_note: 'Un dispositivo que no cumple uno de estos está listo, con una advertencia.',
    captions: {
      required: 'Lo que un dispositivo tiene que tener',
      recommended: 'Lo que un dispositivo debería tener',
    },
    none: 'Ninguno para estos dispositivos.',
    columns: {
      requirement: 'Requisito',
      needed: 'Necesario',
      fix: 'Solución',
      origin: 'Quién lo pide',
    },
    applies: 'Se aplica con',
    programme: 'El programa',
    asked_by: { state: 'El programa', lea: 'Distrito', site: 'Escuela' },
    waived: 'Exento aquí',
    waivers: (n) => count(n, 'exención activa', 'exenciones activas'),
    waive: 'Eximir…',
    supplements: 'Pedido además del programa',
    tables: 'Lo que se admite',
    table_caption: (name) => `Tabla “${name}”`,
    table_columns: {
      what: 'Qué',
      support: 'Compatibilidad',
      from: 'Desde',
      until: 'Hasta',
      note: 'Nota',
    },
    tiers: { full: 'Completa', limited: 'Limitada', unsupported: 'No admitido' },
    except: (versions) => `pero no ${versions}`,
    pair: (name, value) => `${name} ${value}`,
    range: (first, last) => (last ? `${first} a ${last}` : `${first} o más reciente`),
    freshness: 'Qué antigüedad puede tener un informe',
    hours: (n) => count(n, 'hora', 'horas'),
    days: (n) => count(n, 'día', 'días'),
    fresh: (usual, week, day) =>
      `${usual}; ${week} en la semana anterior a un período de pruebas y mientras está abierto; ` +
      `${day} el día anterior y su primer día`,
    certification: 'Lo que una escuela debe alcanzar para certificarse',
    percent: (n) => `${n}%`,
    weekdays: (n) => `al menos ${count(n, 'día entre semana', 'días entre semana')}`,
    history: 'Versiones',
    history_caption: 'Lo que se publicó, primero lo más reciente',
    history_columns: {
      version: 'Versión',
      published: 'Publicado',
      title: 'Título',
      current: 'Vigente',
    },
  },
};
