/** A linear layer over one row an image, whose result does not depend on how many images there are. */
import type { Value } from './graph-builder.ts';
import { type Draft, type LinearShape, linear } from './layers.ts';

/**
 * `linear` in float32, with all rows given twice: the runtime multiplies a single row by a routine of its own, which rounds differently,
 * so that an image alone would get another score than the same image in a batch.
 *
 * @param x [batch, in]
 * @returns [batch, out]
 */
export function pooledLinear(draft: Draft, x: Value, name: string, shape: Omit<LinearShape, 'kind'>): Value {
  const { graph } = draft;
  const twice = graph.node('Concat', [x, x], { name: 'twice', attributes: { axis: { int: 0 } } });
  const rows = linear(draft, twice, name, { ...shape, kind: 'exact' });
  const copies = graph.node('Reshape', [rows, graph.ints('copies', [2, -1, shape.out])]);
  const first = graph.constant('first', BigInt64Array.of(0n), []);
  return graph.node('Gather', [copies, first], { name: 'once', attributes: { axis: { int: 0 } } });
}
