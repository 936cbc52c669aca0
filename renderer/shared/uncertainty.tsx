/** How sure the heads in use are of one image: interval with its coverage, and how far what is averaged differs. */
import { useQueries, useQuery } from '@tanstack/react-query';
import type { HeadPredictions } from '../../contract/heads.ts';
import { orpc } from '../api/client.ts';
import { formatScore } from './format.ts';
import { useShownPack } from './packs.ts';

/**
 * In short lines, by target, for an image that the heads in use of the shown pack have scored; targets of which nothing is known (yet) are left
 * out.
 */
export function useUncertainty(imageId: number, targets: readonly string[]): Map<string, string[]> {
  const pack = useShownPack();
  const heads = useQuery(orpc.heads.list.queryOptions()).data ?? [];
  const own = heads.filter(
    ({ isActive, packId, target }) => isActive && packId === pack?.id && targets.includes(target),
  );
  const answers = useQueries({
    queries: own.map(({ id }) => orpc.heads.predict.queryOptions({ input: { id, imageIds: [imageId] } })),
  });
  return new Map(
    own.flatMap(({ target }, at) => {
      const lines = describeUncertainty(answers[at]?.data);
      return lines.length === 0 ? [] : [[target, lines] as const];
    }),
  );
}

/** E.g. `90 %: 2.31 to 3.90` and `networks differ by 0.12`; empty where neither is known. */
function describeUncertainty(answer: HeadPredictions | undefined): string[] {
  const [row] = answer?.rows ?? [];
  if (answer === undefined || row === undefined) return [];
  const { low, high, spread } = row;
  const { coverage } = answer;
  return [
    ...(coverage === null || low === null || high === null
      ? []
      : [`${formatScore(coverage * 100, 0)} %: ${formatScore(low)} to ${formatScore(high)}`]),
    ...(spread === null ? [] : [`networks differ by ${formatScore(spread)}`]),
  ];
}
