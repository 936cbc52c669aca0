/** The words in which texts differ from one of them: what each has of its own. */
import { diffArrays } from 'diff';

/** A run of a text that the other one has too, or not. */
export interface Piece {
  text: string;
  isOwn: boolean;
}

/** Beyond so many changes two texts have nothing to do with each other, and all of both is their own. */
const mostChanges = 600;

/** Words with the space after them, and signs one by one. */
const wordPattern = /[\p{L}\p{N}_]+\s*|[^\p{L}\p{N}_]\s*/gu;

/**
 * Each text in runs, marked where the reference does not have them; the reference's where any other lacks them. A text that is null
 * has no runs.
 */
export function markWords(texts: readonly (string | null)[], reference: number): Piece[][] {
  const words = texts.map((text) => text?.match(wordPattern) ?? []);
  const isOwn = words.map((list) => list.map(() => false));
  const of = words[reference] ?? [];
  for (const [k, list] of words.entries()) {
    if (k === reference || texts[k] === null || texts[reference] == null) continue;
    const changes = diffArrays(of, list, {
      comparator: (a, b) => a.trim().toLowerCase() === b.trim().toLowerCase(),
      maxEditLength: mostChanges,
    });
    let [atReference, at] = [0, 0];
    for (const { added, removed, count } of changes ?? replaced(of.length, list.length)) {
      if (!removed) {
        if (added) isOwn[k]!.fill(true, at, at + count);
        at += count;
      }
      if (!added) {
        if (removed) isOwn[reference]!.fill(true, atReference, atReference + count);
        atReference += count;
      }
    }
  }
  return words.map((list, k) => joinRuns(list, isOwn[k]!));
}

function replaced(before: number, after: number) {
  return [
    { added: false, removed: true, count: before },
    { added: true, removed: false, count: after },
  ];
}

function joinRuns(words: readonly string[], isOwn: readonly boolean[]): Piece[] {
  const pieces: Piece[] = [];
  for (const [k, text] of words.entries()) {
    const last = pieces.at(-1);
    if (last !== undefined && last.isOwn === isOwn[k]) last.text += text;
    else pieces.push({ text, isOwn: isOwn[k]! });
  }
  return pieces;
}
