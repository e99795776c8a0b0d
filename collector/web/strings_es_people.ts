// SPDX-License-Identifier: Apache-2.0
// In Spanish the words of strings_people.ts.
import type { Translated } from './language';
import { accountsEs } from './strings_es_accounts';
import { countEs as count } from './strings_es_count';
import type { people } from './strings_people';

const waitOf = (seconds: number): string =>
  seconds < 90
    ? count(seconds, 'segundo', 'segundos')
    : count(Math.ceil(seconds / 60), 'minuto', 'minutos');

export const peopleEs: Translated<typeof people> = {
  nav: {
    people: 'Personas',
    keys: 'Claves de inscripción',
    tokens: 'Tokens de la API',
    audit: 'Registro de auditoría',
    account: 'Mi cuenta',
  },
  copy: 'Copiar',
  copied: 'Copiado.',
  not_copied: 'El navegador no permitió copiarlo; seleccione el texto y cópielo a mano.',
  no_role: {
    title: 'Usted todavía no tiene ningún rol',
    text:
      'Su sesión está iniciada, pero su cuenta no tiene ningún rol, así que no ve nada. Pídale uno a ' +
      'quien le dio la cuenta o al coordinador de pruebas de su distrito: un rol dice qué escuelas ve ' +
      'y qué puede cambiar ahí.',
    then: 'Cuando lo tenga, vuelva a mirar: no hace falta iniciar sesión de nuevo.',
    again: 'Volver a mirar',
    still: 'Todavía no hay ninguno.',
    to_account: 'Su cuenta: contraseña, segundo factor, cerrar la sesión en todas partes',
  },
  ends_soon: (day, days) =>
    `Su cuenta termina después del ${day}, ` +
    `${days === 0 ? 'que es hoy' : `en ${count(days, 'día', 'días')}`}: pida a quien se la dio que la ` +
    'renueve. A partir de entonces nadie puede iniciar sesión con ella.',
  refused_here: (what) =>
    `Sus roles no le permiten ${what}; pregunte a quien se los dio.`,
  cancel: 'Cancelar',

  sign_in: {
    title: 'Iniciar sesión',
    intro: 'Testready muestra qué dispositivos para las pruebas están listos y qué arreglar primero.',
    login: 'Nombre de usuario',
    password: 'Contraseña',
    submit: 'Iniciar sesión',
    checking: 'Comprobando…',
    missing: { login: 'Escriba su nombre de usuario.', password: 'Escriba su contraseña.' },
    code: 'Código',
    code_hint:
      'Los seis dígitos que la aplicación de su teléfono muestra ahora. Sin el teléfono: uno de sus ' +
      'códigos de recuperación, cada uno de los cuales sirve una sola vez.',
    code_missing: 'Escriba el código.',
    other_login: 'Volver al nombre de usuario y la contraseña',
    wait: (seconds, clock) =>
      `Demasiados intentos de iniciar sesión. Intente de nuevo en ${waitOf(seconds)}, a las ${clock}; ` +
      'lo que se intente antes no se toma en cuenta.',
    wait_over: 'Ya puede intentar iniciar sesión de nuevo.',
    with_token: 'Iniciar sesión con un token',
    with_provider: 'Iniciar sesión con la cuenta de su distrito',
    with_proxy: 'Continuar con la sesión que inició antes de esta página',
    with_password: 'Iniciar sesión con nombre de usuario y contraseña',
    help_title: 'Si no puede iniciar sesión',
    help_forgot:
      'Olvidó la contraseña, o la cuenta está desactivada o vencida: pregunte a quien le dio la ' +
      'cuenta. Esa persona puede enviarle otra invitación o renovarla.',
    help_phone:
      'Perdió el teléfono: use un código de recuperación o pida que le quiten el segundo factor.',
    help_first: 'Nadie tiene una cuenta todavía:',
    help_setup: 'cree la primera con el código que mostró el recopilador.',
    to_sign_in: 'Iniciar sesión con una cuenta que ya tiene',
    label: 'Token',
    hint: 'Empieza con trt_. El recopilador guarda el del administrador en el archivo de --admin-token-file.',
    show: 'Mostrar el token',
    hide: 'Ocultar el token',
    empty: 'Escriba o pegue el token.',
    malformed:
      'Esto no es un token: un token solo tiene letras, dígitos, - y _, y empieza con trt_.',
    expired: 'Se cerró su sesión porque el recopilador rechazó su token.',
    session_over:
      'Su sesión terminó, porque no se usó durante un tiempo o se cerró en otro lugar. Inicie sesión ' +
      'de nuevo; volverá a esta página.',
    signed_out: 'Su sesión está cerrada.',
    signed_out_elsewhere: 'Su sesión se cerró en otra ventana.',
    signed_out_everywhere: (n) =>
      `Su sesión está cerrada en todas partes: ${n === 1 ? 'terminó' : 'terminaron'} ` +
      `${count(n, 'sesión', 'sesiones')}.`,
  },

  password: {
    intro: 'Cómo tiene que ser la contraseña:',
    length: (n) => `${n} caracteres o más; unas pocas palabras son fáciles de recordar`,
    not_login: 'distinta del nombre de usuario',
    not_common:
      'ninguna de las que se prueban primero, como “password1234”; el recopilador lo revisa cuando ' +
      'usted la envía',
    met: 'cumplido',
    show: 'Mostrar la contraseña',
    hide: 'Ocultar la contraseña',
    too_short: (n, least) =>
      `Tiene ${count(n, 'carácter', 'caracteres')}; hacen falta al menos ${least}.`,
    too_long: (n, most) =>
      `Tiene ${count(n, 'carácter', 'caracteres')}; se permiten como máximo ${most}.`,
    is_login: 'La contraseña es el nombre de usuario, que otros conocen; elija otra.',
  },

  setup: {
    title: 'La primera cuenta',
    intro:
      'Es de un administrador: ve y cambia todo, y da las cuentas a los demás. Esto sirve una sola ' +
      'vez, mientras nadie tiene una cuenta.',
    code: 'Código',
    code_hint:
      'Empieza con tri_. El recopilador lo muestra cuando arranca; es válido durante 24 horas.',
    name: 'Su nombre',
    name_hint: 'Los demás lo ven junto a lo que usted cambia.',
    login: 'Nombre de usuario',
    login_hint:
      'Letras sin acentos, dígitos y . _ - @ +; su dirección de correo electrónico sirve.',
    password: 'Contraseña',
    missing: {
      code: 'Escriba el código que mostró el recopilador.',
      name: 'Escriba su nombre.',
      login: 'Elija un nombre de usuario.',
      password: 'Elija una contraseña.',
    },
    submit: 'Crear la cuenta e iniciar sesión',
    submitting: 'Creándola…',
  },

  invitation: {
    title: 'Elija su contraseña',
    intro:
      'Se le invitó a Testready. Elija una contraseña y su sesión quedará iniciada. Su nombre de ' +
      'usuario está en la carta o el correo que trajo el enlace.',
    code: 'Código de la invitación',
    code_hint: 'Empieza con tri_: es el final del enlace. O abra el enlace una vez más.',
    password: 'Contraseña',
    missing: {
      code: 'Escriba o pegue el código de la invitación.',
      password: 'Elija una contraseña.',
    },
    submit: 'Guardar la contraseña e iniciar sesión',
    submitting: 'Guardándola…',
  },

  account: {
    title: 'Mi cuenta',
    token: (who) =>
      `Inició sesión como ${who} con un token, que no tiene contraseña propia. Para cambiar una ` +
      'contraseña o el segundo factor, inicie sesión con nombre de usuario y contraseña.',
    about: 'Quién soy',
    labels: {
      name: 'Nombre',
      login: 'Nombre de usuario',
      good_until: 'Válida hasta',
      session: 'Esta sesión termina',
      factor: 'Segundo factor',
    },
    session_note: (time) => `el ${time}, o después de 2 horas sin uso`,
    good_note: 'Quien da las cuentas las renueva cada 1 de julio.',
    roles: 'Mis roles',
    roles_note: 'Los cambia quien le dio la cuenta.',
    roles_none: 'Ninguno: la cuenta no ve nada. Pregunte a quien se la dio.',
    password: 'Cambiar la contraseña',
    password_note: 'Terminan todas sus demás sesiones, y también las invitaciones.',
    old: 'La contraseña que tiene ahora',
    new: 'La contraseña nueva',
    missing: {
      old: 'Escriba la contraseña que tiene ahora.',
      new: 'Elija una contraseña nueva.',
    },
    submit: 'Cambiar la contraseña',
    submitting: 'Cambiándola…',
    changed: 'La contraseña se cambió. Sus demás sesiones terminaron.',
    everywhere: 'Cerrar la sesión en todas partes',
    everywhere_note:
      'Termina sus sesiones en todos los navegadores, también en este. Hágalo si dejó una sesión ' +
      'abierta en algún lugar.',
    everywhere_yes: 'Sí, cerrar en todas partes',
    everywhere_ask: '¿Cerrar la sesión en todos los navegadores, también aquí?',
  },

  factor: {
    title: 'Segundo factor',
    on: 'Activado: para iniciar sesión hace falta un código de su teléfono.',
    off:
      'Desactivado: quien conoce su contraseña puede entrar. Con un segundo factor necesita también ' +
      'su teléfono. Hace falta una aplicación que muestre códigos, como la de su teléfono o la de su ' +
      'administrador de contraseñas.',
    short_on: 'activado',
    short_off: 'desactivado',
    begin: 'Configurar un segundo factor',
    begin_note:
      'Se pide otra vez su contraseña, para que nadie haga esto en una sesión que quedó abierta.',
    begin_submit: 'Continuar',
    begin_submitting: 'Comenzando…',
    step_scan: 'Escanee esto con la aplicación de su teléfono.',
    qr: 'Código QR del secreto para su aplicación',
    step_secret: 'O escriba este secreto ahí, como uno basado en la hora:',
    step_code: 'Luego escriba el código que muestra la aplicación.',
    code: 'Código',
    code_missing: 'Escriba los seis dígitos que muestra la aplicación.',
    submit: 'Activarlo',
    submitting: 'Activándolo…',
    done: 'El segundo factor está activado.',
    recovery_title: 'Sus códigos de recuperación',
    recovery:
      'Cada uno le permite entrar una vez sin el teléfono. Se muestran solo ahora: imprímalos o ' +
      'cópielos, y guárdelos en un lugar distinto del teléfono.',
    print: 'Imprimir',
    kept: 'Ya los guardé',
    end: 'Quitar el segundo factor',
    end_note: 'Con su contraseña. Después los códigos de recuperación ya no sirven.',
    password: 'Su contraseña',
    password_missing: 'Escriba su contraseña.',
    end_submit: 'Quitarlo',
    end_submitting: 'Quitándolo…',
    ended: 'El segundo factor se quitó. Ahora basta su contraseña para entrar.',
  },

  people_roles: {
    admin: 'Administrador',
    lea_coordinator: 'Coordinador del distrito',
    tech_coordinator: 'Coordinador de tecnología',
    site_coordinator: 'Coordinador de la escuela',
    viewer: 'Observador',
  },
  role_of: (role, place) => `${role}: ${place}`,
  whole_state: 'todo el estado',
  ...accountsEs,
};
