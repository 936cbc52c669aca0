/** What the window's preload offers in Electron; a browser has none of it. */

export interface ElectronBridge {
  platform: string;
  version: string;
  /** The system's own folder dialog; null when it was closed. */
  chooseFolder(): Promise<string | null>;
  /** Prints a document that stands by itself to a PDF; the path, or null when the dialog was closed. A browser prints by itself. */
  savePdf(report: { html: string; fileName: string }): Promise<string | null>;
  /** Where a dropped file or folder lies; empty for a file that is not on disk. */
  pathForFile(file: File): string;
}

declare global {
  interface Window {
    studio?: ElectronBridge;
  }
}

/** Undefined in a browser. */
export function electronBridge(): ElectronBridge | undefined {
  return window.studio;
}
