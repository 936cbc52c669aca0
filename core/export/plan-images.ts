/** From what was asked to a table that any thread can write: which images, which columns, of which pack and MOS set. */
import type {
  ExportColumn,
  ExportOptions,
  ExportPreview,
  ImageChoice,
  ImageTable,
} from '../../contract/export-images.ts';
import { standardTargets } from '../../contract/targets.ts';
import { listAttributes } from '../../db/export-rows.ts';
import { activeHeads } from '../../db/heads.ts';
import { dimensionsOfMosSet } from '../../db/mos.ts';
import { computedSourceOf } from '../computed-by.ts';
import { findConformal } from '../head-interval.ts';
import { planList, shownPackId } from '../images.ts';
import { scaleOfMos } from '../mos-scale.ts';
import { getMosSetCore, shownMosSetId } from '../mos-sets.ts';
import { getPack, refuseUnshown } from '../packs.ts';
import { fitsPack } from '../register-pack.ts';
import { getStudyCore } from '../studies.ts';
import type { Studio } from '../studio.ts';
import { planSpread } from '../uncertainty.ts';
import type { TableContext } from './block-facts.ts';
import { fileStem } from './file-stem.ts';
import { type ColumnNames, isOfInterval, listColumns } from './image-columns.ts';
import { blocksOf, cellsOf, type ImageTablePlan } from './image-rows.ts';
import { nameColumns, readOwnPresets, resolveColumns, shippedPresets } from './presets.ts';
import { textOf } from './table.ts';

/** Rows that are shown before an export. */
const previewRows = 5;

/** What can be exported. @throws StudioError `notFound`, `unsupported` for a pack that was never trained */
export async function describeExportOptions(
  studio: Studio,
  asked: { packId?: string | undefined; mosSetId?: number | undefined },
): Promise<ExportOptions> {
  const context = await contextOf(studio, asked);
  const { packId, mosSetId } = context;
  const names = namesOf(studio, context);
  const presets = [
    ...shippedPresets.map((preset) => ({ ...preset, isOwn: false })),
    ...readOwnPresets(studio).map((preset) => ({ ...preset, isOwn: true })),
  ];
  return {
    packId,
    mosSetId,
    columns: listColumns(names).map(({ read: _read, ...info }) => info),
    presets: presets.map((preset) => ({ ...preset, columns: resolveColumns(preset.columns, names) })),
  };
}

/** What columns of this library can be of, with a pack and a MOS set. */
export function namesOf({ db, packs }: Studio, { packId, mosSetId, heads }: TableContext): ColumnNames {
  const signals = packs.get(packId)?.manifest.signals.map(({ name }) => name) ?? [];
  const scored = Object.keys(heads);
  return {
    signals: [...new Set(['q', 's', ...signals])],
    targets: [...standardTargets.filter((target) => scored.includes(target)), ...scored].filter(
      (target, at, all) => all.indexOf(target) === at,
    ),
    dimensions: mosSetId === null ? [] : dimensionsOfMosSet(db, mosSetId),
    attributes: listAttributes(db),
  };
}

/**
 * Pack, MOS set and heads that are meant.
 *
 * @param columns what is told of the heads; their intervals, which may have to be calibrated first, are found where one tells of them
 * @throws StudioError `notFound`, `unsupported` for a pack that was never trained
 */
export async function contextOf(
  studio: Studio,
  asked: { packId?: string | undefined; mosSetId?: number | null | undefined },
  columns: readonly Pick<ExportColumn, 'key'>[] = [],
): Promise<TableContext> {
  const packId = asked.packId ?? shownPackId(studio);
  if (asked.packId !== undefined) {
    getPack(studio, packId);
    refuseUnshown(studio, packId);
  }
  const mosSetId = asked.mosSetId ?? shownMosSetId(studio);
  if (mosSetId !== null) getMosSetCore(studio, mosSetId);
  const computed = computedSourceOf(studio.packs.get(packId)?.manifest);
  const withIntervals = columns.some(({ key }) => isOfInterval(key));
  const heads = await headsOf(studio, packId, withIntervals);
  return { packId, mosSetId, scales: scalesOf(studio, mosSetId), computed, heads };
}

