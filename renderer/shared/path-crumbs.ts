/** A path as the folders it leads through, for walking up it by a click. */

/** The folders that a path leads through; works for `/a/b` and for `C:\a\b`. */
export function crumbsOf(path: string): { name: string; path: string }[] {
  const separator = path.includes('\\') ? '\\' : '/';
  const parts = path.split(separator).filter((part) => part !== '');
  const isPosix = path.startsWith('/');
  const crumbs = parts.map((name, k) => {
    const joined = parts.slice(0, k + 1).join(separator);
    const isDrive = !isPosix && k === 0;
    return { name, path: isPosix ? `/${joined}` : isDrive ? `${joined}${separator}` : joined };
  });
  return isPosix ? [{ name: '/', path: '/' }, ...crumbs] : crumbs;
}

/** A folder's path with a name in it, in the folder's own way of writing paths. */
export function joinPath(folder: string, name: string): string {
  const separator = /^[A-Za-z]:|^\\\\/.test(folder) ? '\\' : '/';
  return folder.endsWith(separator) ? `${folder}${name}` : `${folder}${separator}${name}`;
}
