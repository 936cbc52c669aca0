/** Why a file could not be scored, as a closed code and a sentence for people. */
import { StudioError } from '../../contract/errors.ts';
import type { FileFailure } from '../messages.ts';

/**
 * `empty`: no bytes · `unsupported`: no picture · `damaged`: a picture that cannot be decoded whole · `tooManyPixels`, `tooManyBytes`: beyond
 * the limits of the settings · `unreadable`: the system does not let it be read · `internal`: not the file's fault, as far as is known.
 * (The engine adds `crashed` and `notAFile`.)
 */
export function describeFailure(thrown: unknown): FileFailure {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: codeOf(thrown), message: message.replaceAll(/\s+/g, ' ').slice(0, 500) };
}

function codeOf(thrown: unknown): string {
  if (!(thrown instanceof StudioError)) return 'internal';
  if ('maxPixels' in thrown.details) return 'tooManyPixels';
  if ('maxBytes' in thrown.details) return 'tooManyBytes';
  if (thrown.details['sizeBytes'] === 0) return 'empty';
  if (thrown.code === 'unsupported') return 'unsupported';
  return 'system' in thrown.details ? 'unreadable' : 'damaged';
}
