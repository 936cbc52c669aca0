import { describe, expect, it } from 'vitest';
import { growLineage } from '../../../../renderer/screens/heads/lineage.ts';

describe('the lineage of heads', () => {
  it('puts each head under its parent, the oldest first, and loses none', () => {
    const heads = [
      { id: 4, parentId: 2, createdAt: 40 },
      { id: 3, parentId: 1, createdAt: 30 },
      { id: 2, parentId: 1, createdAt: 20 },
      { id: 1, parentId: null, createdAt: 10 },
      // Its parent was discarded.
      { id: 5, parentId: 99, createdAt: 5 },
    ];
    const shape = (nodes: ReturnType<typeof growLineage>): unknown[] =>
      nodes.map(({ head, children }) => [head.id, shape(children)]);
    expect(shape(growLineage(heads))).toEqual([
      [5, []],
      [
        1,
        [
          [2, [[4, []]]],
          [3, []],
        ],
      ],
    ]);
  });
});
