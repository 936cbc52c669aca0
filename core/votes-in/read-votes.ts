/** Finds out in which shape a file holds votes, and reads it. */
import { StudioError } from '../../contract/errors.ts';
import type { VoteShape, VoteTable } from '../../contract/study-files.ts';
import { decodeText } from '../tables/decode-text.ts';
import { type RawTable, readUnheaded, takeHeader } from '../tables/read-table.ts';
import { isOwnExport, readLongVotes, readOwnVotes, suggestVoteMapping } from './long-votes.ts';
import { readMatrix, readP910, readSurealVotes } from './matrix-votes.ts';
import { isOwnPairExport, readOwnPairs, readPairs, suggestPairMapping } from './pair-votes.ts';
import type { RawVotes } from './raw-votes.ts';

/** A table whose columns nobody could make out; it is shown, so that a person can say what they are. */
export interface UnclearVotes {
  fileName: string;
  header: string[];
  rows: string[][];
}

/** @throws StudioError as `readTable`, `badInput` */
export async function readVotes(order: VoteTable): Promise<RawVotes | UnclearVotes> {
  const { bytes, fileName, table: found } = await readUnheaded(order.source);
  if (order.shape === 'sureal' || (order.shape === undefined && found === null)) {
    return readSurealVotes(fileName, decodeText(bytes).text, order.dimension);
  }
  if (found === null)
    throw new StudioError('badInput', `${fileName} is JSON, which only the shape “sureal” has.`);
  const bare = [{ line: 1, cells: found.header }, ...found.rows];
  const isBare =
    found.header.every((cell) => /^\s*(nan|-?\d+([.,]\d+)?)?\s*$/i.test(cell)) &&
    bare.some(({ cells }) => cells.some((cell) => cell !== ''));
  if (order.shape === 'p910' || (order.shape === undefined && isBare)) {
    return readP910(fileName, bare, order.dimension);
  }
  const table = takeHeader(found);
  if (order.mapping === undefined && order.shape !== 'matrix') {
    if (isOwnExport(table.header)) return readOwnVotes(table);
    if (isOwnPairExport(table.header)) return readOwnPairs(table);
  }
  const pairs = order.mapping ?? suggestPairMapping(table.header);
  if (order.shape === 'pairs' || (order.shape === undefined && pairs?.other !== undefined)) {
    if (pairs?.image === undefined || pairs.other === undefined || pairs.value === undefined) {
      return showUnclear(table);
    }
    return readPairs(table, pairs, order.dimension);
  }
  const long = order.mapping ?? suggestVoteMapping(table.header);
  const shape: VoteShape = order.shape ?? (long?.rater !== undefined ? 'long' : 'matrix');
  if (shape === 'long' && long?.image !== undefined && long.rater !== undefined && long.value !== undefined) {
    return readLongVotes(table, long, order.dimension);
  }
  const image =
    order.mapping?.image ??
    (shape === 'matrix' ? table.header.find((column) => imageWords.test(column)) : undefined);
  if (shape === 'matrix' && image !== undefined) {
    return readMatrix(table, { ...pickLabels(table.header), ...order.mapping, image }, order.dimension);
  }
  return showUnclear(table);
}

function showUnclear({ fileName, header, rows }: RawTable): UnclearVotes {
  return { fileName, header, rows: rows.slice(0, 20).map(({ cells }) => cells) };
}

const imageWords = /^(image|item|stimulus|name|image[_ ]?name|file[_ ]?name|file|path|pvs|video|img)$/i;

function pickLabels(header: readonly string[]): { prompt?: string; generator?: string } {
  const prompt = header.find((column) => /^(prompt|caption)$/i.test(column));
  const generator = header.find((column) => /^(generator|model)$/i.test(column));
  return { ...(prompt === undefined ? {} : { prompt }), ...(generator === undefined ? {} : { generator }) };
}
