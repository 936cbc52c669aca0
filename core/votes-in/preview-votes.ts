/** Looks at a table of votes before it is taken in: what it holds as the studio reads it. */
import type { VotePreview, VoteTable } from '../../contract/study-files.ts';
import { type Carried, carry, unpack } from '../compute/carry-error.ts';
import { withDb } from '../compute/study-votes.ts';
import type { Studio } from '../studio.ts';
import { guessScale } from './guess-scale.ts';
import { matchImages } from './match-images.ts';
import { readVotes, type UnclearVotes } from './read-votes.ts';

const shownProblems = 200;

/** @throws StudioError as `readVotes` */
export async function readVotePreview(studio: Studio, order: VoteTable): Promise<VotePreview> {
  return unpack(await studio.compute.run('previewVotes', { libraryFolder: studio.folder, order }));
}

/** On a thread: a table may have a hundred thousand rows. Errors as `readVotes`. */
export async function previewVotes(task: {
  libraryFolder: string;
  order: VoteTable;
}): Promise<Carried<VotePreview>> {
  return await carry(async () => {
    const read = await readVotes(task.order);
    if (!('votes' in read)) return describeUnclear(read);
    const { fileName, shape, header, rows, mapping, images, votes } = read;
    const matched = withDb(task.libraryFolder, (db) => matchImages(db, read));
    const problems = [...read.problems, ...matched.problems];
    const isRated = votes.length > 0 && votes[0]!.pair === undefined;
    return {
      ...{ fileName, shape, header, rows, mapping, images: images.length, votes: votes.length },
      raters: new Set(votes.map(({ rater }) => rater.toLowerCase())).size,
      matchedImages: matched.ids.filter((id) => id !== null).length,
      passedOver: read.passedOver ?? [],
      dimensions: [...new Set(votes.map(({ dimension }) => dimension))],
      scale: isRated ? guessScale(votes.map(({ value }) => value)) : null,
      problems: problems.slice(0, shownProblems),
      wrongLines: problems.length,
    };
  });
}

function describeUnclear({ fileName, header, rows }: UnclearVotes): VotePreview {
  const nothing = { images: 0, raters: 0, votes: 0, matchedImages: 0 };
  return {
    ...{ fileName, shape: null, header, rows, mapping: null },
    ...{ ...nothing, passedOver: [], dimensions: [], scale: null, problems: [], wrongLines: 0 },
  };
}
