/** Reads the JSON that generators write: with bare NaN, with seeds above 2^53, with trailing NULs, or broken. */

/** An object as it came from a file: nothing is known of its fields. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * Strings, which are passed over, so that a prompt about NaN keeps it; whole numbers that may lie beyond 2^53 and would lose digits as a number;
 * what is no number.
 */
const stringOrOdd = /"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\d.])-?\d{16,}(?![\d.eE])|NaN|-?Infinity/g;

/** Long numbers as the text that they are in the file, what is no number as null. */
function mendOdd(token: string): string {
  if (token[0] === '"') return token;
  if (!/\d$/.test(token)) return 'null';
  return Number.isSafeInteger(Number(token)) ? token : `"${token}"`;
}

/** Texts of the file at hand that were parsed already: most readers look into the same few, which may have megabytes. */
const parsed = new Map<string, Fields | null>();

/** To be called when a file is done with. */
export function forgetParsed(): void {
  parsed.clear();
}

/** The object in a text, or null where the text is not a JSON object. */
export function parseFields(text: string | undefined): Fields | null {
  if (text === undefined || firstOf(text) !== '{') return null;
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const fields = parse(withoutEnd(text));
  if (text.length >= largeChars) parsed.set(text, fields);
  return fields;
}

/** Smaller ones are parsed sooner than found. */
const largeChars = 10_000;

function parse(json: string): Fields | null {
  try {
    return asFields(JSON.parse(/\d{16}/.test(json) ? json.replace(stringOrOdd, mendOdd) : json));
  } catch {
    try {
      return asFields(JSON.parse(json.replace(stringOrOdd, mendOdd)));
    } catch {
      return null;
    }
  }
}

/** The first character that is no space; a byte order mark is one. */
function firstOf(text: string): string | undefined {
  return text[text.search(/\S/)];
}

/** Without the zeros and spaces at its end: a pattern that ends there would begin anew at each of a million spaces. */
function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === '\0' || text[end - 1]!.trim() === '')) end -= 1;
  return text.slice(0, end).trimStart();
}

/** A value as an object, or null where it is none. */
export function asFields(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

/** A value as a list; empty where it is none. */
export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** An own field: what the prototype has (`constructor`, …) is not data. */
export function fieldOf(fields: Fields | null, name: string): unknown {
  return fields !== null && Object.hasOwn(fields, name) ? fields[name] : undefined;
}
