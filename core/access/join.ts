/** Raters come in: invitations are made and taken back, a code becomes a browser's token, a token says who asks. */
import type { Invitation, Invite, Join, Joined, Who } from '../../contract/access.ts';
import { StudioError } from '../../contract/errors.ts';
import {
  deleteRaterToken,
  insertInvitation,
  insertRaterToken,
  invitationByCode,
  invitationOfRater,
  listInvitations,
  listOpenCodes,
  raterOfToken,
  revokeInvitation,
  takesPart,
} from '../../db/access.ts';
import type { InvitationRow } from '../../db/schema-studies.ts';
import { saveRater } from '../../db/sittings.ts';
import { getStudyCore } from '../studies.ts';
import type { Studio } from '../studio.ts';
import type { CallContext, Caller } from './caller.ts';
import { cookieNames, cookieOf, hashToken, newJoinCode, newToken, normaliseCode } from './tokens.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** Makes codes: one a rater, or one for everybody. A rater who has a valid one keeps it. @throws StudioError `notFound`, `forbidden` */
export function inviteRaters(studio: Studio, order: Invite): Invitation[] {
  const { db } = studio;
  const study = getStudyCore(studio, order.studyId);
  if (study.origin === 'table')
    throw new StudioError('forbidden', 'The votes of this study were imported: it takes no others.');
  const made = db.transaction(() => {
    if (order.raterNames.length === 0) return [insertFor(studio, study.id, null, order.validDays * dayMs)];
    return order.raterNames.map((name) => {
      const rater = saveRater(db, name, studio.now());
      return ownInvitation(studio, { studyId: study.id, raterId: rater.id }, order.validDays * dayMs);
    });
  });
  studio.bus.changed('studies');
  const ids = new Set(made);
  return listStudyInvitations(studio, study.id).filter(({ id }) => ids.has(id));
}

function ownInvitation(studio: Studio, whose: { studyId: number; raterId: number }, validMs: number): number {
  const known = invitationOfRater(studio.db, { ...whose, now: studio.now() });
  return known?.id ?? insertFor(studio, whose.studyId, whose.raterId, validMs);
}

function insertFor({ db, now }: Studio, studyId: number, raterId: number | null, validMs: number): number {
  const code = newJoinCode();
  const at = now();
  return insertInvitation(db, {
    study_id: studyId,
    rater_id: raterId,
    code,
    created_at: at,
    expires_at: at + validMs,
  });
}

/** The invitations of a study. @throws StudioError `notFound` */
export function listStudyInvitations(studio: Studio, studyId: number): Invitation[] {
  getStudyCore(studio, studyId);
  return listInvitations(studio.db, studyId).map((row) => ({
    id: row.id,
    studyId: row.study_id,
    raterName: row.rater,
    code: row.code,
    path: `/join/${row.code}`,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    isRevoked: row.revoked_at !== null,
    joined: row.joined,
  }));
}

/** Pages that everybody can join at, by study. */
export function listOpenJoinPaths({ db, now }: Studio): { study: string; path: string }[] {
  return listOpenCodes(db, now()).map(({ study, code }) => ({ study, path: `/join/${code}` }));
}

/** Takes an invitation back: nobody joins with it any more, and who has joined with it is out. @throws StudioError `notFound` */
export function withdrawInvitation(studio: Studio, id: number): Invitation {
  const row = revokeInvitation(studio.db, id, studio.now());
  if (row === undefined)
    throw new StudioError('notFound', `There is no invitation ${id}.`, { invitationId: id });
  studio.bus.changed('studies');
  return listStudyInvitations(studio, row.study_id).find((invitation) => invitation.id === id)!;
}

/**
 * Takes a code and gives the browser a cookie. A code of a study asks for a name, and gives the rater a code of their own to come back
 * with; a name that takes part already is refused, else one rater could go on as another.
 *
 * @throws StudioError `forbidden` for a code that is not known, was taken back or has expired; `tooOften`; `conflict` for a taken name
 */
