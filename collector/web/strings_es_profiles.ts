// SPDX-License-Identifier: Apache-2.0
// In Spanish the titles and fixes of the profiles that are shipped (packaging/profiles), without
// their full stop. A text that a state has changed by one letter is not in this table: it is shown
// in English, as the state wrote it, since nobody here knows what it says now.
export const profileTexts: Record<string, string> = {
  // What is required
  'Operating system is supported for this year': 'El sistema operativo se admite este año',
  'System is 64-bit': 'El sistema es de 64 bits',
  'A secure browser is installed': 'Hay un navegador seguro instalado',
  "This year's secure browser is installed": 'Está instalado el navegador seguro de este año',
  'The secure browser can be started': 'El navegador seguro se puede iniciar',
  'Memory is 2 GB or more': 'La memoria es de 2 GB o más',
  'Disk is 20 GB or more': 'El disco es de 20 GB o más',
  'Processor runs at 1 GHz or more': 'El procesador funciona a 1 GHz o más',
  'Processor runs at 1.4 GHz or more': 'El procesador funciona a 1.4 GHz o más',
  'A screen has at least 10 inches and 1024 × 768':
    'Una pantalla tiene al menos 10 pulgadas y 1024 × 768',
  'A keyboard is there': 'Hay un teclado',
  'A mouse, touchpad or touchscreen is there': 'Hay un ratón, panel táctil o pantalla táctil',
  'Sound can be heard': 'Se puede oír el sonido',
  'The C library is glibc 2.17 or newer': 'La biblioteca de C es glibc 2.17 o más reciente',
  'The C++ library is libstdc++ of GCC 4.8.1 or newer (6.0.19)':
    'La biblioteca de C++ es libstdc++ de GCC 4.8.1 o más reciente (6.0.19)',
  'GTK 3.14 or newer is installed': 'Está instalado GTK 3.14 o más reciente',
  'Headphones are plugged in': 'Hay audífonos conectados',
  'Sound is not muted': 'El sonido no está silenciado',
  'The desktop GNOME is installed': 'Está instalado el escritorio GNOME',
  'A voice for text-to-speech in English is installed':
    'Está instalada una voz para texto a voz en inglés',
  'A voice for text-to-speech in Spanish is installed':
    'Está instalada una voz para texto a voz en español',
  'Only one screen is connected': 'Hay una sola pantalla conectada',
  'The screen stays on during the test': 'La pantalla permanece encendida durante la prueba',
  'The font Verdana is installed': 'Está instalada la fuente Verdana',
  'No program is running that the secure browser refuses':
    'No se está ejecutando ningún programa que el navegador seguro rechace',
  'No on-screen keyboard is running': 'No hay ningún teclado en pantalla en uso',
  'Keyboard and mouse are wired': 'El teclado y el ratón tienen cable',
  "No printer is reachable from a student's device":
    'Desde el dispositivo de un estudiante no se llega a ninguna impresora',
  'There is one copy of the secure browser': 'Hay una sola copia del navegador seguro',
  'The secure browser is on a local disk': 'El navegador seguro está en un disco local',
  'No update waits for the next start': 'Ninguna actualización espera el próximo inicio',
  'No restart is due': 'No hay ningún reinicio pendiente',
  'Updates are not installed by themselves': 'Las actualizaciones no se instalan solas',
  'The clock is kept right from the network': 'La hora se ajusta desde la red',
  'Batteries hold at least 40 % of their design':
    'Las baterías conservan al menos el 40% de su capacidad original',
  "A web browser is installed for the test administrator's pages":
    'Hay un navegador web instalado para las páginas del administrador de la prueba',
  'A printer is there, where print-on-demand is needed':
    'Hay una impresora donde se necesita impresión a pedido',
  'No print queue was stopped': 'Ninguna cola de impresión está detenida',
  'A braille embosser is there, where a student needs braille':
    'Hay una impresora braille donde un estudiante necesita braille',

  // What to do
  'Move this device to a supported release of its operating system':
    'Pase este dispositivo a una versión admitida de su sistema operativo',
  'Replace this device: the secure browser needs a 64-bit system and enough hardware':
    'Reemplace este dispositivo: el navegador seguro necesita un sistema de 64 bits y un equipo ' +
    'suficiente',
  "Install this year's secure browser": 'Instale el navegador seguro de este año',
  'Install the secure browser again, with the libraries it needs':
    'Instale de nuevo el navegador seguro, con las bibliotecas que necesita',
  'Connect a screen of at least 10 inches and 1024 × 768':
    'Conecte una pantalla de al menos 10 pulgadas y 1024 × 768',
  'Connect a keyboard': 'Conecte un teclado',
  'Connect a mouse': 'Conecte un ratón',
  "Connect speakers or headphones, or repair the sound card's driver":
    'Conecte altavoces o audífonos, o repare el controlador de la tarjeta de sonido',
  "Install the system's updates, and the libraries that the secure browser needs":
    'Instale las actualizaciones del sistema y las bibliotecas que necesita el navegador seguro',
  'Plan to replace this device by a faster one':
    'Planee reemplazar este dispositivo por uno más rápido',
  'Plug in headphones or a headset': 'Conecte audífonos, con o sin micrófono',
  'Turn the sound on': 'Active el sonido',
  'Install the desktop GNOME, and let students log in to it':
    'Instale el escritorio GNOME y permita que los estudiantes inicien sesión en él',
  'Install a voice for text-to-speech in English': 'Instale una voz para texto a voz en inglés',
  'Install a voice for text-to-speech in Spanish': 'Instale una voz para texto a voz en español',
  'Disconnect all but one screen': 'Desconecte todas las pantallas menos una',
  'Turn off the screen saver, and locking and blanking of the screen':
    'Desactive el protector de pantalla, y el bloqueo y apagado de la pantalla',
  'Install the TrueType font Verdana': 'Instale la fuente TrueType Verdana',
  'Close programs that control, record or share the screen, and keep them from starting':
    'Cierre los programas que controlan, graban o comparten la pantalla, e impida que se inicien',
  'Disable the on-screen keyboard': 'Desactive el teclado en pantalla',
  'Use a wired keyboard and mouse': 'Use un teclado y un ratón con cable',
  'Remove printers and print queues from this student device':
    'Quite las impresoras y las colas de impresión de este dispositivo de estudiante',
  "Remove the copies of the secure browser that are not this year's":
    'Quite las copias del navegador seguro que no son de este año',
  "Install the secure browser on the device's own disk":
    'Instale el navegador seguro en el disco del propio dispositivo',
  'Install the updates that wait and restart, well before the test':
    'Instale las actualizaciones pendientes y reinicie, mucho antes de la prueba',
  'Restart this device': 'Reinicie este dispositivo',
  'Turn automatic updates off until the testing window is over':
    'Desactive las actualizaciones automáticas hasta que termine el período de pruebas',
  'Turn on setting the time from the network': 'Active el ajuste de la hora desde la red',
  'Replace the battery, or keep the device on mains during the test':
    'Reemplace la batería, o mantenga el dispositivo enchufado durante la prueba',
  "Install a web browser that the test administrator's pages support, such as Firefox or Chrome":
    'Instale un navegador web que admitan las páginas del administrador de la prueba, como ' +
    'Firefox o Chrome',
  ["Connect the room's printer to the test administrator's device, and start its print queue if " +
  'that was stopped']:
    'Conecte la impresora del salón al dispositivo del administrador de la prueba, e inicie su ' +
    'cola de impresión si estaba detenida',
  'Start the print queue again in the printer settings, or remove it if its printer is gone':
    'Inicie de nuevo la cola de impresión en la configuración de la impresora, o quítela si su ' +
    'impresora ya no está',
  'Connect the braille embosser, or leave this as it is if no student needs braille':
    'Conecte la impresora braille, o deje esto como está si ningún estudiante necesita braille',
  'Let students take the test on a device with Windows or macOS, and give this one another role':
    'Deje que los estudiantes tomen la prueba en un dispositivo con Windows o macOS, y dé a este ' +
    'otro uso',
};
