/** What a rater is shown in a sitting, and of it what they have answered; nothing that could bias. */
import { randomInt } from 'node:crypto';
import type { PairCard, PresentationCard, RatingSession, TrainingCard } from '../contract/studies.ts';
import { imageById } from '../db/images.ts';
import { type PresentationRow, presentationsOf } from '../db/sittings.ts';
import { promptTextOf, studyItemsOf } from '../db/studies.ts';
import { currentChoicesOf, currentVotesOf } from '../db/votes.ts';
import type { StudyCore } from './studies.ts';
import type { Studio } from './studio.ts';

interface Sitting {
  raterId: number;
  /** When it began. */
  sittingAt: number;
}

type Cards = Required<Pick<RatingSession, 'presentations' | 'pairs' | 'training' | 'next'>>;

interface Showing {
  rows: readonly PresentationRow[];
  groups: ReturnType<typeof createGroups>;
  asked: number;
}

/** The cards of a sitting in their order. Training comes before a rater's first answer, stabilising items again in every sitting. */
export function readCards(studio: Studio, study: StudyCore, sitting: Sitting): Cards {
  const { db } = studio;
  const { dimensions, plan } = study.design;
  const showsPrompt = dimensions.some((dimension) => dimension.showsPrompt);
  const rows = presentationsOf(db, study.id, sitting.raterId).map((row) => ({
    ...row,
    prompt: showsPrompt ? row.prompt : null,
  }));
  const showing: Showing = { rows, groups: createGroups(), asked: dimensions.length };
  const isPairs = plan.method === 'pairs';
  const votes = isPairs ? [] : currentVotesOf(db, study.id, sitting.raterId);
  const choices = isPairs ? currentChoicesOf(db, study.id, sitting.raterId) : [];
  const presentations = isPairs ? [] : presentationCards(showing, votes, sitting.sittingAt);
  const pairs = isPairs ? pairCards(showing, choices) : [];
  const answers = isPairs ? pairs.map((pair) => pair.choices) : presentations.map((card) => card.votes);
  const open = answers.findIndex((given) => Object.keys(given).length < dimensions.length);
  return {
    ...{ presentations, pairs, next: open === -1 ? answers.length : open },
    training:
      votes.length + choices.length > 0 ? [] : readTraining(studio, study, { showsPrompt, ...showing }),
  };
}

type Votes = ReturnType<typeof currentVotesOf>;

function presentationCards(showing: Showing, votes: Votes, sittingAt: number): PresentationCard[] {
  const given = Map.groupBy(votes, (vote) => vote.presentation_id);
  const isOpen = ({ id }: PresentationRow) => (given.get(id)?.length ?? 0) < showing.asked;
  const again = findStabilising(showing.rows, isOpen);
  return showing.rows.map(({ id, image_id: imageId, width, height, prompt, group_key: group }) => {
    const own = (given.get(id) ?? []).filter(({ cast_at: at }) => !again.has(id) || at >= sittingAt);
    return {
      ...{ id, imageId, width, height, prompt, promptGroup: showing.groups(group) },
      votes: Object.fromEntries(own.map(({ dimension, value }) => [dimension, value])),
    };
  });
}

/**
 * The stabilising presentations that a sitting asks about anew: those laid out last, as long as anything else is open. An answer to one
 * supersedes that of the sitting before; both stay stored, and neither counts.
 *
 * @param isOpen whether a presentation lacks an answer
 */
export function findStabilising(
  rows: readonly PresentationRow[],
  isOpen: (row: PresentationRow) => boolean,
): Set<number> {
  const [stabilising, others] = [new Map<number, number>(), [] as PresentationRow[]];
  for (const row of rows) {
    if (row.role === 'stabilising') stabilising.set(row.image_id, row.id);
    else others.push(row);
  }
  return new Set(others.some(isOpen) ? stabilising.values() : []);
}

function pairCards({ rows, groups }: Showing, choices: ReturnType<typeof currentChoicesOf>): PairCard[] {
  const given = Map.groupBy(choices, (choice) => choice.presentation_id);
  return rows.map((row) => {
    const own = given.get(row.id) ?? [];
    return {
      id: row.id,
      left: { imageId: row.image_id, width: row.width, height: row.height },
      right: { imageId: row.other_image_id!, width: row.other_width, height: row.other_height },
      prompt: row.prompt,
      promptGroup: groups(row.group_key, row.other_group_key),
      choices: Object.fromEntries(own.map(({ dimension, choice }) => [dimension, choice])),
    };
  });
}

/**
 * Numbers for groups of images, so that the page can tell which belong together and nothing else: drawn anew for every session, they say
 * neither what the prompt is nor how many there are, and no two sessions can be compared by them.
 */
function createGroups(): (group: string, other?: string | null) => number {
  const numbers = new Map<string, number>();
  return (group, other = null) => {
    const both = other === null || other === group ? group : [group, other].sort().join('\n');
    const number = numbers.get(both) ?? randomInt(2 ** 47);
    numbers.set(both, number);
    return number;
  };
}

function readTraining(
  { db }: Studio,
  study: StudyCore,
  { groups, showsPrompt }: Pick<Showing, 'groups'> & { showsPrompt: boolean },
): TrainingCard[] {
  return studyItemsOf(db, study.id)
    .filter(({ role }) => role === 'training')
    .map(({ image_id: imageId }) => {
      const { width = null, height = null, prompt_id = null } = imageById(db, imageId) ?? {};
      return {
        ...{ imageId, width, height },
        promptGroup: groups(prompt_id === null ? `image ${imageId}` : `prompt ${prompt_id}`),
        prompt: showsPrompt ? promptTextOf(db, prompt_id) : null,
      };
    });
}
