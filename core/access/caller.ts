/** Who asks, and whether they may: every operation, image and session is held against this. */
import type { OperationRole } from '../../contract/access.ts';
import { StudioError } from '../../contract/errors.ts';
import type { OpenSession } from '../../contract/studies.ts';
import { isShownInStudy } from '../../db/studies.ts';
import { getSession } from '../sittings.ts';
import type { Studio } from '../studio.ts';

export type Caller =
  | { role: 'owner' }
  | { role: 'rater'; studyId: number; raterId: number; raterName: string }
  | { role: 'guest' };

/** What comes with every request to the operations. */
export interface CallContext {
  caller: Caller;
  /** Where the request comes from; guesses of codes are counted by it. */
  address: string;
  /** The door's own part in access; absent where only the owner comes in. */
  access?: DoorAccess;
  /** Headers of the answer, for cookies. */
  resHeaders?: Headers;
  /** The token the request came with. */
  token?: string;
  /** Where an operation leaves an answer that it has as JSON already; absent where the answer is wanted as it is. */
  written?: { json: Uint8Array | null };
}

/** What a door that others reach knows beside the library. */
export interface DoorAccess {
  /** SHA-256 of the owner's key, which this run of the door has made. */
  ownerKeyHash: string;
  /** Where raters reach the door. */
  addresses: readonly string[];
  /** Counts wrong codes. @throws StudioError `tooOften` */
  guesses: { assertMayTry(address: string): void; noteFailure(address: string): void };
}

/** For doors that only the owner comes through: the window, the command line. */
export const ownerContext: CallContext = { caller: { role: 'owner' }, address: 'this machine' };

/** @throws StudioError `forbidden` */
export function assertRole(caller: Caller, needed: OperationRole): void {
  const isAllowed =
    needed === 'anyone' || caller.role === 'owner' || (needed === 'rater' && caller.role === 'rater');
  if (isAllowed) return;
  throw new StudioError(
    'forbidden',
    caller.role === 'guest'
      ? 'Join first: open the link or type the code that the study’s owner gave you.'
      : 'Only the owner of this studio can do that.',
  );
}

/** The order as the caller may give it: a rater opens their own study under their own name. @throws StudioError `forbidden` */
export function asOwnSession(caller: Caller, order: OpenSession): OpenSession {
  if (caller.role !== 'rater') return order;
  if (order.studyId !== caller.studyId) throw foreign('study');
  return { ...order, raterName: caller.raterName };
}

/** @throws StudioError `forbidden` for a rater and a session that is not theirs, `notFound` */
export function assertOwnSession(studio: Studio, caller: Caller, sessionId: number): void {
  if (caller.role !== 'rater') return;
  const session = getSession(studio, sessionId);
  if (session.study_id !== caller.studyId || session.rater_id !== caller.raterId) throw foreign('session');
}

/** @throws StudioError `forbidden` where a rater asks for an image that their study does not show */
export function assertOwnImage(studio: Studio, caller: Caller, imageId: number): void {
  assertRole(caller, 'rater');
  if (caller.role === 'rater' && !isShownInStudy(studio.db, caller.studyId, imageId)) throw foreign('image');
}

function foreign(what: string): StudioError {
  return new StudioError('forbidden', `This ${what} is not yours.`);
}
