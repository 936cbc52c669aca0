/** What a key means on a scale: a whole vote, or a part of one that is still being entered. */
import type { Scale } from '../../../contract/studies.ts';

/** A continuous vote on its way: what was typed, or where the arrows have moved it. */
export type Entry = { kind: 'typed'; digits: string } | { kind: 'moved'; value: number } | null;

export type KeyMeaning =
  | { kind: 'vote'; value: number }
  | { kind: 'entry'; entry: Entry }
  /** The scale does not know the key; somebody else may. */
  | { kind: 'none' };

/** The part of a keyboard event that decides; digits count on every layout, with or without number lock. */
export interface PressedKey {
  key: string;
  code: string;
  shiftKey: boolean;
}

const none: KeyMeaning = { kind: 'none' };
/** How far the arrows move with shift held, in steps. */
const bigStep = 5;

/** The digit of a key: by what it types, else by where it lies (AZERTY types digits with shift only). */
export function digitOf({ key, code }: Pick<PressedKey, 'key' | 'code'>): string | null {
  if (/^[0-9]$/.test(key)) return key;
  return /^(?:Digit|Numpad)([0-9])$/.exec(code)?.[1] ?? null;
}

/** The meaning of a key given what has been entered so far. */
export function readKey(scale: Scale, entry: Entry, pressed: PressedKey): KeyMeaning {
  const digit = digitOf(pressed);
  if (scale.kind === 'acr') {
    const level = Number(digit);
    return digit !== null && level >= 1 && level <= scale.words.length
      ? { kind: 'vote', value: level }
      : none;
  }
  if (digit !== null) return typeDigit(scale, entry, digit);
  switch (pressed.key) {
    case 'ArrowUp':
      return move(scale, entry, pressed.shiftKey ? bigStep : 1);
    case 'ArrowDown':
      return move(scale, entry, pressed.shiftKey ? -bigStep : -1);
    case 'Enter': {
      const value = valueOfEntry(scale, entry);
      return value === null ? none : { kind: 'vote', value };
    }
    case 'Backspace':
      return entry === null ? none : { kind: 'entry', entry: null };
    default:
      return none;
  }
}

type Continuous = Extract<Scale, { kind: 'continuous' }>;

/** Decimals that the scale's step needs. */
function decimalsOf({ step }: Continuous): number {
  return Math.max(0, Math.min(6, -Math.floor(Math.log10(step) + 1e-9)));
}

/** Digits of the largest value before the point. */
function wholeDigits({ max }: Continuous): number {
  return String(Math.floor(max)).length;
}

/** Digits a vote has at most: `37` is 3.7 on 0–5 in steps of 0.1, `007` is 7 on 0–100 in steps of 1. */
function lengthOf(scale: Continuous): number {
  return wholeDigits(scale) + decimalsOf(scale);
}

/** The number that digits stand for so far: those before the point come first. */
function numberOf(scale: Continuous, digits: string): number {
  const whole = wholeDigits(scale);
  return Number(`${digits.slice(0, whole)}.${digits.slice(whole)}0`);
}

function typeDigit(scale: Continuous, entry: Entry, digit: string): KeyMeaning {
  const digits = (entry?.kind === 'typed' ? entry.digits : '') + digit;
  const number = numberOf(scale, digits);
  if (digits.length < lengthOf(scale) && mayGoOn(scale, number)) {
    return number > scale.max ? none : { kind: 'entry', entry: { kind: 'typed', digits } };
  }
  const value = onScale(scale, number);
  return value === null ? none : { kind: 'vote', value };
}

/** Whether another digit can follow: `85` on 0–100 is a vote as it stands, `8` and `10` are not yet. */
function mayGoOn(scale: Continuous, number: number): boolean {
  return decimalsOf(scale) > 0 || number * 10 <= scale.max;
}

function move(scale: Continuous, entry: Entry, steps: number): KeyMeaning {
  return { kind: 'entry', entry: { kind: 'moved', value: moveEntry(scale, entry, steps) } };
}

/** The value some steps from what has been entered; from nothing it begins in the middle of the scale. */
export function moveEntry(scale: Continuous, entry: Entry, steps: number): number {
  const from = valueOfEntry(scale, entry);
  const middle = scale.min + Math.round((scale.max - scale.min) / scale.step / 2) * scale.step;
  const wanted = from === null ? middle : from + steps * scale.step;
  return roundTo(Math.min(scale.max, Math.max(scale.min, wanted)), decimalsOf(scale));
}

/** The vote that Enter would give now; null where there is none yet. A lone `4` on 0–5 means 4.0. */
export function valueOfEntry(scale: Scale, entry: Entry): number | null {
  if (entry === null || scale.kind === 'acr') return null;
  if (entry.kind === 'moved') return entry.value;
  return onScale(scale, numberOf(scale, entry.digits));
}

function onScale(scale: Continuous, value: number): number | null {
  const decimals = decimalsOf(scale);
  const steps = Math.round((value - scale.min) / scale.step);
  const nearest = roundTo(scale.min + steps * scale.step, decimals);
  return nearest === roundTo(value, decimals) && nearest >= scale.min && nearest <= scale.max
    ? nearest
    : null;
}

function roundTo(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

/** A vote as the rater reads it: `Good`, `3.7`. */
export function formatVote(scale: Scale, value: number): string {
  return scale.kind === 'acr' ? (scale.words[value - 1] ?? String(value)) : value.toFixed(decimalsOf(scale));
}

/** What has been entered, with places for what is missing: `3.–`. */
export function formatEntry(scale: Scale, entry: Entry): string {
  if (entry === null || scale.kind === 'acr') return '';
  if (entry.kind === 'moved') return entry.value.toFixed(decimalsOf(scale));
  const decimals = decimalsOf(scale);
  const padded = entry.digits.padEnd(lengthOf(scale), '–');
  return decimals === 0 ? padded : `${padded.slice(0, -decimals)}.${padded.slice(-decimals)}`;
}
