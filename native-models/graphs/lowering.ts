/** The ways in which one description of a network is written as a graph: which operators a kind of execution provider has. */
import { Lowering, type Precision, type Provider } from '../../contract/pack.ts';

export interface Operators {
  /** Who computes with such graphs. */
  providers: readonly Provider[];
  /** What these are quick in; they compute in float32 what is asked of them in another. */
  precisions: readonly Precision[];
  /** The runtime's operators that do the work of several (`com.microsoft`), and norms of vectors in one. */
  isFused: boolean;
  /** Fast enough float64 for what makes much of small differences, in graphs of float32. */
  hasFloat64: boolean;
}

/** Where each is found out from: docs/decisions/0011-noise-of-float32.md. */
export const lowerings: Record<Lowering, Operators> = {
  cpu: { providers: ['cpu'], precisions: ['float32', 'int8'], isFused: true, hasFloat64: true },
  fused: {
    ...{ providers: ['cuda', 'dml', 'webgpu'], precisions: ['float32', 'float16'] },
    ...{ isFused: true, hasFloat64: false },
  },
  plain: {
    ...{ providers: ['coreml'], precisions: ['float32', 'float16'] },
    ...{ isFused: false, hasFloat64: false },
  },
};

/** How a provider's graphs are written. */
export function loweringFor(provider: Provider): Lowering {
  const found = Lowering.options.find((one) => lowerings[one].providers.includes(provider));
  return found ?? 'plain';
}
