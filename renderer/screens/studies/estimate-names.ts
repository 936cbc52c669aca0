/** How the methods of a MOS are called on screen. */
import type { StudyStatistics } from '../../../contract/study-statistics.ts';

interface MethodName {
  full: string;
  /** At the head of a column. */
  short: string;
}

export const estimateNames: Record<StudyStatistics['estimates'][number]['name'], MethodName> = {
  mos: { full: 'Mean of all raters', short: 'All raters' },
  decided: { full: 'Without raters left out', short: 'Decided' },
  withoutFlagged: { full: 'Without raters in doubt', short: 'No doubt' },
  withoutBt500: { full: 'Without those BT.500-14 rejects', short: 'BT.500' },
  withoutP913: { full: 'Without low correlation (P.913 A)', short: 'P.913 A' },
  zScores: { full: 'z-MOS, on this scale', short: 'z-MOS' },
  biasRemoval: { full: 'Biases removed (P.913 §12.4)', short: 'No bias' },
  biasRemovalBt500: { full: 'Biases removed, then BT.500-14', short: '+ BT.500' },
  recovered: { full: 'Recovered (P.910 Annex E)', short: 'Recovered' },
};
