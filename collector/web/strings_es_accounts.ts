// SPDX-License-Identifier: Apache-2.0
// In Spanish the words of strings_accounts.ts.
import type { Translated } from './language';
import type { accounts } from './strings_accounts';
import { countEs as count, numberEs } from './strings_es_count';

export const accountsEs: Translated<typeof accounts> = {
  role_hints: {
    admin: 'Ve y cambia todo, y da todos los roles.',
    lea_coordinator: 'Ve y cambia todo lo de un distrito, y da roles ahí.',
    tech_coordinator: 'Corrige dispositivos e inventario, y crea claves de inscripción.',
    site_coordinator: 'Ve una escuela y cambia sus salones y su inventario.',
    viewer: 'Ve, y no cambia nada.',
  },
  actions: {
    see: 'ver esto',
    propose_waiver: 'proponer exenciones',
    waive: 'dar y revocar exenciones',
    see_keys: 'ver qué claves de inscripción hay',
    give_keys: 'crear y revocar claves de inscripción',
    see_people: 'ver quién tiene una cuenta',
    give_roles: 'crear y cambiar cuentas y tokens',
    see_audit: 'leer el registro de auditoría',
  },
  refused_title: 'Esta página no es para sus roles',
  to_roles: 'Ver sus roles',
  person_states: {
    active: 'Activa',
    invited: 'Invitada',
    expired: 'Espera renovación',
    disabled: 'Desactivada',
  },
  usable_states: {
    good: 'Válido',
    expired: 'Vencido',
    used_up: 'Agotado',
    owner_over: 'La cuenta del dueño no vale',
    revoked: 'Revocado',
  },

  place: {
    role: 'Rol',
    scope: 'Dónde',
    scopes: { state: 'Todo el estado', lea: 'Un distrito', site: 'Una escuela' },
    everywhere: 'Vale para todo el estado: delo a pocas personas.',
    find: 'Buscar',
    find_hint: 'Una parte del nombre, el código o el nombre del distrito.',
    site_label: 'Escuela',
    lea_label: 'Distrito',
    site: (name, code, lea) => `${name} (${code}), ${lea}`,
    lea: (name, code) => `${name} (${code})`,
    missing: 'Elija uno de la lista; para encontrarlo, escriba arriba una parte del nombre.',
    loading: 'La lista todavía se está cargando.',
    found: (n) =>
      n === 0
        ? 'Ninguno coincide; escriba menos del nombre.'
        : count(n, 'coincide', 'coinciden'),
    too_many: (shown, n) =>
      `Los primeros ${shown} de ${numberEs(n)} que coinciden; escriba más del nombre.`,
  },

  people: {
    title: 'Personas',
    explain:
      'Quién tiene una cuenta y para qué. Se muestran las personas con un rol en lo que abarcan sus ' +
      'propios roles, y de cada una solo esos roles.',
    more: 'Sobre las personas',
    all: 'Todas',
    review: 'Por revisar',
    add: 'Agregar a alguien',
    import: 'Cargar roles',
    caption: 'Cuentas, por nombre de usuario',
    caption_some: 'Cuentas que coinciden',
    empty: 'Todavía no hay ninguna.',
    none_fits: 'Ninguna cuenta coincide.',
    show_all: 'Mostrar todas',
    show: 'Mostrar',
    any: 'Cualquiera',
    where: 'El rol vale en',
    scopes: { state: 'Todo el estado', lea: 'Un distrito', site: 'Una escuela' },
    columns: {
      name: 'Nombre',
      roles: 'Rol',
      state: 'Estado',
      used: 'Último uso',
      factor: 'Segundo factor',
      good_until: 'Válida hasta',
    },
    no_roles: 'ninguno',
    never: 'nunca',
  },

  review: {
    title: 'Cuentas por revisar',
    explain:
      'El acceso amplio se da a pocas personas, y lo que nadie usa es mejor quitarlo. No se incluyen ' +
      'las cuentas desactivadas. Nada de esto está mal por sí mismo: revíselo de vez en cuando.',
    caption: 'Cuentas por revisar, por nombre de usuario',
    empty: 'No hay ninguna por revisar.',
    none_fits: 'No hay ninguna por este motivo.',
    file: 'Todas las personas en un archivo CSV, con roles, último uso y motivos',
    renew: (lea) => `Renovar a todas las personas de ${lea}`,
    renew_ask:
      '¿Renovar todas las cuentas del distrito y de sus escuelas hasta el próximo 30 de junio? ' +
      'Desactive antes las de quienes se fueron: las cuentas desactivadas no se renuevan.',
    renew_yes: 'Sí, renovar todas',
    renewed: (n, lea) => `${count(n, 'cuenta', 'cuentas')} de ${lea}: renovación hecha.`,
    why: 'Por qué',
    reasons: {
      wide_scope: 've un distrito o todo',
      never_signed_in: 'nunca inició sesión',
      unused: 'sin uso durante 90 días',
      ends_soon: 'termina pronto o espera renovación',
      no_second_factor: 'sin segundo factor',
    },
  },

  person_add: {
    title: 'Agregar a alguien',
    explain:
      'Recibe un enlace con el que elige su propia contraseña. Después se le pueden dar más roles.',
    name: 'Nombre',
    name_hint: 'Como lo conocen los demás.',
    login: 'Nombre de usuario',
    login_hint:
      'Letras sin acentos, dígitos y . _ - @ +; su dirección de correo electrónico sirve.',
    missing: {
      name: 'Escriba el nombre de la persona.',
      login: 'Elija un nombre de usuario.',
    },
    submit: 'Crear la cuenta',
    submitting: 'Creándola…',
    made: (name, login) => `${name} tiene una cuenta: ${login}`,
    more_roles: (name) => `Ver la cuenta de ${name} o darle más roles`,
    another: 'Agregar a otra persona',
  },

  invited: {
    send:
      'Envíe este enlace y el nombre de usuario solo a esa persona: quien lo tiene elige la ' +
      'contraseña.',
    link: 'el enlace de la invitación',
    once: (time) =>
      `Se muestra solo ahora, sirve una vez y es válido hasta el ${time}. ¿Se perdió? Haga otro en la ` +
      'página de la cuenta.',
  },

  person: {
    about: 'La cuenta',
    made: 'Creada',
    made_by: (time, who) => `${time} por ${who}`,
    states: {
      active: 'Se puede usar.',
      invited:
        'Todavía no se eligió una contraseña: haga otra invitación si el enlace se perdió o venció.',
      expired:
        'Las cuentas terminan cada 30 de junio, y esta no se renovó: nadie puede entrar con ella.',
      disabled: 'Nadie puede entrar con ella hasta que se active.',
    },
    roles: 'Roles',
    roles_none: 'Ninguno: la cuenta no ve nada.',
    not_yours:
      'Usted no puede cambiarla: tiene un rol que usted no podría dar, o sus roles no dan ninguno.',
    take: 'Quitar',
    take_ask: (role, name) =>
      `¿Quitar “${role}” a ${name}? Vale de inmediato, también donde ya inició sesión.`,
    take_yes: 'Sí, quitarlo',
    taken: (role) => `Quitado: ${role}.`,
    add_role: 'Dar otro rol',
    add_submit: 'Dar este rol',
    add_submitting: 'Dándolo…',
    given: (role) => `Dado: ${role}. Vale de inmediato.`,
    has_it: 'Ya tiene este rol.',
    change: 'Cambiar la cuenta',
    own: 'Esta es su propia cuenta. La contraseña y el segundo factor están en la página',
    renew: 'Renovar',
    renew_ask:
      '¿Renovarla hasta el 30 de junio? A partir del 1 de mayo es el 30 de junio del año siguiente.',
    renew_yes: 'Sí, renovar',
    renewed: (day) => `Renovada: válida hasta el ${day}.`,
    invite: 'Nueva invitación',
    invite_ask:
      '¿Hacer un enlace con el que se elige una contraseña nueva? El anterior deja de servir; la ' +
      'contraseña que hay sigue valiendo hasta que se elija la nueva.',
    invite_yes: 'Sí, hacerla',
    invited: (name) => `Una nueva invitación para ${name}`,
    factor: 'Quitar el segundo factor',
    factor_ask:
      'Solo si se perdieron el teléfono y los códigos de recuperación, y usted sabe que es esa ' +
      'persona quien lo pide. Después basta su contraseña para entrar.',
    factor_yes: 'Sí, quitarlo',
    factor_gone: (name) => `El segundo factor de ${name} se quitó.`,
    disable: 'Desactivar',
    disable_ask:
      '¿Desactivarla? Sus sesiones y tokens terminan de inmediato. Se puede activar de nuevo.',
    disable_yes: 'Sí, desactivar',
    disabled: (name) => `La cuenta de ${name} está desactivada.`,
    enable: 'Activar',
    enable_ask: '¿Activarla? Su contraseña vuelve a servir para entrar.',
    enable_yes: 'Sí, activar',
    enabled: (name) => `La cuenta de ${name} está activada.`,
    rename: 'Cambiar el nombre',
    rename_submit: 'Cambiar el nombre',
    rename_submitting: 'Cambiándolo…',
    renamed: 'El nombre se cambió.',
    to_audit: 'Lo que cambió esta cuenta',
  },

  sign_on: {
    title: 'Inicio de sesión único',
    none: 'con nadie: la contraseña es la única manera de entrar',
    awaits: (name) => `espera a ${name}, que todavía no ha entrado`,
    bound: (provider) => `vinculada a alguien en ${provider}`,
    change: 'Inicio de sesión único',
    note:
      'Quien tiene este nombre en el proveedor de identidad de su distrito es esta persona desde su ' +
      'próximo inicio de sesión, aunque después se dé el nombre a otra. Termina la vinculación ' +
      'anterior, y también las sesiones.',
    name: 'Nombre ahí',
    name_hint:
      'Su dirección de correo electrónico o nombre de usuario en el proveedor, por ejemplo ' +
      'akim@example.org.',
    missing: 'Escriba el nombre que tiene en el proveedor.',
    submit: 'Permitirle entrar',
    submitting: 'Guardándolo…',
    allowed: (name) => `El próximo que sea ${name} en el proveedor es esta persona desde entonces.`,
    end: 'Desvincular la cuenta',
    end_ask: '¿Desvincularla? Las sesiones terminan; después solo se entra con la contraseña.',
    end_yes: 'Sí, desvincularla',
    ended: 'La cuenta ya no está vinculada a nadie en el proveedor.',
  },

  import: {
    title: 'Cargar roles',
    explain:
      'Cada persona del archivo tiene después exactamente los roles que el archivo le da, de ' +
      'inmediato. Quien no tiene cuenta recibe una con una invitación. Quien no está en el archivo ' +
      'queda como está.',
    template: 'Obtener la plantilla',
    template_note: 'con las columnas login, name, role, scope y code.',
    fill: 'Llénela: un rol por fila; varias filas para quien tiene varios roles; UTF-8.',
    check: 'Revísela aquí. No se guarda nada antes de que usted vea qué cambiaría.',
    file: 'Archivo CSV',
    missing: 'Elija el archivo.',
    look: 'Revisar el archivo',
    looking: 'Revisando…',
    looked: (name) => `Qué haría ${name}`,
    loaded: 'Los roles están cargados',
    load: 'Cargar estos roles',
    loading: 'Cargando…',
    wrong: (n) =>
      `Hay ${count(n, 'error', 'errores')}, así que no se puede cargar nada. Corrija el archivo y ` +
      'revíselo de nuevo.',
    would: (made, changed, unchanged) =>
      `Se ${made === 1 ? 'crearía' : 'crearían'} ${count(made, 'cuenta', 'cuentas')} y se ` +
      `${changed === 1 ? 'cambiaría' : 'cambiarían'} ${changed}; ${unchanged} ` +
      `${unchanged === 1 ? 'quedaría' : 'quedarían'} sin cambios. Todavía no se ha guardado nada.`,
    done: (made, changed, unchanged) =>
      `Se ${made === 1 ? 'creó' : 'crearon'} ${count(made, 'cuenta', 'cuentas')} y se ` +
      `${changed === 1 ? 'cambió' : 'cambiaron'} ${changed}; ${unchanged} ` +
      `${unchanged === 1 ? 'quedó' : 'quedaron'} sin cambios.`,
    problems: 'Qué está mal, por fila',
    row: 'Fila',
    column: 'Columna',
    what: 'Qué está mal',
    more: (n) => `Y ${n} más, que no se muestran.`,
    people_would: 'Qué cambiaría',
    people_done: 'Qué se cambió',
    change: 'Cuenta',
    changes: { made: 'nueva', changed: 'cambiada', unchanged: 'sin cambios' },
    gets: 'recibe',
    nothing: 'No cambiarían los roles de nadie: todo lo del archivo ya es así.',
    to_people: 'Ver las personas',
    link: 'Enlace de la invitación',
    links:
      'Los enlaces se muestran solo ahora. Cópielos todos y envíe cada uno solo a su persona:',
    all_links: 'todos los enlaces, con nombre de usuario y nombre',
  },

  keys: {
    explain:
      'Con una clave de inscripción un dispositivo pasa a ser de una escuela cuando se instala su ' +
      'agente. Una clave que se filtró permite que dispositivos ajenos envíen informes por la escuela: ' +
      'cree una para cada instalación y revóquela al terminar. Los dispositivos que se inscribieron ' +
      'con ella siguen enviando informes.',
    which: 'Cuáles',
    good: 'Las válidas',
    all: 'Todas',
    caption: 'Claves de inscripción, primero las más recientes',
    columns: {
      id: 'Clave',
      site: 'Escuela',
      state: 'Estado',
      uses: 'Dispositivos que faltan',
      expires: 'Válida hasta',
      created: 'Creada',
      act: 'Cambiar',
    },
    any: 'sin límite',
    empty: 'Ninguna clave es válida ahora.',
    empty_all: 'Todavía no hay ninguna.',
    made: (site) => `Una clave para ${site}`,
    once:
      'Se muestra solo ahora; únicamente se guarda su huella. Póngala donde se instala el agente.',
    key: 'la clave de inscripción',
    revoke: 'Revocar',
    revoke_ask:
      '¿Revocarla? Ya no se inscribe ningún dispositivo con ella; los que ya lo hicieron siguen ' +
      'enviando informes.',
    revoke_yes: 'Sí, revocar',
    revoked: (id) => `Revocada: ${id}.`,
    make: 'Crear una clave de inscripción',
    days: 'Días de validez',
    days_missing: 'Diga durante cuántos días es válida.',
    uses: 'Para cuántos dispositivos',
    uses_hint: 'Déjelo vacío si no hay límite.',
    number: (most) => `Un número entero de 1 a ${numberEs(most)}.`,
    submit: 'Crear la clave',
    submitting: 'Creándola…',
  },

  tokens: {
    explain:
      'Un token permite que un programa consulte la API en su nombre: con un rol en un lugar, y como ' +
      'máximo lo que sus propios roles permiten en ese momento. Termina cuando termina su cuenta.',
    caption: 'Tokens de la API, primero los más antiguos',
    columns: {
      name: 'Programa',
      role: 'Puede',
      owner: 'De quién',
      state: 'Estado',
      used: 'Último uso',
      expires: 'Válido hasta',
      act: 'Cambiar',
    },
    no_owner: 'de nadie',
    owner_over: 'vuelve a valer cuando la cuenta se renueve o se active',
    revoked_by: (who) => `por ${who}`,
    empty: 'No hay ninguno.',
    made: (name) => `El token de ${name}`,
    once:
      'Se muestra solo ahora; únicamente se guarda su huella. Quien lo tiene puede lo que permite.',
    token: 'el token',
    revoke: 'Revocar',
    revoke_ask: '¿Revocarlo? El programa deja de entrar, de inmediato.',
    revoke_yes: 'Sí, revocar',
    revoked: (name) => `Revocado: ${name}.`,
    make: 'Crear un token',
    name: 'Programa',
    name_hint: 'Para qué es, para que otros sepan qué termina cuando lo revocan.',
    name_missing: 'Diga para qué programa es.',
    submit: 'Crear el token',
    submitting: 'Creándolo…',
  },

  audit: {
    explain:
      'Cada cambio que hicieron personas, tokens y la línea de comandos, primero los más recientes. ' +
      'Los registros están encadenados: “testready-collector audit verify” encuentra uno que se haya ' +
      'alterado.',
    caption: 'Cambios, primero los más recientes',
    columns: { at: 'Cuándo', who: 'Quién', what: 'Qué', change: 'Antes → después' },
    act: 'Qué se hizo',
    object: 'A qué (id o código)',
    since: 'Desde (día UTC)',
    until: 'Hasta (día UTC)',
    empty: 'Todavía no se ha cambiado nada.',
    none_fits: 'Ningún cambio coincide.',
    show_all: 'Mostrar todos los cambios',
    of_account: 'Solo lo que hizo una cuenta.',
    all: 'Mostrar lo que hicieron todos',
    only_theirs: 'Solo lo suyo',
    from: (network) => `desde ${network}`,
    here: 'en la máquina del recopilador',
    file: 'Todo esto como archivo CSV',
    before: 'antes:',
    after: 'después:',
    nothing: 'nada',
    as_it_was: 'La cuenta en ese momento',
    unlimited: 'sin límite',
    gone: 'quitado',
    acts: {
      account_made: 'Cuenta creada',
      account_changed: 'Cuenta cambiada',
      account_disabled: 'Cuenta desactivada',
      account_enabled: 'Cuenta activada',
      account_renewed: 'Cuenta renovada',
      invited: 'Invitación enviada',
      password_set: 'Contraseña guardada',
      second_factor_set: 'Segundo factor configurado',
      second_factor_removed: 'Segundo factor quitado',
      recovery_code_used: 'Código de recuperación usado',
      signed_in: 'Sesión iniciada',
      sign_in_locked: 'Inicio de sesión bloqueado',
      signed_out_everywhere: 'Sesión cerrada en todas partes',
      sign_on_allowed: 'Inicio de sesión único permitido',
      sign_on_bound: 'Inicio de sesión único vinculado',
      token_made: 'Token creado',
      token_revoked: 'Token revocado',
      key_made: 'Clave de inscripción creada',
      key_revoked: 'Clave de inscripción revocada',
      sites_imported: 'Escuelas importadas',
      site_changed: 'Escuela cambiada',
      lea_changed: 'Distrito cambiado',
      inventory_imported: 'Inventario importado',
      device_moved: 'Dispositivo trasladado',
      device_retired: 'Dispositivo dado de baja',
      device_restored: 'Dispositivo restaurado',
      device_planned: 'Traslado o baja de un dispositivo previstos',
      device_plan_cancelled: 'Plan para un dispositivo cancelado',
      device_plan_failed: 'Plan para un dispositivo que no se pudo cumplir',
      conflict_resolved: 'Conflicto resuelto',
      conflict_reopened: 'Conflicto reabierto',
      waiver_proposed: 'Exención propuesta',
      waiver_given: 'Exención dada',
      waiver_declined: 'Exención propuesta, rechazada',
      waiver_withdrawn: 'Exención propuesta, retirada',
      waiver_reopened: 'Exención propuesta, abierta de nuevo',
      waiver_revoked: 'Exención revocada',
      profile_published: 'Requisitos publicados',
      profile_withdrawn: 'Requisitos retirados',
      supplement_published: 'Suplemento publicado',
      supplement_withdrawn: 'Suplemento retirado',
    },
  },
};
