/** A place of its own for one test file of the Electron door: a browser, a library, and doors opened over it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lendBrowser } from '../support/lend-browser.ts';
import { ElectronDouble } from './double/open-electron.ts';

export interface DoorPlace {
  folder: string;
  /** Opens the door over a library of this name; each with user data of its own where none is given. */
  open: (library: string, userData?: string) => ElectronDouble;
  makeUserData: () => string;
  /** Ends every door that was opened, and the browser. */
  end: () => Promise<void>;
}

export async function makeDoorPlace(): Promise<DoorPlace> {
  const folder = mkdtempSync(join(tmpdir(), 'sf-iqa-electron-'));
  const browser = await lendBrowser();
  const opened: ElectronDouble[] = [];
  function makeUserData(): string {
    return mkdtempSync(join(folder, 'user-'));
  }
  return {
    folder,
    makeUserData,
    open: (library, userData = makeUserData()) => {
      const door = new ElectronDouble(browser, userData, ['--library', join(folder, library)]);
      opened.push(door);
      return door;
    },
    end: async () => {
      for (const door of opened) await door.end();
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
