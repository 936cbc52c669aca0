/** What the votes of a study say, as tables: MOS under each method, how much each changes, doubts about raters, scores of pairs. */
import type { ComputedExport } from '../../contract/exports.ts';
import { AskStatistics, type StudyStatistics } from '../../contract/study-statistics.ts';
import { imageNames } from '../../db/images.ts';
import { getStudyCore } from '../studies.ts';
import type { Studio } from '../studio.ts';
import { readPairStatistics, readStatistics } from '../study-statistics.ts';
import { fileStem } from './file-stem.ts';
import { type Cell, columnsOf, type Table } from './table.ts';

/** The table of a request. @throws StudioError as `readStatistics`, `readPairStatistics` */
export async function tabulateStatistics(studio: Studio, request: ComputedExport): Promise<Table> {
  const { kind, studyId, dimension } = request;
  const ask = AskStatistics.parse({ studyId, dimension, withReliability: false });
  const { name } = getStudyCore(studio, studyId);
  if (kind === 'pairScores') {
    const scores = await readPairStatistics(studio, ask);
    return {
      name: nameOf(name, scores.dimension, 'pair scores'),
      ...tabulatePairScores(studio, scores),
    };
  }
  const statistics = await readStatistics(studio, ask);
  const tables = {
    estimates: tabulateEstimates,
    comparison: tabulateComparison,
    screening: tabulateScreening,
  };
  const table = tables[kind](studio, statistics);
  return { name: nameOf(name, statistics.dimension, fileWords[kind]), ...table };
}

const fileWords = { estimates: 'MOS by method', comparison: 'methods', screening: 'screening' };

function nameOf(study: string, dimension: string, what: string): string {
  return `${fileStem(study)} ${dimension} ${what}`;
}

type Columns = Omit<Table, 'name'>;

/** Names of methods in snake case, as columns go: `without_bt500`. */
function columnName(method: string): string {
  return method.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * `image,sha256,n,mos,sd,ci95,z_mos,z_mos_0_100[,dmos,dmos_ci95]` of the raters that count, then `mos_…,ci95_…` under each method; `ci95` is
 * half of the interval.
 */
function tabulateEstimates({ db }: Studio, { images, estimates }: StudyStatistics): Columns {
  const dmos: [string, (number | null)[]][] =
    images.dmos.length === 0
      ? []
      : [
          ['dmos', images.dmos],
          ['dmos_ci95', images.dmosHalf],
        ];
  const numbers: [string, (number | null)[]][] = [
    ['mos', images.mos],
    ['sd', images.sd],
    ['ci95', images.half],
    ['z_mos', images.zMos],
    ['z_mos_0_100', images.rescaled],
    ...dmos,
    ...estimates.flatMap(({ name, mos, half }): [string, (number | null)[]][] => {
      const column = name === 'mos' ? 'all_raters' : columnName(name);
      return [
        [`mos_${column}`, mos],
        [`ci95_${column}`, half],
      ];
    }),
  ];
  const names = imageNames(db, images.imageId);
  function* rows(): Generator<Cell[]> {
    for (const [at, id] of images.imageId.entries()) {
      const { name = null, hash = null } = names.get(id) ?? {};
      yield [name, hash, images.n[at]!, ...numbers.map(([, column]) => column[at] ?? null)];
    }
  }
  const columns = [
    ...columnsOf('text', ['image', 'sha256']),
    ...columnsOf('integer', ['n']),
    ...columnsOf(
      'number',
      numbers.map(([column]) => column),
    ),
  ];
  return { columns, rows: rows() };
}

/** One row a method, against the plain MOS of all raters, in units of the scale. */
function tabulateComparison({ db }: Studio, { estimates, recovery }: StudyStatistics): Columns {
  const names = imageNames(
    db,
    estimates.flatMap(({ largest }) => largest?.imageId ?? []),
  );
  const rows = estimates.map(({ name, raters, rmsChange, largest, srcc }): Cell[] => [
    name === 'mos' ? 'all_raters' : columnName(name),
    raters,
    rmsChange,
    largest?.change ?? null,
    (largest && names.get(largest.imageId)?.name) ?? null,
    srcc,
    name === 'recovered' ? recovery.why : null,
  ]);
  const columns = [
    ...columnsOf('text', ['method']),
    ...columnsOf('integer', ['raters']),
    ...columnsOf('number', ['rms_change', 'largest_change']),
    ...columnsOf('text', ['largest_image']),
    ...columnsOf('number', ['srcc']),
    ...columnsOf('text', ['note']),
  ];
  return { columns, rows };
}

/** One row a rater. */
function tabulateScreening(_studio: Studio, { raters }: StudyStatistics): Columns {
  const sentences = (flags: readonly { method: string; evidence: string }[]) =>
    flags.map(({ method, evidence }) => `${method}: ${evidence}`).join(' ');
  const rows = raters.map((rater): Cell[] => {
    const last = rater.decisions.at(-1);
    return [
      ...[rater.name, rater.votes, rater.bias],
      ...[rater.inconsistency, rater.inconsistencyLow, rater.inconsistencyHigh],
      ...[rater.repeats, rater.repeatSd],
      ...[sentences(rater.flags), rater.unjudged, sentences(rater.byTheBook)],
      ...(last === undefined ? [null, null] : [last.isExcluded ? 'left out' : 'counted', last.reason]),
    ];
  });
  const columns = [
    ...columnsOf('text', ['rater']),
    ...columnsOf('integer', ['votes']),
    ...columnsOf('number', ['bias', 'inconsistency', 'inconsistency_low', 'inconsistency_high']),
    ...columnsOf('integer', ['repeats']),
    ...columnsOf('number', ['repeat_sd']),
    ...columnsOf('text', ['doubts', 'unjudged', 'rejected_by_the_book', 'decision', 'reason']),
  ];
  return { columns, rows };
}

/** One row an image: scores by Bradley–Terry (or Davidson) and by Thurstone's case V. */
function tabulatePairScores(
  { db }: Studio,
  { images }: Awaited<ReturnType<typeof readPairStatistics>>,
): Columns {
  const names = imageNames(
    db,
    images.map(({ imageId }) => imageId),
  );
  const rows = images.map(({ imageId, score, low, high, thurstone }): Cell[] => {
    const { name = null, hash = null } = names.get(imageId) ?? {};
    const other = thurstone ?? { score: null, low: null, high: null };
    return [name, hash, score, low, high, other.score, other.low, other.high];
  });
  const models = ['bradley_terry', 'thurstone'].flatMap((model) => [model, `${model}_low`, `${model}_high`]);
  return { columns: [...columnsOf('text', ['image', 'sha256']), ...columnsOf('number', models)], rows };
}
