/** Tiers of generators: those a person made, kept in this browser, else the preset that fits, else thirds by mean MOS. */
import { useLocalStorage } from '@mantine/hooks';
import type { AgreementPoints } from '../../../contract/agreement.ts';
import { type Tier, tierPresets } from '../../../contract/agreement-tables.ts';

export interface SuggestedTiers {
  tiers: Tier[];
  /** Where they come from, in words. */
  source: string;
}

const names = ['bad', 'medium', 'good'];

/** What a person chose; null until they did. */
export function useTiers(): { chosen: Tier[] | null; choose: (tiers: Tier[] | null) => void } {
  const [chosen, setChosen] = useLocalStorage<Tier[] | null>({
    key: 'agreement-tiers',
    defaultValue: null,
    getInitialValueInEffect: false,
  });
  return { chosen, choose: setChosen };
}

type TierPoints = Pick<AgreementPoints, 'generators' | 'generator' | 'mos'>;

/** The preset with most of the generators; where none has any, thirds of them by their mean MOS. */
export function suggestTiers(points: TierPoints): SuggestedTiers {
  const present = new Set(points.generators.flatMap((one) => (one === null ? [] : [keyOf(one)])));
  const fits = Object.entries(tierPresets)
    .map(([name, tiers]) => ({
      name,
      tiers,
      known: tiers.flatMap(({ generators }) => generators).filter((one) => present.has(keyOf(one))).length,
    }))
    .sort((a, b) => b.known - a.known)[0];
  if (fits !== undefined && fits.known > 0) return { tiers: fits.tiers, source: `${fits.name}’s tiers` };
  return { tiers: splitByMos(points), source: 'thirds of the generators by their mean MOS' };
}

function splitByMos({ generators, generator, mos }: TierPoints): Tier[] {
  const sums = generators.map(() => ({ sum: 0, n: 0 }));
  for (const [at, index] of generator.entries()) {
    sums[index]!.sum += mos[at]!;
    sums[index]!.n += 1;
  }
  const ordered = generators
    .flatMap((name, at) => (name === null ? [] : [{ name, mean: sums[at]!.sum / sums[at]!.n }]))
    .sort((a, b) => a.mean - b.mean)
    .map(({ name }) => name);
  const third = (at: number) => Math.round((ordered.length * at) / names.length);
  return names.map((name, at) => ({ name, generators: ordered.slice(third(at), third(at + 1)) }));
}

/** As the engine recognises generators: letters and digits, whatever the case. */
function keyOf(generator: string): string {
  return generator.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
