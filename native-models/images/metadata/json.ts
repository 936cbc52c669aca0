/** Reads the JSON that generators write: with bare NaN, with seeds above 2^53, with trailing NULs, or broken. */

/** An object as it came from a file: nothing is known of its fields. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whole numbers beyond 2^53 would lose digits as a number, so they stay the text that they are in the file. */
function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  return context?.source !== undefined && /^-?\d+$/.test(context.source) ? context.source : value;
}

/** Strings are passed over, so that a prompt about NaN keeps it. */
const stringOrNotANumber = /"[^"\\]*(?:\\.[^"\\]*)*"|NaN|-?Infinity/g;

/** The object in a text, or null where the text is not a JSON object. */
export function parseFields(text: string | undefined): Fields | null {
  const trimmed = text?.replace(/[\0\s]+$/, '').trimStart();
  if (trimmed?.[0] !== '{') return null;
  const parse = (json: string): Fields | null => asFields(JSON.parse(json, keepDigits));
  try {
    return parse(trimmed);
  } catch {
    try {
      return parse(trimmed.replace(stringOrNotANumber, (token) => (token[0] === '"' ? token : 'null')));
    } catch {
      return null;
    }
  }
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
