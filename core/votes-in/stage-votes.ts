/** Makes rows for the database of a table of votes, on a thread: read, matched, checked, and handed over a block at a time. */
import { randomUUID } from 'node:crypto';
import { on } from 'node:events';
import type { MessagePort } from 'node:worker_threads';
import { StudioError } from '../../contract/errors.ts';
import { type PairChoice, type Scale, scalePresets } from '../../contract/studies.ts';
import type { ImportVotes } from '../../contract/study-files.ts';
import type { Db } from '../../db/database.ts';
import { sessionIdByUid } from '../../db/sittings.ts';
import { newUid } from '../../db/studies.ts';
import { pairVoteByKey, voteByKey } from '../../db/votes.ts';
import { type Carried, carry } from '../compute/carry-error.ts';
import { withDb } from '../compute/study-votes.ts';
import { assertNoProblems } from '../tables/row-problems.ts';
import { guessScale } from './guess-scale.ts';
import { matchImages } from './match-images.ts';
import type { RawImage, RawVote, RawVotes } from './raw-votes.ts';
import { readVotes } from './read-votes.ts';

/** Numbers stand for places in the list of the head or in the rows handed over before. */
export interface StagedImage extends RawImage {
  /** The image of the library that is meant; null for one that it does not know. */
  known: number | null;
  isMain: boolean;
}
export interface StagedPresentation {
  rater: number;
  image: number;
  other: number | null;
  role: RawVote['role'];
  position: number;
  uid: string;
}
export interface StagedVote {
  presentation: number;
  session: number;
  dimension: string;
  value: number;
  choice: PairChoice | null;
  key: string;
  shownMs: number;
  keyMs: number | null;
  pausedMs: number | null;
  castAt: number;
  supersedes: number | null;
}

export interface StagedRows {
  images: StagedImage[];
  presentations: StagedPresentation[];
  votes: StagedVote[];
}

/** What is known before the rows. */
export interface StagedHead {
  fileName: string;
  name: string | null;
  isPairs: boolean;
  dimensions: { key: string; scale: Scale }[];
  raters: string[];
  sessions: { rater: number; uid: string; startedAt: number; endedAt: number }[];
  counts: Record<keyof StagedRows, number>;
}

/** What the engine asks for; null when it has everything. */
export type StageRequest = { part: keyof StagedRows; from: number } | null;

export interface StageTask {
  libraryFolder: string;
  order: ImportVotes;
  nowMs: number;
  port: MessagePort;
}

/** Rows in one answer: some milliseconds to take in. */
const blockRows = 1000;

/** Answers with a `StagedHead`, then with rows as they are asked for. */
export async function stageVotes({ libraryFolder, order, nowMs, port }: StageTask): Promise<Carried<null>> {
  return await carry(async () => {
    const { head, rows } = await stage(libraryFolder, order, nowMs);
    const asked = on(port, 'message');
    port.postMessage(head);
    for await (const message of asked) {
      const [request]: StageRequest[] = message;
      if (request == null) break;
      port.postMessage(rows[request.part].slice(request.from, request.from + blockRows));
    }
    port.close();
    return null;
  });
}

async function stage(
  libraryFolder: string,
  order: ImportVotes,
  nowMs: number,
): Promise<{ head: StagedHead; rows: StagedRows }> {
  const read = await readVotes(order);
  if (!('votes' in read)) {
    throw new StudioError(
      'badInput',
      `It is not clear which columns of ${read.fileName} are what (${read.header.join(', ')}). Say which one is the image, the rater and the vote.`,
    );
  }
  const { fileName, votes } = read;
  const { ids, problems } = withDb(libraryFolder, (db) => matchImages(db, read));
  assertNoProblems(fileName, [...read.problems, ...problems]);
  if (votes.length === 0) throw new StudioError('badInput', `There are no votes in ${fileName}.`);
  withDb(libraryFolder, (db) => assertNew(db, read));
  const stager = new Stager(votes, nowMs);
  const rows = { images: describeImages(read, ids), ...stager.rows };
  const isPairs = votes[0]!.pair !== undefined;
  const head = {
    ...{ fileName, name: read.name, isPairs, raters: stager.raters, sessions: stager.sessions },
    dimensions: [...Map.groupBy(votes, ({ dimension }) => dimension)].map(([key, own]) => ({
      key,
      scale: order.scale ?? (isPairs ? scalePresets.acr5 : guessScale(own.map(({ value }) => value))),
    })),
    counts: {
      images: rows.images.length,
      presentations: rows.presentations.length,
      votes: rows.votes.length,
    },
  };
  return { head, rows };
}

/** @throws StudioError `conflict` for votes or sessions that are in this library */
function assertNew(db: Db, { fileName, votes }: RawVotes): void {
  const sessions = new Set<string>();
  for (const { identity } of votes) {
    if (identity === null) return;
    if (voteByKey(db, identity.key) !== undefined || pairVoteByKey(db, identity.key) !== undefined) {
      throw new StudioError('conflict', `The votes of ${fileName} are in this library already.`);
    }
    sessions.add(identity.session);
  }
  for (const uid of sessions) {
    if (sessionIdByUid(db, uid) !== undefined) {
      throw new StudioError('conflict', `A session of ${fileName} is in this library already.`);
    }
  }
}

