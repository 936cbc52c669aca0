/** Finds the project's shared folder (`../shared`), whose data sets and golden files tests read in place. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const sharedFolder = fileURLToPath(new URL('../../../shared/', import.meta.url));

/** True where the checkout has the shared folder beside it; tests that need it are visibly skipped elsewhere. */
export const hasShared = existsSync(sharedFolder);

/** The absolute path of a file or folder below `../shared`. */
export function sharedPath(relativePath: string): string {
  return sharedFolder + relativePath;
}

/** A JSON file below `../shared`, parsed; the caller states its shape. */
export function readSharedJson<Shape>(relativePath: string): Shape {
  return JSON.parse(readFileSync(sharedPath(relativePath), 'utf8')) as Shape;
}
