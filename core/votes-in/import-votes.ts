/** Takes raw votes of other tools in as a study of their own: looked at first, then whole or not at all. */
import { StudioError } from '../../contract/errors.ts';
import type { Scale, Study, StudyDesign } from '../../contract/studies.ts';
import type { ImportVotes, VotePreview, VoteTable } from '../../contract/study-files.ts';
import { StudyPlan } from '../../contract/study-plan.ts';
import { saveImage, setGenerator, setPrompt } from '../../db/images.ts';
import { voteByKey } from '../../db/votes.ts';
import { freeze } from '../freeze-study.ts';
import { getStudy, getStudyCore, storeStudy } from '../studies.ts';
import type { Studio } from '../studio.ts';
import { updateMos } from '../study-mos.ts';
import { createNameIndex } from '../tables/name-index.ts';
import { assertNoProblems } from '../tables/row-problems.ts';
import { guessScale } from './guess-scale.ts';
import type { RawImage, RawVote, RawVotes } from './raw-votes.ts';
import { readVotes, type UnclearVotes } from './read-votes.ts';
import { storeRawVotes } from './store-votes.ts';

const shownProblems = 200;

/** What a file of votes holds as the studio reads it. @throws StudioError as `readVotes` */
export async function previewVotes(studio: Studio, order: VoteTable): Promise<VotePreview> {
  const read = await readVotes(order);
  if (!('votes' in read)) return describeUnclear(read);
  const { fileName, shape, header, rows, mapping, images, votes } = read;
  const matched = matchImages(studio, read);
  const problems = [...read.problems, ...matched.problems];
  return {
    ...{ fileName, shape, header, rows, mapping, images: images.length, votes: votes.length },
    raters: new Set(votes.map(({ rater }) => rater.toLowerCase())).size,
    matchedImages: matched.ids.filter((id) => id !== null).length,
    dimensions: dimensionsOf(votes),
    scale: votes.length === 0 ? null : guessScale(votes.map(({ value }) => value)),
    problems: problems.slice(0, shownProblems),
  };
}

function describeUnclear({ fileName, header, rows }: UnclearVotes): VotePreview {
  const nothing = {
    images: 0,
    raters: 0,
    votes: 0,
    matchedImages: 0,
    dimensions: [],
    scale: null,
    problems: [],
  };
  return { fileName, shape: null, header, rows, mapping: null, ...nothing };
}

function dimensionsOf(votes: readonly RawVote[]): string[] {
  return [...new Set(votes.map(({ dimension }) => dimension))];
}

/**
 * Stores votes as a study that takes no others, with raters, presentations and MOS. A second vote of a rater on an image is a repeat,
 * which does not count, unless the table says otherwise.
 *
 * @throws StudioError `badInput` with line numbers where rows are wrong, or where it is not clear what is what; `conflict` for votes that
 * are in this library
 */
export async function importVotes(studio: Studio, order: ImportVotes): Promise<Study> {
  const read = await readVotes(order);
  if (!('votes' in read)) {
    throw new StudioError(
      'badInput',
      `It is not clear which columns of ${read.fileName} are what (${read.header.join(', ')}). Say which one is the image, the rater and the vote.`,
    );
  }
  const { ids, problems } = matchImages(studio, read);
  assertNoProblems(read.fileName, [...read.problems, ...problems]);
  if (read.votes.length === 0) throw new StudioError('badInput', `There are no votes in ${read.fileName}.`);
  if (
    read.votes.some(({ identity }) => identity !== null && voteByKey(studio.db, identity.key) !== undefined)
  ) {
    throw new StudioError('conflict', `The votes of ${read.fileName} are in this library already.`);
  }
  const id = studio.db.transaction(() => store(studio, { order, read, known: ids }));
  studio.bus.changed('images', 'studies', 'votes', 'mos');
  return getStudy(studio, id);
}

/** The images of the library that a table means, null for those it does not know. */
function matchImages({ db }: Studio, { images, votes, isAnonymous }: RawVotes) {
  const index = createNameIndex(db);
  const problems: { line: number; reason: string }[] = [];
  const ids = images.map(({ name, hash }, at) => {
    if (isAnonymous || hash !== null) return null;
    const found = index.find(name);
    if (found.length > 1) {
      const line = votes.find(({ image }) => image === at)?.line ?? 1;
      problems.push({ line, reason: `${found.length} images are called “${name}”` });
    }
    return found[0] ?? null;
  });
  return { ids, problems };
}

interface Store {
  order: ImportVotes;
  read: RawVotes;
  known: (number | null)[];
}

function store(studio: Studio, { order, read, known }: Store): number {
  const { db } = studio;
  const imageIds = saveImages(studio, read, known);
  const labels = read.images.flatMap(({ group }, at) =>
    group === null ? [] : [{ imageId: imageIds[at]!, group }],
  );
  const main = new Set(read.votes.filter(({ role }) => role === 'main').map(({ image }) => imageIds[image]!));
  const studyId = storeStudy(
    studio,
    {
      name: order.name ?? (read.name?.slice(0, 120) || read.fileName.replace(/\.[^.]+$/, '').slice(0, 120)),
      design: describeDesign(read.votes, order.scale),
      imageIds: [...new Set(imageIds)].filter((id) => main.has(id)),
      items: { training: [], stabilising: [], gold: [], traps: [] },
      labels: labels.filter(({ imageId }) => main.has(imageId)),
    },
    { origin: 'table' },
  );
  freeze(studio, getStudyCore(studio, studyId));
  storeRawVotes(studio, studyId, { read, imageIds });
  const study = getStudyCore(studio, studyId);
  for (const imageId of main) {
    for (const { key } of study.design.dimensions) updateMos({ db }, study, { imageId, dimension: key });
  }
  return studyId;
}

/** Names go without folders where that still tells the images apart, so that files of those names fill them later. */
function saveImages({ db, now }: Studio, { images }: RawVotes, known: (number | null)[]): number[] {
  const bare = (name: string) => name.slice(name.replaceAll('\\', '/').lastIndexOf('/') + 1);
  const isTold =
    new Set(images.map(({ name }) => bare(name))).size === new Set(images.map(({ name }) => name)).size;
  return images.map((image: RawImage, at) => {
    const name = isTold ? bare(image.name) : image.name;
    const unseen = { name, hash: image.hash, format: null, width: null, height: null, sizeBytes: null };
    const id = known[at] ?? saveImage(db, unseen, now());
    if (image.prompt !== null) setPrompt(db, id, image.prompt, 'mosTable');
    if (image.generator !== null) setGenerator(db, id, image.generator, 'mosTable');
    return id;
  });
}

function describeDesign(votes: readonly RawVote[], scale: Scale | undefined): StudyDesign {
  const dimensions = dimensionsOf(votes).map((key) => ({
    key,
    label: key.replaceAll('_', ' '),
    question: '',
    showsPrompt: false,
    scale: scale ?? guessScale(votes.filter(({ dimension }) => dimension === key).map(({ value }) => value)),
  }));
  return { dimensions, seed: 0, instructions: '', plan: StudyPlan.parse({}) };
}
