/** What compute threads compare by stored vectors: one image with all others, and all with all. */
import type { VectorBlock } from '../../maths/dots.ts';
import { findNearPairs, findSketch, sketchRows as sketchBlock } from '../../maths/near-pairs.ts';
import { compareVectors, readVectors } from '../embeddings.ts';

/** Stored vectors, for searching by similarity. */
/** All vectors against all others, for near-duplicates. */
export { compareVectors, findNearPairs, findSketch, readVectors };
export function sketchRows({
  block,
  directions,
}: {
  block: VectorBlock;
  directions: Float64Array[];
}): Float32Array<ArrayBuffer> {
  return sketchBlock(block, directions);
}
