/** The operations on heads. */
import { z } from 'zod';
import { Id, Name } from './common.ts';
import {
  EnsembleOrder,
  ExportedHead,
  ExportHead,
  Head,
  HeadInterval,
  HeadPredictions,
  ImportedHead,
  ImportHead,
  PredictOrder,
  TrainHead,
} from './heads.ts';
import { Job } from './jobs.ts';
import { ask, read, write } from './operation.ts';
import { QueueReplay, RateNext, RateNextOrder, ReplayOrder } from './rate-next.ts';

export const headOperations = {
  list: read('/heads', 'All heads with lineage and figures').output(z.array(Head)),
  train: write('/heads/train', 'Fit a head on a MOS set from stored features; never activates it')
    .input(TrainHead)
    .output(Job),
  activate: write('/heads/{id}/activate', 'Make a head the active one and re-score from stored features')
    .input(z.object({ id: Id }))
    .output(Job),
  rename: write('/heads/{id}/rename', 'Give a head another name')
    .input(z.object({ id: Id, name: Name }))
    .output(Head),
  ensemble: write('/heads/ensemble', 'Average several heads into a new one; never activates it')
    .input(EnsembleOrder)
    .output(Head),
  discard: write('/heads/{id}/discard', 'Forget a head that is not in use, and its scores')
    .input(z.object({ id: Id }))
    .output(z.object({ id: Id })),
  predict: ask('/heads/{id}/predict', 'A head’s values for images with spread and conformal interval')
    .input(PredictOrder)
    .output(HeadPredictions),
  interval: read('/heads/{id}/interval', 'How sure a head is: its conformal interval, or why it has none')
    .input(z.object({ id: Id }))
    .output(HeadInterval),
  export: ask('/heads/{id}/export', 'A head as JSON or ONNX').input(ExportHead).output(ExportedHead),
  import: write('/heads/import', 'Take in a head that was exported as JSON or ONNX; never activates it')
    .input(ImportHead)
    .output(ImportedHead),
  rateNext: ask('/heads/rate-next', 'Images whose votes would teach a head most, for a blind study')
    .input(RateNextOrder)
    .output(RateNext),
  replayQueue: ask('/heads/rate-next/replay', 'Whether that order saves labels, replayed on a rated set')
    .input(ReplayOrder)
    .output(QueueReplay),
};
