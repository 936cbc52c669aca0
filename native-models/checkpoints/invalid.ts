/** How the readers say that a checkpoint is not what it should be. */
import { type ErrorDetails, StudioError } from '../../contract/errors.ts';

/** A `checkpointInvalid` error to throw; the message says what, where and what to do. */
export function invalid(message: string, details: ErrorDetails = {}): StudioError {
  return new StudioError('checkpointInvalid', message, details);
}

/** Text from a file, shortened and made safe to show. */
export function quote(text: string): string {
  const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return JSON.stringify(shown);
}

/** Bytes as people say them: `3.9 GB`. */
export function showBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const step = bytes < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3));
  return `${step === 0 ? bytes : (bytes / 1000 ** step).toFixed(1)} ${units[step]}`;
}
