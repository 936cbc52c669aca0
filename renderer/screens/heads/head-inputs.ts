/** What a head of a pack can read, and why not where it cannot. */
import type { HeadInputs } from '../../../contract/heads.ts';
import type { PackInfo } from '../../../contract/pack.ts';

interface Inputs {
  features: { whyNot: string | null };
  signals: {
    whyNot: string | null;
    /** Labels, in the order in which they are read. */
    reads: string[];
    /** There is a layer from features to Q that can train along. */
    hasLayer: boolean;
  };
}

type InputsPack = Pick<PackInfo, 'network' | 'fusion' | 'signals' | 'absent'>;

export function listInputs({ network, fusion, signals, absent }: InputsPack): Inputs {
  const reason = absent.find(({ name }) => name === 's' || name === 'q')?.reason;
  const hasFeatures = network === null || network.hasQuality;
  return {
    features: { whyNot: hasFeatures ? null : 'Not with this pack: it stores no features of quality.' },
    signals: {
      whyNot: fusion.length > 0 ? null : `Not with this pack: ${reason ?? 'it has no fusion network.'}`,
      hasLayer: network?.hasQuality === true,
      reads: fusion.map((name) => signals.find((signal) => signal.name === name)?.label ?? name),
    },
  };
}

/** What is most likely meant: the fusion where the pack has one, as in the paper. */
export function firstInputs(pack: InputsPack | undefined): HeadInputs {
  return pack !== undefined && listInputs(pack).signals.whyNot === null ? 'signals' : 'features';
}
