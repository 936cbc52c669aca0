import { describe, expect, it } from 'vitest';
import { tierPresets } from '../../../../contract/agreement-tables.ts';
import { suggestTiers } from '../../../../renderer/screens/agreement/tiers.ts';

describe('suggested tiers', () => {
  it('are AGIQA-3K’s where its generators are there, however they are spelt', () => {
    const { tiers, source } = suggestTiers({
      generators: ['SD-1.5', 'other'],
      generator: [0, 1],
      mos: [1, 2],
    });
    expect(tiers).toEqual(tierPresets['AGIQA-3K']);
    expect(source).toContain('AGIQA-3K');
  });

  it('are else thirds of the generators by their mean MOS, each generator in one', () => {
    const generators = ['a', 'b', 'c', null, 'd'];
    const { tiers } = suggestTiers({
      generators,
      generator: [0, 0, 1, 2, 3, 4],
      mos: [4, 5, 1, 3, 5, 2],
    });
    expect(tiers.map(({ name }) => name)).toEqual(['bad', 'medium', 'good']);
    expect(tiers.flatMap((tier) => tier.generators)).toEqual(['b', 'd', 'c', 'a']);
    expect(tiers[2]!.generators).toEqual(['a']);
  });

  it('are empty where no generator is known', () => {
    const { tiers } = suggestTiers({ generators: [null], generator: [0], mos: [1] });
    expect(tiers.every(({ generators }) => generators.length === 0)).toBe(true);
  });
});