export function join(studio: Studio, context: CallContext, { code, raterName }: Join): Joined {
  const { access, address } = context;
  access?.guesses.assertMayTry(address);
  const typed = normaliseCode(code);
  if (access !== undefined && hashToken(typed) === access.ownerKeyHash) {
    context.resHeaders?.append('set-cookie', cookieOf(cookieNames.owner, typed, 30 * dayMs));
    return { role: 'owner', studyId: null, raterName: null, ownCode: null };
  }
  const invitation = invitationByCode(studio.db, typed);
  if (invitation === undefined || invitation.revoked_at !== null) {
    access?.guesses.noteFailure(address);
    throw new StudioError('forbidden', 'This code is not known here. Ask the owner of the study.');
  }
  if (invitation.expires_at <= studio.now()) {
    throw new StudioError('forbidden', 'This code has expired. Ask the owner of the study for a new one.');
  }
  const token = newToken();
  const joined = studio.db.transaction(() => enter(studio, { invitation, raterName, token }));
  const maxAgeMs = invitation.expires_at - studio.now();
  context.resHeaders?.append('set-cookie', cookieOf(cookieNames.rater, token, maxAgeMs));
  studio.bus.changed('studies');
  return joined;
}

function enter(
  studio: Studio,
  {
    invitation,
    raterName,
    token,
  }: { invitation: InvitationRow; raterName: string | undefined; token: string },
): Joined {
  const { db } = studio;
  const at = studio.now();
  const studyId = invitation.study_id;
  let own = invitation;
  if (own.rater_id === null) {
    if (raterName === undefined) throw new StudioError('badInput', 'Say how you want to be called.');
    const rater = saveRater(db, raterName, at);
    if (takesPart(db, studyId, rater.id)) {
      throw new StudioError(
        'conflict',
        `There is a rater called “${rater.name}” already. If that is you, use the code you were given; else take another name.`,
        { raterName: rater.name },
      );
    }
    ownInvitation(studio, { studyId, raterId: rater.id }, invitation.expires_at - at);
    own = invitationOfRater(db, { studyId, raterId: rater.id, now: at })!;
  }
  insertRaterToken(db, {
    hash: hashToken(token),
    invitation_id: own.id,
    study_id: studyId,
    rater_id: own.rater_id!,
    created_at: at,
    expires_at: own.expires_at,
  });
  const { name } = raterOfToken(db, hashToken(token), at)!;
  return { role: 'rater', studyId, raterName: name, ownCode: own.code };
}

/** Forgets this browser. */
export function leave(studio: Studio, context: CallContext): { role: 'guest' } {
  if (context.token !== undefined) deleteRaterToken(studio.db, hashToken(context.token));
  for (const name of Object.values(cookieNames)) {
    context.resHeaders?.append('set-cookie', cookieOf(name, '', 0));
  }
  return { role: 'guest' };
}

/** Who is asking. */
export function describeCaller({ bus }: Pick<Studio, 'bus'>, { caller, access }: CallContext): Who {
  return {
    role: caller.role,
    studyId: caller.role === 'rater' ? caller.studyId : null,
    raterName: caller.role === 'rater' ? caller.raterName : null,
    addresses: caller.role === 'owner' ? [...(access?.addresses ?? [])] : [],
    moment: bus.moment,
  };
}

/** The rater a token belongs to; a guest where it is wrong, has expired or was taken back. */
export function callerOfToken(studio: Pick<Studio, 'db' | 'now'>, token: string | undefined): Caller {
  if (token === undefined || token === '') return { role: 'guest' };
  const known = raterOfToken(studio.db, hashToken(token), studio.now());
  if (known === undefined) return { role: 'guest' };
  return { role: 'rater', studyId: known.study_id, raterId: known.rater_id, raterName: known.name };
}
