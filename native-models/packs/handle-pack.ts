/** Answers what the engine asks about packs of networks: what adding would do, adding, whether one can be used. */

import { describeProblem } from '../describe-problem.ts';
import type {
  BuildPackRequest,
  CheckPackRequest,
  ModelsAnswers,
  ModelsProgress,
  PlanPackRequest,
} from '../messages.ts';
import { buildPack } from './build-pack.ts';
import { openPack } from './open-pack.ts';
import { planPack } from './plan-pack.ts';

/** Progress is told at most this often. */
const progressIntervalMs = 100;

export async function handlePack(
  request: PlanPackRequest | BuildPackRequest | CheckPackRequest,
  { onProgress, signal }: { onProgress: (progress: ModelsProgress) => void; signal: AbortSignal },
): Promise<ModelsAnswers['planPack' | 'buildPack' | 'checkPack']> {
  switch (request.kind) {
    case 'planPack':
      return await planPack(request);
    case 'buildPack': {
      let toldAt = 0;
      return await buildPack(request, {
        signal,
        onProgress(progress) {
          if (Date.now() - toldAt < progressIntervalMs && progress.done < progress.total) return;
          toldAt = Date.now();
          onProgress(progress);
        },
      });
    }
    case 'checkPack':
      return await openPack(request.packFolder).then(
        () => ({ problem: null }),
        (thrown: unknown) => ({ problem: describeProblem(thrown) }),
      );
  }
}
