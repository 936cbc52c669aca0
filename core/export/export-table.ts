/** The export stage: the table a request means, as CSV in pieces, or in a file that is whole or not there. */
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StudioError } from '../../contract/errors.ts';
import type { ExportRequest } from '../../contract/exports.ts';
import type { Studio } from '../studio.ts';
import { tabulateChallenge } from './export-challenge.ts';
import { tabulateMos } from './export-mos.ts';
import { tabulateScores } from './export-scores.ts';
import { tabulateVotes } from './export-votes.ts';
import { type Table, writeCsv } from './table.ts';

/** The table of a request. @throws StudioError `notFound`, `conflict`, and `unsupported` for scores of a pack that was never trained */
export function tabulate(studio: Studio, request: ExportRequest): Table {
  switch (request.kind) {
    case 'mos':
      return tabulateMos(studio, request.mosSetId);
    case 'votes':
      return tabulateVotes(studio, request.studyId);
    case 'scores':
      return tabulateScores(studio, request.packId, request.folder);
    case 'challenge':
      return tabulateChallenge(studio, request.packId);
  }
}

/** Writes a table to `path` under a temporary name first: an export that fails or is cancelled leaves no half file. */
export async function writeExportFile(table: Table, path: string, signal?: AbortSignal): Promise<void> {
  const temporary = `${path}.${process.pid}.partial`;
  try {
    const from = Readable.from(writeCsv(table), { objectMode: false });
    await pipeline(from, createWriteStream(temporary), signal === undefined ? {} : { signal });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    const reason = error instanceof Error ? error.message : String(error);
    throw new StudioError(
      'unreadable',
      `${path} could not be written: ${reason}.`,
      { path },
      { cause: error },
    );
  }
}
