/** A path as people paste it. */

/** Without the quotation marks that Windows copies around a path, and from a file's address as file managers and browsers copy it. */
export function tidyPath(pasted: string): string {
  const text = pasted
    .trim()
    .replace(/^(["'])(.*)\1$/, '$2')
    .trim();
  const address = /^file:\/\//i.test(text) ? URL.parse(text) : null;
  if (address === null) return text;
  const path = readEscapes(address.pathname);
  if (address.host !== '') return `\\\\${address.host}${path.replaceAll('/', '\\')}`;
  return /^\/[A-Za-z]:/.test(path) ? path.slice(1).replaceAll('/', '\\') : path;
}

/** `%20` and its like; as they stand where they are none. */
function readEscapes(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
