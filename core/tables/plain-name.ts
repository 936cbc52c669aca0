/** How names of columns are compared: without regard to case, to spaces around them, and to how their words are parted. */
export function plainName(column: string): string {
  return column
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
}
