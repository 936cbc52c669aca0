/** Rating: a rater's session, the order of presentations, and votes that are acknowledged once they are on disk. */
import { StudioError } from '../contract/errors.ts';
import type {
  NewVote,
  OpenSession,
  PresentationCard,
  RatingSession,
  Scale,
  Study,
  VoteReceipt,
} from '../contract/studies.ts';
import { saveMos } from '../db/mos.ts';
import {
  countedVotes,
  currentVote,
  currentVotesOf,
  endSession,
  insertPresentations,
  insertSession,
  insertVote,
  presentationById,
  presentationsOf,
  saveRater,
  sessionById,
  stimuliOf,
  voteByKey,
} from '../db/studies.ts';
import { summariseVotes } from './maths/mos.ts';
import { createRandom, hashSeeds, shuffle } from './maths/random.ts';
import { getStudy } from './studies.ts';
import type { Studio } from './studio.ts';

/**
 * Begins a sitting. A new rater gets an order of their own, drawn from the study's seed and their id, so that it can be drawn
 * again; a rater who comes back goes on at the first stimulus with a dimension still open.
 *
 * @throws StudioError `notFound`
 */
export function openSession(studio: Studio, order: OpenSession): RatingSession {
  const { db, now } = studio;
  const study = getStudy(studio, order.studyId);
  const { rater, sessionId } = db.transaction(() => {
    const known = saveRater(db, order.raterName, now());
    layOut(studio, study, known.id);
    const id = insertSession(db, {
      study_id: study.id,
      rater_id: known.id,
      started_at: now(),
      client: JSON.stringify(order.client),
    });
    return { rater: known, sessionId: id };
  });
  const presentations = readPresentations(studio, study, rater.id);
  const isOpen = (card: PresentationCard) => Object.keys(card.votes).length < study.design.dimensions.length;
  const next = presentations.findIndex(isOpen);
  return {
    sessionId,
    studyId: study.id,
    studyName: study.name,
    raterName: rater.name,
    design: study.design,
    presentations,
    next: next === -1 ? presentations.length : next,
  };
}

function layOut(studio: Studio, study: Study, raterId: number): void {
  if (presentationsOf(studio.db, study.id, raterId).length > 0) return;
  const imageIds = stimuliOf(studio.db, study.id);
  shuffle(imageIds, createRandom(hashSeeds(study.design.seed, raterId)));
  insertPresentations(studio.db, { studyId: study.id, raterId }, imageIds);
}

function readPresentations(studio: Studio, study: Study, raterId: number): PresentationCard[] {
  const votes = new Map<number, Record<string, number>>();
  for (const vote of currentVotesOf(studio.db, study.id, raterId)) {
    const known = votes.get(vote.presentation_id) ?? {};
    known[vote.dimension] = vote.value;
    votes.set(vote.presentation_id, known);
  }
  const showsPrompt = study.design.dimensions.some((dimension) => dimension.showsPrompt);
  return presentationsOf(studio.db, study.id, raterId).map((row) => ({
    id: row.id,
    imageId: row.image_id,
    width: row.width,
    height: row.height,
    prompt: showsPrompt ? row.prompt : null,
    votes: votes.get(row.id) ?? {},
  }));
}

/**
 * Stores a vote and the MOS that follows from it in one transaction; returns once that is on disk. A second vote on the same
 * presentation and dimension supersedes the first, which stays. The same key twice is one vote.
 *
 * @throws StudioError `notFound`, `badInput` for a value the scale does not have, `conflict` for a closed session or a reused key
 */
export function castVote(studio: Studio, vote: NewVote): VoteReceipt {
  const { db, now, bus } = studio;
  const receipt = db.transaction(() => {
    const known = voteByKey(db, vote.key);
    if (known !== undefined) return receiptOfKnown(known, vote);
    const { study, imageId } = checkVote(studio, vote);
    const supersedes = currentVote(db, vote.presentationId, vote.dimension)?.id ?? null;
    const castAt = now();
    const voteId = insertVote(db, {
      presentation_id: vote.presentationId,
      session_id: vote.sessionId,
      dimension: vote.dimension,
      value: vote.value,
      key: vote.key,
      shown_ms: vote.shownMs,
      cast_at: castAt,
      supersedes,
    });
    const { mean, sd, n } = summariseVotes(countedVotes(db, study.id, imageId, vote.dimension));
    saveMos(db, { mosSetId: study.mosSetId, dimension: vote.dimension, imageId, mean, sd, n });
    return { voteId, castAt, supersedes };
  });
  bus.changed('votes', 'mos');
  return receipt;
}

function receiptOfKnown(known: NonNullable<ReturnType<typeof voteByKey>>, vote: NewVote): VoteReceipt {
  const isSame =
    known.presentation_id === vote.presentationId &&
    known.dimension === vote.dimension &&
    known.value === vote.value;
  if (!isSame) throw new StudioError('conflict', 'This key belongs to another vote.', { key: vote.key });
  return { voteId: known.id, castAt: known.cast_at, supersedes: known.supersedes };
}

function checkVote(studio: Studio, vote: NewVote): { study: Study; imageId: number } {
  const session = sessionById(studio.db, vote.sessionId);
  if (session === undefined) {
    throw new StudioError('notFound', `There is no session ${vote.sessionId}.`, {
      sessionId: vote.sessionId,
    });
  }
  if (session.ended_at !== null) {
    throw new StudioError('conflict', 'This session is closed. Open the study again to go on.', {
      sessionId: vote.sessionId,
    });
  }
  const presentation = presentationById(studio.db, vote.presentationId);
  if (
    presentation === undefined ||
    presentation.study_id !== session.study_id ||
    presentation.rater_id !== session.rater_id
  ) {
    throw new StudioError('notFound', 'This presentation is not part of the session.', {
      presentationId: vote.presentationId,
    });
  }
  const study = getStudy(studio, session.study_id);
  const dimension = study.design.dimensions.find(({ key }) => key === vote.dimension);
  if (dimension === undefined) {
    throw new StudioError('badInput', `The study does not ask for “${vote.dimension}”.`, {
      dimension: vote.dimension,
    });
  }
  if (!isOnScale(vote.value, dimension.scale)) {
    throw new StudioError('badInput', `${vote.value} is not on the scale of “${dimension.label}”.`, {
      dimension: vote.dimension,
      value: vote.value,
    });
  }
  return { study, imageId: presentation.image_id };
}

/** Whether a value can be given on a scale: a level of ACR, or a step of a continuous scale. */
export function isOnScale(value: number, scale: Scale): boolean {
  if (scale.kind === 'acr') return Number.isInteger(value) && value >= 1 && value <= scale.words.length;
  const steps = (value - scale.min) / scale.step;
  const tolerance = 1e-6;
  return (
    value >= scale.min - tolerance &&
    value <= scale.max + tolerance &&
    Math.abs(steps - Math.round(steps)) < tolerance
  );
}

/** Ends a sitting; its votes stay, and the rater can open another. */
export function closeSession(studio: Studio, sessionId: number): { endedAt: number } {
  const session = sessionById(studio.db, sessionId);
  if (session === undefined)
    throw new StudioError('notFound', `There is no session ${sessionId}.`, { sessionId });
  const endedAt = session.ended_at ?? studio.now();
  endSession(studio.db, sessionId, endedAt);
  return { endedAt };
}
