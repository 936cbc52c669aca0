/** The released fusion networks of a pack's members as one head: the mean of their predictions, each of its own [Q, S]. */
import type { FusionNetwork } from '../native-models/messages.ts';
import type { Head, Layer } from './maths/head.ts';

/** Nothing is cut off: the released networks read Q and S as they are. */
const noClip = 1e30;

/**
 * Σ F_m(Q_m, S_m) / M as the official code averages its four sets (SF-IQA equation 3; `test.py` of the release). Each member's first layer
 * has zeros for the signals of the others.
 *
 * @param signals what heads of the pack read, in order; holds `q` and `s` of every member
 * @param nameOf the signal a member's Q or S is stored as
 */
export function createFusionHead(
  networks: readonly FusionNetwork[],
  signals: readonly string[],
  nameOf: (base: 'q' | 's', member: string) => string,
): Head {
  return {
    kind: 'network',
    length: signals.length,
    mean: new Float32Array(signals.length),
    inverse: new Float32Array(signals.length).fill(1),
    clip: noClip,
    offset: 0,
    members: networks.map(({ member, layers }) => ({
      weight: 1 / networks.length,
      layers: layers.map((layer, depth): Layer => {
        const isLast = depth === layers.length - 1;
        const activation = isLast ? 'none' : 'relu';
        if (depth > 0) return { ...layer, activation };
        const places = (['q', 's'] as const).map((base) => signals.indexOf(nameOf(base, member)));
        return { ...spreadInputs(layer, places, signals.length), activation };
      }),
    })),
  };
}

type Weights = FusionNetwork['layers'][number];

/** The layer over `inputs` numbers, of which it reads those at `places`. */
function spreadInputs(
  { outputs, weights, bias }: Weights,
  places: readonly number[],
  inputs: number,
): Weights {
  const spread = new Float32Array(inputs * outputs);
  for (const [row, place] of places.entries()) {
    spread.set(weights.subarray(row * outputs, (row + 1) * outputs), place * outputs);
  }
  return { inputs, outputs, weights: spread, bias };
}
