/** Checkpoints of the real shapes' kinds but minute, made by the weight formula; with and without the mark that says so. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeUntrained } from '../../../scripts/support/make-untrained.ts';

export interface TinyModels {
  /** SF-IQA's dictionary with the sets `base` and `rank`, marked as made by formula: its pack is untrained. */
  untrained: string;
  /** The same, as a trained one looks: its pack's numbers are shown as scores. */
  sfiqa: string;
  /** A CLIP's folder. */
  clip: string;
}

export async function writeTinyModels(folder: string): Promise<TinyModels> {
  const sets = ['base', 'rank'];
  const [untrained, sfiqa] = await Promise.all([
    writeUntrained('tiny', join(folder, 'untrained'), { sets }),
    writeUntrained('tiny', join(folder, 'sf-iqa'), { sets }),
    writeUntrained('tinyClip', join(folder, 'clip')),
  ]);
  unmark(sfiqa);
  return { untrained, sfiqa, clip: join(folder, 'clip') };
}

/** Another key of the same length in the header's metadata. */
function unmark(path: string): void {
  const bytes = readFileSync(path);
  const at = bytes.indexOf('"untrained":');
  if (at === -1) throw new Error('The weights carry no mark.');
  bytes.write('"unmarked_":', at);
  writeFileSync(path, bytes);
}
