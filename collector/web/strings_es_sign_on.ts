// SPDX-License-Identifier: Apache-2.0
// In Spanish the words of strings_sign_on.ts.
import type { Translated } from './language';
import type { signOnFailed } from './strings_sign_on';

export const signOnFailedEs: Translated<typeof signOnFailed> = {
  title: 'No se inició la sesión',
  still: 'No se pudo iniciar la sesión con su distrito. Su sesión de antes sigue abierta.',
  why: {
    begin_again:
      'Este inicio de sesión no empezó en este navegador, tardó demasiado o ya se usó. Empiece de nuevo.',
    used: 'Este inicio de sesión ya se usó. Empiece de nuevo.',
    not_let_in:
      'El proveedor de identidad no le dio acceso. Intente ahí de nuevo o pregunte a quien lo administra.',
    not_trusted:
      'No se puede confiar en lo que respondió el proveedor de identidad, así que no se inició ninguna ' +
      'sesión. Avise a quien administra este recopilador: su registro dice qué estaba mal.',
    no_answer:
      'Ahora no se puede consultar al proveedor de identidad. Intente más tarde o inicie sesión con su ' +
      'contraseña.',
    fault:
      'Es una falla del recopilador; su registro dice más. Inicie sesión con su contraseña.',
    no_account:
      'El proveedor de identidad le conoce, pero ninguna cuenta de aquí es suya. Pida a quien da las ' +
      'cuentas que le deje iniciar sesión así.',
    needs_code:
      'Su cuenta de aquí tiene un segundo factor, y el proveedor de identidad no dijo que se lo pidiera. ' +
      'Inicie sesión con su contraseña y el código que muestra su teléfono.',
    disabled: 'Esta cuenta está inhabilitada; pregunte a quien se la dio.',
    expired:
      'Las cuentas se renuevan cada 1 de julio, y esta lo espera; pregunte a quien se la dio.',
  },
};
