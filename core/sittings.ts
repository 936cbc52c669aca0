/** Sittings: a rater opens a session, gets what is laid out for them, goes on where they stopped, and ends it. */
import { StudioError } from '../contract/errors.ts';
import type { OpenSession, RatingSession, SessionNote } from '../contract/studies.ts';
import {
  countPresentations,
  endSession,
  insertSession,
  insertSessionNote,
  lastSessionOf,
  raterByName,
  type SessionRow,
  saveRater,
  sessionById,
} from '../db/sittings.ts';
import { layOut } from './lay-out.ts';
import { readCards } from './sitting-cards.ts';
import { getStudyCore, type StudyCore } from './studies.ts';
import type { Studio } from './studio.ts';

/** A page that is loaded again within this time goes on with its sitting. */
const samePageMs = 5 * 60_000;
const minuteMs = 60_000;

/**
 * Begins a sitting. A new rater gets an order of their own, drawn from the study's seed and their name, so that it can be drawn again; a
 * rater who comes back goes on at the first presentation with a dimension still open, or is given what is next.
 *
 * @throws StudioError `notFound`; `conflict` while the rater is to rest; `forbidden` for a rater whom a study pack does not name
 */
export function openSession(studio: Studio, order: OpenSession): RatingSession {
  const { db, now } = studio;
  const study = getStudyCore(studio, order.studyId);
  const { rater, sessionId, sittingAt } = db.transaction(() => {
    const known = findRater(studio, study, order.raterName);
    const last = lastSessionOf(db, study.id, known.id);
    const startedAt = now();
    const beganAt = last === undefined ? startedAt : continueSitting(study, last, startedAt);
    layOut(studio, study, known);
    const id = insertSession(db, {
      study_id: study.id,
      rater_id: known.id,
      started_at: startedAt,
      client: JSON.stringify(describeClient(order, study)),
      sitting_at: beganAt,
    });
    return { rater: known, sessionId: id, sittingAt: beganAt };
  });
  const { dimensions, instructions, plan } = study.design;
  const cards = readCards(studio, study, { raterId: rater.id, sittingAt });
  return {
    sessionId,
    studyId: study.id,
    raterName: rater.name,
    design: { dimensions, instructions },
    ...cards,
    rules: {
      capMs: plan.sittings.capMinutes * minuteMs,
      breakEveryMs:
        plan.sittings.breakEveryMinutes === null ? null : plan.sittings.breakEveryMinutes * minuteMs,
      allowsTies: plan.pairs.allowsTies,
      allowsSkips: plan.pairs.allowsSkips,
      passes: plan.passes,
      viewing: plan.viewing,
    },
    startedAt: sittingAt,
  };
}

/** What the session is rated on; where the plan says how images are shown, that is how. */
function describeClient({ client }: OpenSession, study: StudyCore): OpenSession['client'] {
  const { size } = study.design.plan.viewing;
  return size === 'chosen' ? client : { ...client, zoom: size };
}

function findRater(studio: Studio, study: StudyCore, name: string): { id: number; name: string } {
  if (study.origin === 'own') return saveRater(studio.db, name, studio.now());
  if (study.origin === 'table') {
    throw new StudioError('forbidden', 'The votes of this study were imported: it takes no others.');
  }
  const known = raterByName(studio.db, name);
  if (known === undefined || countPresentations(studio.db, study.id, known.id) === 0) {
    throw new StudioError('forbidden', `This study pack assigns nothing to “${name}”.`, { raterName: name });
  }
  return known;
}

/** When the sitting began that a new session belongs to. @throws StudioError `conflict` while the rater is to rest */
function continueSitting(
  study: StudyCore,
  last: SessionRow & { last_vote_at: number | null },
  startedAt: number,
): number {
  const { capMinutes, restMinutes } = study.design.plan.sittings;
  const beganAt = last.sitting_at ?? last.started_at;
  const endedAt = Math.max(last.started_at, last.last_vote_at ?? 0, last.ended_at ?? 0);
  const wasFull = endedAt - beganAt >= capMinutes * minuteMs;
  if (!wasFull) return startedAt - endedAt < samePageMs ? beganAt : startedAt;
  const restedAt = endedAt + restMinutes * minuteMs;
  if (startedAt >= restedAt) return startedAt;
  const minutes = Math.ceil((restedAt - startedAt) / minuteMs);
  throw new StudioError('conflict', `This sitting is over. Rest for ${minutes} more minutes, then go on.`, {
    restedAt,
  });
}

/** Whether a sitting has reached its cap. */
export function isSittingOver(study: StudyCore, session: SessionRow, at: number): boolean {
  return at - (session.sitting_at ?? session.started_at) >= study.design.plan.sittings.capMinutes * minuteMs;
}

/** A session that is open. @throws StudioError `notFound`, `conflict` for one that was closed */
export function getOpenSession({ db }: Pick<Studio, 'db'>, sessionId: number): SessionRow {
  const session = getSession({ db }, sessionId);
  if (session.ended_at === null) return session;
  throw new StudioError('conflict', 'This session is closed. Open the study again to go on.', { sessionId });
}

/** @throws StudioError `notFound` */
export function getSession({ db }: Pick<Studio, 'db'>, sessionId: number): SessionRow {
  const session = sessionById(db, sessionId);
  if (session !== undefined) return session;
  throw new StudioError('notFound', `There is no session ${sessionId}.`, { sessionId });
}

/** Ends a sitting; its votes stay, and the rater can open another. */
export function closeSession(studio: Studio, sessionId: number): { endedAt: number } {
  const session = getSession(studio, sessionId);
  const endedAt = session.ended_at ?? studio.now();
  endSession(studio.db, sessionId, endedAt);
  return { endedAt };
}

/** Keeps what happened in a session beside votes: a pause, another window size, a viewing check. The same key twice is one note. */
export function noteInSession(studio: Studio, note: SessionNote): { key: string } {
  const { id } = getSession(studio, note.sessionId);
  insertSessionNote(studio.db, {
    session_id: id,
    key: note.key,
    kind: note.kind,
    at: note.at,
    duration_ms: note.durationMs,
    detail: JSON.stringify(note.detail),
  });
  return { key: note.key };
}
