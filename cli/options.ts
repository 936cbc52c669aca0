/** Options that several commands share, and how their texts become values. */
import { type Command, InvalidArgumentError } from 'commander';
import { ScaleEnds } from '../contract/mos.ts';
import { Provider, providers } from '../contract/pack.ts';

/** Says which library; in every command that needs one. */
export function addLibraryOption(command: Command): Command {
  return command.option(
    '--library <folder>',
    "library folder (default: SFIQA_LIBRARY, else the user's data folder)",
  );
}

/** A positive whole number, such as an id. */
export function parseId(text: string): number {
  const id = Number(text);
  if (!Number.isSafeInteger(id) || id < 1)
    throw new InvalidArgumentError('It must be a positive whole number.');
  return id;
}

/** A whole number from 0 to 2^32 − 1. */
export function parseSeed(text: string): number {
  const seed = Number(text);
  if (text.trim() === '' || !Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new InvalidArgumentError('A seed is a whole number from 0 to 4294967295.');
  }
  return seed;
}

/** A port number; 0 means any free one. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (text.trim() === '' || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
  }
  return port;
}

/** Names with commas between them. */
export function parseList(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('Names with commas between them, e.g. base,rank.');
  return names;
}

/** Execution providers in the order in which they are tried. */
export function parseProviders(text: string): Provider[] {
  return parseList(text).map((name) => {
    const parsed = Provider.safeParse(name);
    if (parsed.success) return parsed.data;
    throw new InvalidArgumentError(`There is no provider “${name}” (there are ${providers.join(', ')}).`);
  });
}

/** `1:5`. */
export function parseScale(text: string): ScaleEnds {
  const [low, high, ...rest] = text.split(':').map(Number);
  const parsed = ScaleEnds.safeParse([low, high]);
  if (parsed.success && rest.length === 0) return parsed.data;
  throw new InvalidArgumentError('A scale is its lowest and highest value, e.g. 1:5.');
}

/** Also the word that says that nobody knows it. */
export function parseScaleOrUnknown(text: string): ScaleEnds | 'unknown' {
  return text === 'unknown' ? text : parseScale(text);
}
