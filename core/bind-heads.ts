/** Binds the operations on heads to their functions. */
import { discardHead, makeEnsemble } from './ensembles.ts';
import { exportHead, importHead } from './head-files.ts';
import { findInterval } from './head-interval.ts';
import { activateHead, changeHeadName, describeHeads, getHeadRow } from './heads.ts';
import { queueRating, replayRating } from './rate-next.ts';
import type { Implementer } from './router.ts';
import type { Studio } from './studio.ts';
import { startTraining } from './train-head.ts';
import { predictWithHead } from './uncertainty.ts';

export function bindHeads({ heads }: Implementer, studio: Studio) {
  return {
    list: heads.list.handler(() => describeHeads(studio)),
    train: heads.train.handler(({ input }) => startTraining(studio, input)),
    activate: heads.activate.handler(({ input }) => activateHead(studio, input.id)),
    rename: heads.rename.handler(({ input }) => changeHeadName(studio, input.id, input.name)),
    rateNext: heads.rateNext.handler(({ input, signal }) => queueRating(studio, input, signal)),
    replayQueue: heads.replayQueue.handler(({ input, signal }) => replayRating(studio, input, signal)),
    ensemble: heads.ensemble.handler(({ input, signal }) => makeEnsemble(studio, input, signal)),
    discard: heads.discard.handler(({ input }) => discardHead(studio, input.id)),
    predict: heads.predict.handler(({ input }) => predictWithHead(studio, input)),
    interval: heads.interval.handler(({ input }) => findInterval(studio, getHeadRow(studio, input.id))),
    export: heads.export.handler(({ input }) => exportHead(studio, input)),
    import: heads.import.handler(({ input }) => importHead(studio, input)),
  };
}
