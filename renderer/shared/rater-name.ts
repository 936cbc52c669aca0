/** The name under which the person at this browser rates; kept between visits. */
const key = 'sfiqa.raterName';

/** The last name given here; empty where none was. */
export function readRaterName(): string {
  try {
    return localStorage.getItem(key) ?? '';
  } catch {
    return '';
  }
}

/** Browsers that keep nothing ask again at the next visit. */
export function rememberRaterName(name: string): void {
  try {
    localStorage.setItem(key, name);
  } catch {
    // Storage is full or forbidden.
  }
}
