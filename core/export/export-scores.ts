/** Scores: one row a file, with the signals and the predictions of the active heads. */
import { join, resolve, sep } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import { signalsOfImage } from '../../db/features.ts';
import { filesWithImages } from '../../db/files.ts';
import { activeHeads } from '../../db/heads.ts';
import { readActiveScores, readCards } from '../../db/image-list.ts';
import { getPack, whyNotShown } from '../packs.ts';
import { fitsPack } from '../register-pack.ts';
import type { Studio } from '../studio.ts';
import { type ConformalInterval, conformalOf, SpreadReader } from '../uncertainty.ts';
import type { Cell, Table } from './table.ts';

/** The columns that are always there. */
const standardTargets = ['quality', 'alignment', 'overall'] as const;

/** Files whose spread is worked out together: few enough that nobody waits for it. */
const filesAtOnce = 200;

/**
 * Columns `name,path,prompt,generator,pack,q,s,quality,alignment,overall,quality_head,alignment_head,overall_head`, then the pack's
 * further signals; then `<target>` and `<target>_head` of heads of other targets in use, and of every head in use how sure it is:
 * `<target>_low`, `_high` (conformal interval), `_coverage` and `_spread` (SD of what it is the mean of). A value that does not exist is
 * empty.
 *
 * @param folder only files below it; all where absent
 * @throws StudioError `notFound`, `unsupported` for a pack that was never trained
 */
export function tabulateScores(studio: Studio, packId: string, folder?: string): Table {
  const { manifest } = getPack(studio, packId);
  const reason = whyNotShown(studio, packId);
  if (reason !== null) throw new StudioError('unsupported', reason, { packId });
  const more = manifest.signals.map(({ name }) => name).filter((name) => name !== 'q' && name !== 's');
  const heads = activeHeads(studio.db, packId).filter((head) => fitsPack(head, manifest));
  const standard = new Set<string>(standardTargets);
  const layout: Layout = {
    packId,
    signals: more,
    heads: heads.map((row) => ({
      target: row.target,
      name: row.name,
      interval: conformalOf(row),
      spread: new SpreadReader(studio, row),
    })),
    others: heads.map(({ target }) => target).filter((target) => !standard.has(target)),
  };
  const columns = [
    ...['name', 'path', 'prompt', 'generator', 'pack', 'q', 's', ...standardTargets],
    ...standardTargets.map((target) => `${target}_head`),
    ...more,
    ...layout.others.flatMap((target) => [target, `${target}_head`]),
    ...heads.flatMap(({ target }) =>
      ['low', 'high', 'coverage', 'spread'].map((part) => `${target}_${part}`),
    ),
  ];
  return { fileName: `scores ${packId}.csv`, columns, rows: rowsOf(studio, layout, folder) };
}

interface Layout {
  packId: string;
  /** Beside Q and S. */
  signals: readonly string[];
  heads: readonly {
    target: string;
    name: string;
    interval: ConformalInterval | null;
    spread: SpreadReader;
  }[];
  /** Targets of heads beside the standard ones. */
  others: readonly string[];
}

function* rowsOf(studio: Studio, layout: Layout, folder: string | undefined): Generator<Cell[]> {
  const below = folder === undefined ? null : resolve(folder);
  const files = filesWithImages(studio.db)
    .map(({ root, path, image_id }) => ({ path: join(root, path), imageId: image_id }))
    .filter(({ path }) => below === null || path.startsWith(below + sep) || below === sep);
  for (let at = 0; at < files.length; at += filesAtOnce) {
    const some = files.slice(at, at + filesAtOnce);
    const ids = [...new Set(some.map(({ imageId }) => imageId))];
    const spreads = layout.heads.map(({ spread }) => spread.read(ids));
    for (const file of some) {
      const own = spreads.map((spread) => spread.get(file.imageId) ?? null);
      yield rowOf(studio, layout, { ...file, spreads: own });
    }
  }
}

function rowOf(
  { db }: Studio,
  { packId, signals, heads, others }: Layout,
  { path, imageId, spreads }: { path: string; imageId: number; spreads: readonly (number | null)[] },
): Cell[] {
  const [card] = readCards(db, [imageId]);
  const scores = new Map(readActiveScores(db, packId, [imageId]).map((row) => [row.target, row.value]));
  const names = new Map(heads.map(({ target, name }) => [target, name]));
  const values = new Map(
    signalsOfImage(db, imageId).flatMap((row) => (row.pack_id === packId ? [[row.name, row.value]] : [])),
  );
  const score = (target: string) => scores.get(target) ?? null;
  const headOf = (target: string) => (scores.has(target) ? (names.get(target) ?? null) : null);
  return [
    ...[path.slice(path.lastIndexOf(sep) + 1), path, card?.prompt ?? null, card?.generator ?? null, packId],
    ...['q', 's'].map((name) => values.get(name) ?? null),
    ...standardTargets.map(score),
    ...standardTargets.map(headOf),
    ...signals.map((name) => values.get(name) ?? null),
    ...others.flatMap((target) => [score(target), headOf(target)]),
    ...heads.flatMap(({ target, interval }, at) => {
      const value = score(target);
      if (value === null) return [null, null, null, null];
      const { halfWidth, coverage } = interval ?? { halfWidth: null, coverage: null };
      const ends = halfWidth === null ? [null, null] : [value - halfWidth, value + halfWidth];
      return [...ends, coverage, spreads[at]!];
    }),
  ];
}