function scalesOf(studio: Studio, mosSetId: number | null): TableContext['scales'] {
  const dimensions = mosSetId === null ? [] : dimensionsOfMosSet(studio.db, mosSetId);
  const known = dimensions.flatMap((dimension) => {
    const scale = scaleOfMos(studio, { mosSetId: mosSetId!, dimension });
    return scale === null ? [] : [[dimension, scale] as const];
  });
  return Object.fromEntries(known);
}

/** The heads in use that the pack has the inputs of. */
async function headsOf(
  studio: Studio,
  packId: string,
  withIntervals: boolean,
): Promise<TableContext['heads']> {
  const manifest = studio.packs.get(packId)?.manifest;
  if (manifest === undefined) return {};
  const heads = activeHeads(studio.db, packId).filter((row) => fitsPack(row, manifest));
  const known = heads.map(async (row) => {
    const interval = withIntervals ? await findConformal(studio, row) : null;
    return [row.target, { name: row.name, interval, spread: planSpread(studio, row) }] as const;
  });
  return Object.fromEntries(await Promise.all(known));
}

/**
 * The table as plain data; a `*` in a key is resolved.
 *
 * @throws StudioError `notFound`, `badInput` for columns that do not exist or are called the same and for queries that are not understood
 */
export async function planImageTable(studio: Studio, asked: ImageTable): Promise<ImageTablePlan> {
  const { choice } = asked;
  const studyMosSet =
    choice.kind === 'study'
      ? getStudyCore(studio, choice.studyId).mos_set_id
      : choice.kind === 'mosSet'
        ? choice.mosSetId
        : undefined;
  const means = { packId: asked.packId, mosSetId: asked.mosSetId ?? studyMosSet };
  const context = await contextOf(studio, means, asked.columns);
  const columns = nameColumns(resolveColumns(asked.columns, namesOf(studio, context)));
  const ids = await findIds(studio, choice);
  return { name: nameOf(studio, choice), columns, ids, rows: asked.rows, context };
}

async function findIds(studio: Studio, choice: ImageChoice): Promise<Int32Array> {
  switch (choice.kind) {
    case 'images':
      return Int32Array.from(choice.imageIds);
    case 'query':
      return await studio.reading.read('readListIds', await planList(studio, choice.query));
    case 'study':
      return await studio.reading.read('readStudyIds', choice.studyId);
    case 'mosSet':
      return await studio.reading.read('readMosSetIds', choice.mosSetId);
  }
}

function nameOf(studio: Studio, choice: ImageChoice): string {
  switch (choice.kind) {
    case 'study':
      return fileStem(getStudyCore(studio, choice.studyId).name);
    case 'mosSet':
      return fileStem(getMosSetCore(studio, choice.mosSetId).name);
    default:
      return 'images';
  }
}

/** How many rows a plan has. */
export async function countRows(
  { reading }: Pick<Studio, 'reading'>,
  { ids, rows }: ImageTablePlan,
): Promise<number> {
  return rows === 'images' ? ids.length : await reading.read('countFilesOf', ids);
}

/** The first rows as they would be written, as text. @throws StudioError as `planImageTable` */
export async function previewExport(studio: Studio, asked: ImageTable): Promise<ExportPreview> {
  const plan = await planImageTable(studio, asked);
  const first = { ...plan, ids: plan.ids.subarray(0, previewRows) };
  const cells = [...cellsOf(studio.db, blocksOf(studio.db, first), plan)].slice(0, previewRows);
  return {
    columns: plan.columns.map(({ name }) => name),
    rows: cells.map((row) => row.map(textOf)),
    total: await countRows(studio, plan),
  };
}
