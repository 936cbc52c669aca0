/** What adding PickScore at true size costs: bytes written, time until it can score, memory. */
import { statSync } from 'node:fs';
import { peakOfChildren } from './family.ts';
import { addPack, openStudio, ownBytes, type Places, provideWeights } from './network-library.ts';

export interface AddingCost {
  checkpointBytes: number;
  writtenBytes: number;
  addMs: number;
  /** From the order to the embedding of a first text, with the runtime's start. */
  firstTextMs: number;
  /** The most that the process which adds has had in memory. */
  peakBytes: number;
}

export async function benchAdding(places: Places): Promise<AddingCost> {
  const clip = await provideWeights('pickscore', places);
  const opened = openStudio(places);
  try {
    const { studio } = opened;
    await studio.models.ask({ kind: 'report' });
    const startedAt = performance.now();
    await addPack(opened, { clip, id: 'added', precision: 'float32' });
    const addMs = performance.now() - startedAt;
    const peakBytes = peakOfChildren();
    const { folder } = studio.packs.get('added')!;
    const run = { members: null, precision: null, providers: ['cpu' as const] };
    await studio.models.ask({ kind: 'embedText', packFolder: folder, run, texts: ['a cat'] });
    const firstTextMs = performance.now() - startedAt;
    return {
      checkpointBytes: statSync(clip).size,
      writtenBytes: ownBytes(folder),
      ...{ addMs, firstTextMs, peakBytes },
    };
  } finally {
    await opened.close();
  }
}
