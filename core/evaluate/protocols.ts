/** The protocols of public data sets as data: how they are split, their tiers, their scale, and what their tables look like. */
import { type Tier, tierPresets } from '../../contract/agreement-tables.ts';
import type { Protocol } from '../../contract/evaluate.ts';
import { scaleOf } from '../datasets/layouts.ts';

export interface ProtocolPlan {
  title: string;
  /** Images of one value are on one side. */
  groupBy: string;
  testShare: number;
  tiers: readonly Tier[];
  /** The range that every MOS must lie in; null where the set may have any. */
  scale: readonly [low: number, high: number] | null;
  /** Files of a folder that may be the table, the first one found is taken. */
  tables: readonly RegExp[];
  source: string;
}

export const protocols: Record<Protocol, ProtocolPlan> = {
  'agiqa-3k': {
    title: 'AGIQA-3K',
    groupBy: 'object',
    testShare: 0.2,
    tiers: tierPresets['AGIQA-3K']!,
    scale: scaleOf('AGIQA-3K'),
    tables: [/^data\.csv$/i],
    source:
      'SF-IQA §4.3 and AGIQA-3K: 80/20 at random, images with the same object label on one side; three tiers of generators',
  },
  'agiqa-20k': {
    title: 'AIGIQA-20K',
    groupBy: 'prompt',
    testShare: 0.2,
    tiers: [],
    scale: scaleOf('AIGIQA-20K'),
    tables: [/^info_train\.(csv|xlsx)$/i, /^data\.csv$/i, /mos.*\.(csv|xlsx)$/i],
    source:
      'SF-IQA §4.1: 80/20 of the 14,000 labelled images (11,200 and 2,800). The paper does not say that it kept prompts apart; the studio does',
  },
  aigciqa2023: {
    title: 'AIGCIQA2023',
    groupBy: 'prompt',
    testShare: 0.2,
    tiers: [],
    scale: scaleOf('AIGCIQA2023'),
    tables: [/aigciqa.*\.(csv|xlsx)$/i, /mos.*\.(csv|xlsx)$/i],
    source:
      'AIGCIQA2023: quality, authenticity and correspondence of 2,400 images of six generators for 100 prompts; 80/20 by prompt',
  },
  generic: {
    title: 'A table of MOS',
    groupBy: 'prompt',
    testShare: 0.2,
    tiers: [],
    scale: null,
    tables: [/\.(csv|xlsx|json)$/i],
    source: '80/20, images of one group on one side',
  },
};
