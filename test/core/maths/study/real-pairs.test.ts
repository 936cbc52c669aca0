import { describe, expect, test } from 'vitest';
import { countPairs, type PairVotes } from '../../../../core/maths/study/pair-counts.ts';
import { scorePairs } from '../../../../core/maths/study/score-pairs.ts';
import { hasShared, readSharedJson } from '../../../support/shared.ts';

interface Lukas {
  contents: Record<string, { items: string[]; votes: { winner: string; loser: string; votes: number }[] }>;
}
interface Rankings {
  prompts: { images: string[]; rank: number[] }[];
}
interface Golden {
  cases: { id: string; input: { wins: number[][] } }[];
}

function votesOf(items: number, rows: [first: number, second: number, preferred: number][]): PairVotes {
  return {
    items,
    first: Int32Array.from(rows, ([first]) => first),
    second: Int32Array.from(rows, ([, second]) => second),
    preferred: Int8Array.from(rows, ([, , preferred]) => preferred),
  };
}

describe.skipIf(!hasShared)('real comparisons', () => {
  test('the raw votes on sharpened images count to the golden matrices', () => {
    const { contents } = readSharedJson<Lukas>('data/sureal/lukas-paired-comparison.json');
    const { cases } = readSharedJson<Golden>('golden-stats/pairwise.json');
    for (const [name, { items, votes }] of Object.entries(contents)) {
      const rows = votes.flatMap(({ winner, loser, votes: times }) =>
        Array.from({ length: times }, (): [number, number, number] => [
          items.indexOf(winner),
          items.indexOf(loser),
          1,
        ]),
      );
      const golden = cases.find(({ id }) => id === `real-lukas-${name.toLowerCase()}`)!;
      expect([...countPairs(votesOf(items.length, rows)).wins]).toEqual(golden.input.wins.flat());
    }
  });

  test('466 rankings of AI images, taken as pairs, come back in their order, ties equal, best and worst named', () => {
    const { prompts } = readSharedJson<Rankings>('data/imagereward/test-rankings.json');
    expect(prompts).toHaveLength(466);
    for (const { rank: ranks } of prompts) {
      const n = ranks.length;
      const rows = ranks.flatMap((a, i) =>
        ranks.slice(i + 1).map((b, to): [number, number, number] => [i, i + 1 + to, Math.sign(b - a)]),
      );
      const scored = scorePairs(countPairs(votesOf(n, rows)));
      if (!('scores' in scored)) throw new Error(scored.reason);
      const { score } = scored.scores;
      for (const [i, j, preferred] of rows) {
        const gap = score[i]! - score[j]!;
        if (preferred === 0) expect(Math.abs(gap)).toBeLessThan(1e-6);
        else expect(gap * preferred).toBeGreaterThan(0.05);
      }
      const isConnected = new Set(ranks).size === 1;
      expect(scored.note === null).toBe(isConnected);
    }
  });
});
