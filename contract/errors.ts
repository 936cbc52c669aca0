/** The one error of the studio: a closed list of codes, each with what a program and what a person can do about it. */
import type { z } from 'zod';
import { explainInvalid } from './explain-invalid.ts';

/** Every code an operation can answer with, and the HTTP status it travels under. */
export const errorStatus = {
  badInput: 400,
  forbidden: 403,
  notFound: 404,
  conflict: 409,
  tooLarge: 413,
  tooOften: 429,
  unsupported: 422,
  unreadable: 422,
  checkpointInvalid: 422,
  libraryLocked: 423,
  libraryNewer: 409,
  libraryDamaged: 500,
  modelsUnavailable: 503,
  offline: 503,
  diskFull: 507,
  unwritable: 507,
  cancelled: 499,
  internal: 500,
} as const;

export type ErrorCode = keyof typeof errorStatus;

/** Facts that help to find the place: a path, a line, a column, an id. Plain data, safe to show. */
export type ErrorDetails = Record<string, string | number | boolean | null>;

/**
 * What went wrong, where, and what to do, in one sentence or two that a person can read.
 * The code is for programs; `details` points at the place.
 */
export class StudioError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StudioError';
    this.code = code;
    this.details = details;
  }
}

/** Any thrown value as a StudioError: an abort is `cancelled`; what else is not one already becomes `internal` and keeps its cause. */
export function toStudioError(thrown: unknown): StudioError {
  if (thrown instanceof StudioError) return thrown;
  if (thrown instanceof Error && thrown.name === 'AbortError') {
    return new StudioError('cancelled', 'The question was withdrawn.', {}, { cause: thrown });
  }
  const refused = refusedByDisk(thrown);
  if (refused !== null) return new StudioError(refused, ofDisk[refused], {}, { cause: thrown });
  const message = isInvalid(thrown)
    ? `What is stored, or came from outside, is not as it should be: ${explainInvalid(thrown)}.`
    : thrown instanceof Error
      ? thrown.message
      : String(thrown);
  return new StudioError('internal', message, {}, { cause: thrown });
}

const ofDisk = {
  diskFull:
    'The disk of the library is full: this was not stored, what was stored before is kept. Make room, then do it again.',
  unwritable:
    'The disk of the library can only be read now, was taken away, or fails: this was not stored, what was stored before is kept. See to the disk, then do it again.',
};

/** Whether SQLite could not do something because of the library's disk; null where it was for another reason. */
export function refusedByDisk(thrown: unknown): 'diskFull' | 'unwritable' | null {
  const code = systemCodeOf(thrown);
  if (code === 'SQLITE_FULL') return 'diskFull';
  return /^SQLITE_(IOERR|READONLY)/.test(code) ? 'unwritable' : null;
}

/** What the system, or SQLite, calls what went wrong, such as `ENOSPC`; empty where it gave no name. */
export function systemCodeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
}

/** By its name: threads that need no schema do not load the library for it. */
function isInvalid(thrown: unknown): thrown is z.ZodError {
  return thrown instanceof Error && thrown.name === 'ZodError' && 'issues' in thrown;
}
