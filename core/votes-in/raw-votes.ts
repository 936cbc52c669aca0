/** Raw votes as they come out of any table: what every reader gives and the import stores. */
import type { PairChoice } from '../../contract/studies.ts';
import type { LineProblem, VoteMapping, VoteShape } from '../../contract/study-files.ts';
import type { PresentationRole } from '../../db/schema-studies.ts';
import { readNumber } from '../tables/read-number.ts';
import { RowError } from '../tables/row-problems.ts';

export interface RawImage {
  /** As the table names it; with the hash what tells two images apart. */
  name: string;
  hash: string | null;
  prompt: string | null;
  generator: string | null;
  group: string | null;
}

/** What only our own long table knows of a vote. */
export interface VoteIdentity {
  key: string;
  session: string;
  position: number;
  supersedes: string | null;
  castAt: number;
}

export interface RawVote {
  line: number;
  image: number;
  rater: string;
  dimension: string;
  /** NaN for a choice between two images. */
  value: number;
  pair?: { other: number; choice: PairChoice };
  role: Exclude<PresentationRole, 'training'>;
  shownMs: number | null;
  keyMs: number | null;
  pausedMs: number | null;
  identity: VoteIdentity | null;
}

export interface RawVotes {
  fileName: string;
  /** A name that the file gives itself. */
  name: string | null;
  shape: VoteShape;
  header: string[];
  rows: string[][];
  mapping: VoteMapping | null;
  images: RawImage[];
  votes: RawVote[];
  problems: LineProblem[];
  /** Names were made up, and say nothing beyond this table. */
  isAnonymous: boolean;
  /** Columns of a matrix that hold words alone, and so are of no rater. */
  passedOver?: string[];
}

/** Collects images as they are named, each once. */
export class ImageCollector {
  readonly images: RawImage[] = [];
  readonly #byKey = new Map<string, number>();

  /** The number of an image; what a later row knows beyond earlier ones is added. */
  add({ name, hash, ...rest }: RawImage): number {
    const key = hash ?? `\0${name}`;
    const known = this.#byKey.get(key);
    if (known === undefined) {
      this.#byKey.set(key, this.images.length);
      this.images.push({ name, hash, ...rest });
      return this.images.length - 1;
    }
    const image = this.images[known]!;
    image.prompt ??= rest.prompt;
    image.generator ??= rest.generator;
    image.group ??= rest.group;
    return known;
  }
}

/** As `readNumber`. @throws RowError for a cell that is no number */
export function readValue(cell: string): number | null {
  const value = readNumber(cell);
  if (value !== null && !Number.isFinite(value))
    throw new RowError(`“${cell.trim().slice(0, 40)}” is not a number`);
  return value;
}
