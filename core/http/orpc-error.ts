/** What an operation throws, as the contract's errors say it. */
import { ORPCError, ValidationError } from '@orpc/server';
import { z } from 'zod';
import { errorStatus, StudioError, toStudioError } from '../../contract/errors.ts';
import { explainInvalid } from '../../contract/explain-invalid.ts';

/** A StudioError as the RPC library's error with the same code; what it throws itself passes, but for input that the contract refuses. */
export function asOrpcError(thrown: unknown): unknown {
  const refused = refusedInput(thrown);
  if (thrown instanceof ORPCError && refused === null) return thrown;
  const error = refused ?? toStudioError(thrown);
  if (error.code === 'internal') console.error(thrown);
  const { code, message, details: data } = error;
  return new ORPCError(code, { status: errorStatus[code], message, data, defined: true, cause: thrown });
}

/** Input that does not fit the contract, in words: those of the schema where it has a sentence of its own. */
function refusedInput(thrown: unknown): StudioError | null {
  if (!(thrown instanceof ORPCError && thrown.code === 'BAD_REQUEST')) return null;
  if (!(thrown.cause instanceof ValidationError)) return null;
  const error = new z.ZodError(thrown.cause.issues as z.core.$ZodIssue[]);
  // What zod itself says has no full stop; the schemas of the contract are its own.
  const own = error.issues.find(({ message }) => message.endsWith('.'))?.message;
  return new StudioError(
    'badInput',
    own ?? `What was asked for is not as it should be: ${explainInvalid(error)}.`,
  );
}
