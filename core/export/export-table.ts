/** The export stage: the file a request means, in pieces, or on disk whole or not there. */
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StudioError } from '../../contract/errors.ts';
import { type ComputedExport, computedExports, type ExportRequest } from '../../contract/exports.ts';
import { manifestOf } from '../../db/studies.ts';
import { describeManifest } from '../freeze-study.ts';
import { getStudyCore } from '../studies.ts';
import type { Studio } from '../studio.ts';
import { describeResults } from '../study-pack/results.ts';
import { tabulateChallenge } from './export-challenge.ts';
import { fileStem, tabulateMos } from './export-mos.ts';
import { tabulatePairs } from './export-pairs.ts';
import { tabulateScores } from './export-scores.ts';
import { tabulateStatistics } from './export-statistics.ts';
import { tabulateVoteMatrix, writeP910, writeSureal } from './export-vote-matrix.ts';
import { tabulateVotes } from './export-votes.ts';
import { asCsvFile, type Table, type TextFile } from './table.ts';

type FileKind = 'p910' | 'sureal' | 'results' | 'design';
type StoredExport = Exclude<ExportRequest, ComputedExport>;
/** Exports that are tables with a header. */
export type TableRequest = Exclude<StoredExport, { kind: FileKind }>;

/** The file of any request. @throws StudioError as `describeExport`, and `badInput` for scores of a study without pairs and the like */
export async function openExport(studio: Studio, request: ExportRequest): Promise<TextFile> {
  return isComputed(request)
    ? asCsvFile(await tabulateStatistics(studio, request))
    : describeExport(studio, request);
}

function isComputed(request: ExportRequest): request is ComputedExport {
  return computedExports.some((kind) => kind === request.kind);
}

/** The file of a request. @throws StudioError as `tabulate`, and `badInput` for a dimension that the study does not have */
export function describeExport(studio: Studio, request: StoredExport): TextFile {
  switch (request.kind) {
    case 'p910':
      return writeP910(studio, request.studyId, request.dimension);
    case 'sureal':
      return writeSureal(studio, request.studyId, request.dimension);
    case 'results': {
      const results = describeResults(studio, request.studyId);
      const fileName = `${fileStem(results.study.name)} results.json`;
      return { fileName, mediaType: 'application/json', text: [JSON.stringify(results)] };
    }
    case 'design': {
      const study = getStudyCore(studio, request.studyId);
      const text = manifestOf(studio.db, study.id) ?? JSON.stringify(describeManifest(studio, study));
      return { fileName: `${fileStem(study.name)} design.json`, mediaType: 'application/json', text: [text] };
    }
    default:
      return asCsvFile(tabulate(studio, request));
  }
}

/** The table of a request. @throws StudioError `notFound`, `conflict`, and `unsupported` for scores of a pack that was never trained */
export function tabulate(studio: Studio, request: TableRequest): Table {
  switch (request.kind) {
    case 'mos':
      return tabulateMos(studio, request.mosSetId);
    case 'votes':
      return tabulateVotes(studio, request.studyId);
    case 'scores':
      return tabulateScores(studio, request.packId, request.folder);
    case 'challenge':
      return tabulateChallenge(studio, request.packId);
    case 'pairs':
      return tabulatePairs(studio, request.studyId);
    case 'matrix':
      return tabulateVoteMatrix(studio, request.studyId, request.dimension);
  }
}

/** Writes a file to `path` under a temporary name first: an export that fails or is cancelled leaves no half file. */
export async function writeExportFile(file: TextFile, path: string, signal?: AbortSignal): Promise<void> {
  const temporary = `${path}.${process.pid}.partial`;
  try {
    const from = Readable.from(file.text, { objectMode: false });
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
