/** Words about heads: what a comparison shows, and what it does not. */
import type { EstimateOrReason } from '../../../contract/common.ts';
import type { Head, HeldOutMetrics } from '../../../contract/heads.ts';

export type Verdict = 'better' | 'worse' | 'notSignificant' | 'unfair' | 'unknown';

/** What a head's held-out figures show beside its parent's: nothing where the parent saw those images and leads. */
export function judgeHead({
  srccDifference,
  parentSaw,
}: Pick<HeldOutMetrics, 'srccDifference' | 'parentSaw'>): Verdict {
  const verdict = judgeDifference(srccDifference);
  const isUnfair = parentSaw === true && (verdict === 'worse' || verdict === 'notSignificant');
  return isUnfair ? 'unfair' : verdict;
}

/** What the paired difference SRCC(new) − SRCC(parent) shows: nothing where its interval holds zero. */
function judgeDifference(difference: EstimateOrReason): Verdict {
  if (!('value' in difference) || difference.low === null || difference.high === null) return 'unknown';
  if (difference.low > 0) return 'better';
  if (difference.high < 0) return 'worse';
  return 'notSignificant';
}

export const verdictWords: Record<Verdict, string> = {
  better: 'better than its parent',
  worse: 'worse than its parent',
  notSignificant: 'the difference is not significant',
  unfair: 'its parent learnt from these images',
  unknown: 'not comparable',
};

export const verdictSentences: Record<Verdict, string> = {
  better: 'The new head agrees better with your raters on images it was not trained on.',
  worse: 'The new head agrees worse with your raters on images it was not trained on. Keep the current one.',
  notSignificant: 'The ranks do not tell the two heads apart: the interval of their difference holds zero.',
  unfair:
    'The current head learnt from images or prompts of this set, so its figures here are too good and do not tell which of the two is better: compare them on ratings of other images.',
  unknown: 'The two heads cannot be compared on these rows.',
};

/** Whether a new head's values lie nearer to the labels than its parent's, which ranks do not show; null where that is not told. */
export function describeValues({ rmseDifference }: Pick<HeldOutMetrics, 'rmseDifference'>): string | null {
  if (!('value' in rmseDifference)) return null;
  const { value, low, high } = rmseDifference;
  if (low === null || high === null) return null;
  const size = Math.abs(value).toFixed(3);
  if (high < 0)
    return `Its values lie nearer to your raters’ MOS: the RMSE is ${size} less than its parent’s.`;
  if (low > 0)
    return `Its values lie farther from your raters’ MOS: the RMSE is ${size} more than its parent’s.`;
  return null;
}

/** Heads by target, standard targets first; within a target the newest first. */
export function groupByTarget(heads: readonly Head[]): { target: string; heads: Head[] }[] {
  const usual = ['quality', 'alignment', 'overall'];
  const rank = (target: string) => (usual.includes(target) ? usual.indexOf(target) : usual.length);
  const groups = Map.groupBy(heads, ({ target }) => target);
  return [...groups]
    .map(([target, group]) => ({
      target,
      heads: group.toSorted((a, b) => b.createdAt - a.createdAt || b.id - a.id),
    }))
    .sort((a, b) => rank(a.target) - rank(b.target) || a.target.localeCompare(b.target));
}

/** `your study: 120 images, 60 prompts`, `mean of 3 heads`. */
export function describeTraining({ trainedOn, isShipped, ensembleOf }: Head): string {
  if (ensembleOf.length > 0) return `mean of ${ensembleOf.length} heads`;
  if (trainedOn === null) return isShipped ? 'comes with the pack' : 'not known';
  return `${trainedOn.mosSet}: ${trainedOn.images} images, ${trainedOn.groups} prompts`;
}

/** `network on signals`, `network on signals and the features behind Q`. */
export function describeReads(head: Head, heads: readonly Head[]): string {
  return `${head.kind} on ${head.inputs}${hasLayer(head, heads) ? ' and the features behind Q' : ''}`;
}

/** Whether the last quality layer trained along with a head, or with those that it is the mean of. */
function hasLayer({ training, ensembleOf }: Head, heads: readonly Head[]): boolean {
  if (training?.method.endsWith('+layer') === true) return true;
  const part = heads.find(({ id }) => id === ensembleOf[0]);
  return part !== undefined && hasLayer(part, heads);
}

/** Heads that can be averaged with one: of its target and pack, on the same inputs; all where none is chosen. */
export function listPartners(heads: readonly Head[], headId: number | undefined): readonly Head[] {
  const first = heads.find(({ id }) => id === headId);
  if (first === undefined) return heads;
  const readsLayer = hasLayer(first, heads);
  return heads.filter(
    (head) =>
      head.target === first.target &&
      head.packId === first.packId &&
      head.inputs === first.inputs &&
      hasLayer(head, heads) === readsLayer,
  );
}
