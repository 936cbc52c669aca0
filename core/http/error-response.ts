/** Errors on their way out: the same closed codes as HTTP statuses, for routes outside the contract. */
import { errorStatus, toStudioError } from '../../contract/errors.ts';

/** A thrown value as a JSON response with code, message and details. */
export function errorResponse(thrown: unknown): Response {
  const { code, message, details } = toStudioError(thrown);
  return Response.json({ code, message, details }, { status: errorStatus[code] });
}
