/** What an operation throws, as the contract's errors say it. */
import { ORPCError } from '@orpc/server';
import { errorStatus, toStudioError } from '../../contract/errors.ts';

/** A StudioError as the RPC library's error with the same code; what it throws itself passes. */
export function asOrpcError(thrown: unknown): unknown {
  if (thrown instanceof ORPCError) return thrown;
  const error = toStudioError(thrown);
  if (error.code === 'internal') console.error(thrown);
  const { code, message, details: data } = error;
  return new ORPCError(code, { status: errorStatus[code], message, data, defined: true, cause: thrown });
}