/** Names go without folders where that still tells the images apart, so that files of those names fill them later. */
function describeImages({ images, votes }: RawVotes, ids: readonly (number | null)[]): StagedImage[] {
  const bare = (name: string) => name.slice(name.replaceAll('\\', '/').lastIndexOf('/') + 1);
  const isTold =
    new Set(images.map(({ name }) => bare(name))).size === new Set(images.map(({ name }) => name)).size;
  const main = new Set(
    votes.filter(({ role }) => role === 'main').flatMap(({ image, pair }) => [image, pair?.other ?? image]),
  );
  return images.map((image, at) => ({
    ...image,
    name: isTold ? bare(image.name) : image.name,
    known: ids[at] ?? null,
    isMain: main.has(at),
  }));
}

/** Presentations, sessions and votes as the table tells them, or as they follow from its order. */
class Stager {
  readonly raters: string[] = [];
  readonly sessions: StagedHead['sessions'] = [];
  readonly rows: Pick<StagedRows, 'presentations' | 'votes'> = { presentations: [], votes: [] };
  readonly #nowMs: number;
  readonly #raterAt = new Map<string, number>();
  readonly #sessionAt = new Map<string, number>();
  readonly #placeAt = new Map<string, number>();
  /** How often a rater was asked the same before, and how many places a rater has. */
  readonly #showings = new Map<string, number>();
  readonly #places = new Map<number, number>();
  readonly #voteAt = new Map<string, number>();

  /** @throws StudioError `badInput` where keys, sessions or positions contradict each other */
  constructor(votes: readonly RawVote[], nowMs: number) {
    this.#nowMs = nowMs;
    for (const vote of votes) this.#add(vote);
  }

  #add(vote: RawVote): void {
    const { identity, line } = vote;
    const rater = numberOf(this.#raterAt, vote.rater.toLowerCase(), () => this.raters.push(vote.rater));
    const key = identity?.key ?? randomUUID();
    const supersedes = identity?.supersedes ?? null;
    if (this.#voteAt.has(key)) {
      throw new StudioError('badInput', `Line ${line}: this vote stands there twice.`);
    }
    const corrected = supersedes === null ? null : this.#voteAt.get(supersedes);
    if (corrected === undefined) {
      throw new StudioError(
        'badInput',
        `Line ${line}: the vote that this one corrects does not come before it.`,
      );
    }
    this.#voteAt.set(key, this.rows.votes.length);
    const castAt = identity?.castAt ?? this.#nowMs;
    this.rows.votes.push({
      presentation: this.#place(vote, rater),
      session: this.#sit(rater, identity?.session ?? null, castAt),
      ...{ dimension: vote.dimension, value: vote.value, choice: vote.pair?.choice ?? null, key, castAt },
      ...{ shownMs: vote.shownMs ?? 0, keyMs: vote.keyMs, pausedMs: vote.pausedMs, supersedes: corrected },
    });
  }

  #sit(rater: number, uid: string | null, castAt: number): number {
    const at = numberOf(this.#sessionAt, `${rater} ${uid ?? ''}`, () =>
      this.sessions.push({ rater, uid: uid ?? newUid(), startedAt: castAt, endedAt: castAt }),
    );
    const session = this.sessions[at]!;
    session.startedAt = Math.min(session.startedAt, castAt);
    session.endedAt = Math.max(session.endedAt, castAt);
    return at;
  }

  /** The presentation that a vote was given on. */
  #place(vote: RawVote, rater: number): number {
    const { image, identity, dimension, line } = vote;
    const other = vote.pair?.other ?? null;
    const shown = other === null ? String(image) : [image, other].sort((a, b) => a - b).join('+');
    const asked = `${rater} ${shown} ${dimension}`;
    const showing = this.#showings.get(asked) ?? 0;
    this.#showings.set(asked, showing + 1);
    const role = identity === null && vote.role === 'main' && showing > 0 ? 'repeat' : vote.role;
    const key = `${rater} ${identity === null ? `${shown} ${showing}` : `#${identity.position}`}`;
    const at = numberOf(this.#placeAt, key, () => {
      const count = this.#places.get(rater) ?? 0;
      this.#places.set(rater, count + 1);
      const position = identity?.position ?? count;
      this.rows.presentations.push({ rater, image, other, role, position, uid: newUid() });
    });
    const place = this.rows.presentations[at]!;
    if (place.image !== image || place.other !== other) {
      throw new StudioError('badInput', `Line ${line}: another image stands at this position of the rater.`);
    }
    return at;
  }
}

/** The number of a key, the next one for a new key. */
function numberOf(numbers: Map<string, number>, key: string, add: () => unknown): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  const next = numbers.size;
  numbers.set(key, next);
  add();
  return next;
}
