/** Counted votes of one dimension as others' tools read them: a matrix with names, bare numbers for the P.910 toolkit, sureal's JSON. */
import { type MatrixVote, matrixVotes } from '../../db/votes.ts';
import { findDimension, getStudyCore } from '../studies.ts';
import type { Studio } from '../studio.ts';
import { fileStem } from './file-stem.ts';
import { type Cell, columnsOf, type OutFile, type Table } from './table.ts';

interface VoteMatrix {
  name: string;
  dimension: string;
  raters: string[];
  images: { name: string; hash: string | null; prompt: string | null; votes: Map<string, number> }[];
}

/** Images in the order of the library, raters by name. @throws StudioError `notFound`, `badInput` for a dimension that is not asked */
function readMatrix(studio: Studio, studyId: number, wanted: string | undefined): VoteMatrix {
  const study = getStudyCore(studio, studyId);
  const { key: dimension } = findDimension(study, wanted);
  const rows = matrixVotes(studio.db, studyId, dimension);
  const images = [...Map.groupBy(rows, ({ image_id }) => image_id).values()].map((own: MatrixVote[]) => ({
    name: own[0]!.image,
    hash: own[0]!.hash,
    prompt: own[0]!.prompt,
    votes: new Map(own.map(({ rater, value }) => [rater, value])),
  }));
  const raters = [...new Set(rows.map(({ rater }) => rater))].sort();
  return { name: study.name, dimension, raters, images };
}

/** `image,sha256` and a column a rater; an empty cell where there is no vote. */
export function tabulateVoteMatrix(studio: Studio, studyId: number, dimension?: string): Table {
  const matrix = readMatrix(studio, studyId, dimension);
  const rows = matrix.images.map(({ name, hash, votes }): Cell[] => [
    name,
    hash,
    ...matrix.raters.map((rater) => votes.get(rater) ?? null),
  ]);
  const columns = [...columnsOf('text', ['image', 'sha256']), ...columnsOf('number', matrix.raters)];
  return { name: `${fileStem(matrix.name)} ${matrix.dimension} matrix`, columns, rows };
}

/** Rows are images, columns raters, `nan` where there is no vote, no names: the input of the ITU-T P.910 toolkit. */
export function writeP910(studio: Studio, studyId: number, dimension?: string): OutFile {
  const matrix = readMatrix(studio, studyId, dimension);
  function* lines(): Generator<string> {
    for (const { votes } of matrix.images) {
      yield `${matrix.raters.map((rater) => formatP910(votes.get(rater))).join(',')}\n`;
    }
  }
  const fileName = `${fileStem(matrix.name)} ${matrix.dimension} P910.csv`;
  return { fileName, mediaType: 'text/csv; charset=utf-8', content: lines() };
}

/** As Python writes floats. */
function formatP910(value: number | undefined): string {
  if (value === undefined) return 'nan';
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/**
 * A dataset of Netflix's sureal in its JSON form: contents are prompts, `os` holds the scores by subject. `path` is the image's file name.
 * An image without a prompt is a content of its own.
 */
export function writeSureal(studio: Studio, studyId: number, dimension?: string): OutFile {
  const matrix = readMatrix(studio, studyId, dimension);
  const contents = new Map<string, { content_id: number; content_name: string; path: string }>();
  const images = matrix.images.map(({ name, hash, prompt, votes }, at) => {
    const key = prompt ?? `\0${at}`;
    const known = contents.get(key);
    const content = known ?? { content_id: contents.size, content_name: prompt ?? '', path: name };
    contents.set(key, content);
    const os = Object.fromEntries(
      matrix.raters.flatMap((rater) => (votes.has(rater) ? [[rater, votes.get(rater)!]] : [])),
    );
    const hashed = hash === null ? {} : { sha256: hash };
    return { asset_id: at, content_id: content.content_id, path: name, ...hashed, os };
  });
  const dataset = {
    dataset_name: matrix.name,
    dimension: matrix.dimension,
    ref_videos: [...contents.values()],
    dis_videos: images,
  };
  const fileName = `${fileStem(matrix.name)} ${matrix.dimension} sureal.json`;
  return { fileName, mediaType: 'application/json', content: [`${JSON.stringify(dataset, null, 1)}\n`] };
}
