/** The export stage: the file that a request means, in pieces. */
import { type ComputedExport, computedExports, type ExportRequest } from '../../contract/exports.ts';
import { manifestOf } from '../../db/studies.ts';
import { describeManifest } from '../freeze-study.ts';
import { getStudyCore } from '../studies.ts';
import type { Studio } from '../studio.ts';
import { describeResults } from '../study-pack/results.ts';
import { encodeTable } from './encode-table.ts';
import { tabulateChallenge } from './export-challenge.ts';
import { tabulateMos } from './export-mos.ts';
import { tabulatePairs } from './export-pairs.ts';
import { tabulateScores } from './export-scores.ts';
import { tabulateStatistics } from './export-statistics.ts';
import { tabulateVoteMatrix, writeP910, writeSureal } from './export-vote-matrix.ts';
import { tabulateVotes } from './export-votes.ts';
import { fileStem } from './file-stem.ts';
import type { OutFile, Table } from './table.ts';

type FileKind = 'p910' | 'sureal' | 'results' | 'design';
type StoredExport = Exclude<ExportRequest, ComputedExport>;
/** Exports that are tables with a header. */
export type TableRequest = Exclude<StoredExport, { kind: FileKind }>;

/** The file of any request. @throws StudioError as `describeExport`, and `badInput` for scores of a study without pairs and the like */
export async function openExport(studio: Studio, request: ExportRequest): Promise<OutFile> {
  return isComputed(request)
    ? encodeTable(await tabulateStatistics(studio, request), request.format ?? 'csv')
    : await describeExport(studio, request);
}

function isComputed(request: ExportRequest): request is ComputedExport {
  return computedExports.some((kind) => kind === request.kind);
}

/** The file of a request. @throws StudioError as `tabulate`, and `badInput` for a dimension that the study does not have */
export async function describeExport(studio: Studio, request: StoredExport): Promise<OutFile> {
  switch (request.kind) {
    case 'p910':
      return writeP910(studio, request.studyId, request.dimension);
    case 'sureal':
      return writeSureal(studio, request.studyId, request.dimension);
    case 'results': {
      const results = describeResults(studio, request.studyId);
      const fileName = `${fileStem(results.study.name)} results.json`;
      return { fileName, mediaType: 'application/json', content: [JSON.stringify(results)] };
    }
    case 'design': {
      const study = getStudyCore(studio, request.studyId);
      const text = manifestOf(studio.db, study.id) ?? JSON.stringify(describeManifest(studio, study));
      return {
        fileName: `${fileStem(study.name)} design.json`,
        mediaType: 'application/json',
        content: [text],
      };
    }
    default:
      return encodeTable(
        await tabulate(studio, request),
        'format' in request ? (request.format ?? 'csv') : 'csv',
      );
  }
}

/** The table of a request. @throws StudioError `notFound`, `conflict`, and `unsupported` for scores of a pack that was never trained */
export async function tabulate(studio: Studio, request: TableRequest): Promise<Table> {
  switch (request.kind) {
    case 'mos':
      return await tabulateMos(studio, request.mosSetId);
    case 'votes':
      return await tabulateVotes(studio, request.studyId);
    case 'scores':
      return await tabulateScores(studio, request.packId, request.folder);
    case 'challenge':
      return tabulateChallenge(studio, request.packId);
    case 'pairs':
      return tabulatePairs(studio, request.studyId);
    case 'matrix':
      return tabulateVoteMatrix(studio, request.studyId, request.dimension);
  }
}
