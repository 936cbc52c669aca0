/** Reads choices between two images, one row a choice: our own export with all it knows, or anybody's table by a mapping. */
import { z } from 'zod';
import { PairChoice } from '../../contract/studies.ts';
import type { VoteMapping } from '../../contract/study-files.ts';
import { locateColumns } from '../tables/locate-columns.ts';
import type { RawTable } from '../tables/read-table.ts';
import { RowError } from '../tables/row-problems.ts';
import {
  commonWords,
  describeOwn,
  hashOrNull,
  matchWords,
  OwnCast,
  parseOwn,
  placesIn,
  readPlain,
  readRows,
  textOr,
} from './long-votes.ts';
import type { RawVotes } from './raw-votes.ts';

const words = {
  ...commonWords,
  image: ['left', 'image_a', 'image_1', 'image1', 'first', 'a'],
  other: ['right', 'image_b', 'image_2', 'image2', 'second', 'b'],
  value: ['choice', 'preferred', 'preference', 'winner', 'answer', 'vote'],
};

/** Null where it is not clear which columns hold the two images, the rater and the choice. */
export function suggestPairMapping(header: readonly string[]): VoteMapping | null {
  const mapping = matchWords(header, words);
  const { image, other, value, rater } = mapping;
  return [image, other, value, rater].includes(undefined) ? null : mapping;
}

const OwnChoice = OwnCast.extend({
  left: z.string().min(1),
  left_sha256: hashOrNull,
  right: z.string().min(1),
  right_sha256: hashOrNull,
  choice: PairChoice,
});
const ownColumns = Object.keys(OwnChoice.shape);

/** Whether a table is our own export of choices. */
export function isOwnPairExport(header: readonly string[]): boolean {
  return ownColumns.every((column) => header.includes(column));
}

const noLabels = { prompt: null, generator: null, group: null };

/** Our own export, superseded choices and all. */
export function readOwnPairs(table: RawTable): RawVotes {
  const at = placesIn(table.header, ownColumns);
  return readRows({ table, mapping: null, shape: 'pairs' }, (row, collector) => {
    const { left, left_sha256, right, right_sha256, choice, ...vote } = parseOwn(OwnChoice, row, at);
    const image = collector.add({ ...noLabels, name: left, hash: left_sha256, prompt: vote.prompt });
    const other = collector.add({ ...noLabels, name: right, hash: right_sha256 });
    return { line: row.line, image, value: Number.NaN, pair: { other, choice }, ...describeOwn(vote) };
  });
}

/** Anybody's table. @throws StudioError `badInput` for a column of the mapping that is not there */
export function readPairs(table: RawTable, mapping: VoteMapping, dimension: string): RawVotes {
  const at = locateColumns(table, mapping);
  return readRows({ table, mapping, shape: 'pairs' }, (row, collector) => {
    const cell = (part: keyof VoteMapping) => (row.cells[at.get(part) ?? -1] ?? '').trim();
    if (cell('isCurrent') === '0') return null;
    const [left, right] = [cell('image'), cell('other')];
    if (left === '' || right === '') throw new RowError('one of the two images is empty');
    if (left === right) throw new RowError('an image is compared with itself');
    const choice = readChoice(cell('value'), left, right);
    const image = collector.add({ ...noLabels, name: left, hash: null, prompt: textOr(cell('prompt')) });
    const other = collector.add({ ...noLabels, name: right, hash: null });
    const plain = readPlain(cell, dimension);
    return { line: row.line, image, value: Number.NaN, pair: { other, choice }, ...plain };
  });
}

const choiceWords: Record<PairChoice, readonly string[]> = {
  left: ['left', 'l', 'a', '1', 'first'],
  right: ['right', 'r', 'b', '2', 'second'],
  tie: ['tie', 'equal', 'same', 'draw', '0', '='],
  skip: ['skip', 'skipped', ''],
};

function readChoice(text: string, left: string, right: string): PairChoice {
  if (text === left) return 'left';
  if (text === right) return 'right';
  const plain = text.toLowerCase();
  const found = PairChoice.options.find((choice) => choiceWords[choice].includes(plain));
  if (found === undefined) throw new RowError(`“${text}” is neither a choice nor one of the two images`);
  return found;
}
