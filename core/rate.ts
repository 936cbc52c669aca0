/** Votes, on single images and on pairs: checked against the frozen design, and acknowledged once they are on disk. */
import { StudioError } from '../contract/errors.ts';
import type { Dimension, NewPairVote, NewVote, VoteReceipt } from '../contract/studies.ts';
import { commitTogether } from '../db/group-commit.ts';
import { type PresentationPlace, presentationById, type SessionRow } from '../db/sittings.ts';
import {
  currentVote,
  insertPairVote,
  insertVote,
  type PairVoteRow,
  pairVoteByKey,
  type VoteRow,
  voteByKey,
} from '../db/votes.ts';
import { isOnScale } from './check-study.ts';
import { freeze } from './freeze-study.ts';
import { getOpenSession, getSession, isSittingOver } from './sittings.ts';
import { findDimension, getStudyCore, type StudyCore } from './studies.ts';
import type { Studio } from './studio.ts';
import { updateMos } from './study-mos.ts';

/**
 * Stores a vote and the MOS that follows from it in one transaction; answers once that is on disk. A second vote on the same
 * presentation and dimension supersedes the first, which stays. The same key twice is one vote. The first vote of all freezes the study.
 *
 * @throws StudioError `notFound`, `badInput` for a value the scale does not have, `conflict` for a closed session or a reused key
 */
export async function castVote(studio: Studio, vote: NewVote): Promise<VoteReceipt> {
  const { db, bus } = studio;
  const receipt = await commitTogether(db, (follow) => {
    const known = voteByKey(db, vote.key);
    if (known !== undefined)
      return receiptOfKnown(studio, { known, isSame: known.value === vote.value }, vote);
    const place = findPlace(studio, vote);
    const { study, presentation, dimension } = place;
    assertMethod(study, 'single images');
    if (!isOnScale(vote.value, dimension.scale)) {
      throw new StudioError('badInput', `${vote.value} is not on the scale of “${dimension.label}”.`, {
        dimension: vote.dimension,
        value: vote.value,
      });
    }
    freeze(studio, study);
    const row = describeCast(studio, vote, currentVote(db, 'current_vote', vote));
    const voteId = insertVote(db, { ...row, value: vote.value });
    if (presentation.role === 'main') {
      const rated = { imageId: presentation.image_id, dimension: vote.dimension };
      follow(`${study.id} ${rated.imageId} ${rated.dimension}`, () => updateMos(studio, study, rated));
    }
    return describeReceipt(place, { voteId, castAt: row.cast_at, supersedes: row.supersedes });
  });
  bus.changed('votes', 'mos');
  return receipt;
}

/**
 * Stores a choice between two images; all else as `castVote`.
 *
 * @throws StudioError as `castVote`; `badInput` for a tie or a skip that the study does not allow
 */
export async function castPairVote(studio: Studio, vote: NewPairVote): Promise<VoteReceipt> {
  const { db, bus } = studio;
  const receipt = await commitTogether(db, () => {
    const known = pairVoteByKey(db, vote.key);
    if (known !== undefined)
      return receiptOfKnown(studio, { known, isSame: known.choice === vote.choice }, vote);
    const place = findPlace(studio, vote);
    const { study } = place;
    assertMethod(study, 'pairs');
    const { allowsTies, allowsSkips } = study.design.plan.pairs;
    if ((vote.choice === 'tie' && !allowsTies) || (vote.choice === 'skip' && !allowsSkips)) {
      throw new StudioError('badInput', `This study does not allow “${vote.choice}”.`, {
        choice: vote.choice,
      });
    }
    freeze(studio, study);
    const row = describeCast(studio, vote, currentVote(db, 'current_pair_vote', vote));
    const voteId = insertPairVote(db, { ...row, choice: vote.choice });
    return describeReceipt(place, { voteId, castAt: row.cast_at, supersedes: row.supersedes });
  });
  bus.changed('votes');
  return receipt;
}

type AnyVote = Omit<NewVote, 'value'>;

/** The columns that both kinds of votes have. A correction is later than what it corrects, whatever the clock says. */
function describeCast(
  { now }: Studio,
  vote: AnyVote,
  before: { id: number; cast_at: number } | undefined,
): Omit<VoteRow, 'value'> {
  return {
    presentation_id: vote.presentationId,
    session_id: vote.sessionId,
    dimension: vote.dimension,
    key: vote.key,
    shown_ms: vote.shownMs,
    key_ms: vote.keyMs ?? null,
    paused_ms: vote.pausedMs ?? null,
    cast_at: Math.max(now(), (before?.cast_at ?? 0) + 1),
    supersedes: before?.id ?? null,
  };
}

function receiptOfKnown(
  studio: Studio,
  { known, isSame }: { known: (VoteRow | PairVoteRow) & { id: number }; isSame: boolean },
  vote: AnyVote,
): VoteReceipt {
  if (!isSame || known.presentation_id !== vote.presentationId || known.dimension !== vote.dimension) {
    throw new StudioError('conflict', 'This key belongs to another vote.', { key: vote.key });
  }
  const session = getSession(studio, known.session_id);
  const study = getStudyCore(studio, session.study_id);
  return describeReceipt(
    { study, session },
    { voteId: known.id, castAt: known.cast_at, supersedes: known.supersedes },
  );
}

function describeReceipt(
  { study, session }: { study: StudyCore; session: SessionRow },
  receipt: { voteId: number; castAt: number; supersedes: number | null },
): VoteReceipt {
  return { ...receipt, isSittingOver: isSittingOver(study, session, receipt.castAt) };
}

interface Place {
  study: StudyCore;
  session: SessionRow;
  presentation: PresentationPlace;
  dimension: Dimension;
}

/** Where a vote belongs. @throws StudioError `notFound`, `conflict`, `badInput` */
function findPlace(studio: Studio, vote: AnyVote): Place {
  const session = getOpenSession(studio, vote.sessionId);
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
  const study = getStudyCore(studio, session.study_id);
  return { study, session, presentation, dimension: findDimension(study, vote.dimension) };
}

function assertMethod(study: StudyCore, what: 'single images' | 'pairs'): void {
  const isPairs = study.design.plan.method === 'pairs';
  if (isPairs === (what === 'pairs')) return;
  throw new StudioError('badInput', `This study does not ask for votes on ${what}.`, { studyId: study.id });
}
