/** The application menu: standard roles with their standard shortcuts, and the choice of the library. */
import { Menu, type MenuItemConstructorOptions } from 'electron';

export interface MenuActions {
  isDevelopment: boolean;
  changeLibrary: () => void;
}

/** Installs the menu for all windows. */
export function installMenu({ isDevelopment, changeLibrary }: MenuActions): void {
  const isMac = process.platform === 'darwin';
  const file: MenuItemConstructorOptions = {
    label: '&File',
    submenu: [
      { label: 'Open Library…', accelerator: 'CmdOrCtrl+Shift+O', click: changeLibrary },
      { type: 'separator' },
      { role: isMac ? 'close' : 'quit' },
    ],
  };
  const view: MenuItemConstructorOptions = {
    label: '&View',
    submenu: [
      { role: 'reload' },
      ...(isDevelopment ? [{ role: 'toggleDevTools' } as const] : []),
      { type: 'separator' },
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
    ],
  };
  const own: MenuItemConstructorOptions[] = isMac ? [{ role: 'appMenu' }] : [];
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([...own, file, { role: 'editMenu' }, view, { role: 'windowMenu' }]),
  );
}
