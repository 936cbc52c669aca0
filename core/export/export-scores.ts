/** Scores: one row a file, with the signals and the predictions of the active heads. */
import { join, resolve, sep } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import { signalsOfImage } from '../../db/features.ts';
import { filesWithImages } from '../../db/files.ts';
import { activeHeads } from '../../db/heads.ts';
import { readActiveScores, readCards } from '../../db/image-list.ts';
import { getPack, whyNotShown } from '../packs.ts';
import type { Studio } from '../studio.ts';
import type { Cell, Table } from './table.ts';

const targets = ['quality', 'alignment', 'overall'] as const;

/**
 * Columns `name,path,prompt,generator,pack,q,s,quality,alignment,overall,quality_head,alignment_head,overall_head`, then the pack's
 * further signals. A value that does not exist is empty.
 *
 * @param folder only files below it; all where absent
 * @throws StudioError `notFound`, `unsupported` for a pack that was never trained
 */
export function tabulateScores(studio: Studio, packId: string, folder?: string): Table {
  const { manifest } = getPack(studio, packId);
  const reason = whyNotShown(studio, packId);
  if (reason !== null) throw new StudioError('unsupported', reason, { packId });
  const signals = [
    'q',
    's',
    ...manifest.signals.map(({ name }) => name).filter((name) => name !== 'q' && name !== 's'),
  ];
  const columns = [
    ...['name', 'path', 'prompt', 'generator', 'pack', 'q', 's', ...targets],
    ...targets.map((target) => `${target}_head`),
    ...signals.slice(2),
  ];
  return { fileName: `scores ${packId}.csv`, columns, rows: rowsOf(studio, { packId, signals, folder }) };
}

function* rowsOf(
  studio: Studio,
  { packId, signals, folder }: { packId: string; signals: string[]; folder: string | undefined },
): Generator<Cell[]> {
  const { db } = studio;
  const heads = new Map(activeHeads(db, packId).map((head) => [head.target, head.name]));
  const below = folder === undefined ? null : resolve(folder);
  for (const file of filesWithImages(db)) {
    const path = join(file.root, file.path);
    if (below !== null && !path.startsWith(below + sep) && below !== sep) continue;
    const [card] = readCards(db, [file.image_id]);
    const scores = new Map(
      readActiveScores(db, packId, [file.image_id]).map((row) => [row.target, row.value]),
    );
    const values = new Map(
      signalsOfImage(db, file.image_id).flatMap((row) =>
        row.pack_id === packId ? [[row.name, row.value]] : [],
      ),
    );
    const has = (target: string) => scores.has(target);
    yield [
      ...[path.slice(path.lastIndexOf(sep) + 1), path, card?.prompt ?? null, card?.generator ?? null, packId],
      ...signals.slice(0, 2).map((name) => values.get(name) ?? null),
      ...targets.map((target) => scores.get(target) ?? null),
      ...targets.map((target) => (has(target) ? (heads.get(target) ?? null) : null)),
      ...signals.slice(2).map((name) => values.get(name) ?? null),
    ];
  }
}
