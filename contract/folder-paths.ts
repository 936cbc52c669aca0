/** Whether one folder lies inside another, by their paths alone: Windows' are read on any system. */

/** The names that lead from `above` to `path`, none where they are the same folder; null where it does not lie at or below it. */
export function restBelow(path: string, above: string): string[] | null {
  const isWindows = /^([a-z]:[\\/]|\\\\)/i.test(path);
  const separator = isWindows ? /[\\/]+/ : /\/+/;
  const [names, start] = [path, above].map((one) => one.split(separator).filter((name) => name !== ''));
  const same = (a: string, b: string | undefined) =>
    isWindows ? a.toLowerCase() === b?.toLowerCase() : a === b;
  return start!.every((name, at) => same(name, names![at])) ? names!.slice(start!.length) : null;
}

/** Whether what lies in `folder` is found by looking through a folder of the library; hidden folders are passed over there. */
export function isCovered(
  folder: { path: string; recursive: boolean },
  by: { path: string; recursive: boolean },
): boolean {
  const rest = restBelow(folder.path, by.path);
  if (rest === null || rest.some((name) => name.startsWith('.'))) return false;
  return by.recursive || (rest.length === 0 && !folder.recursive);
}
