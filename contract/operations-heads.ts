/** The operations on heads. */
import { z } from 'zod';
import { Id, Name } from './common.ts';
import { Head, TrainHead } from './heads.ts';
import { Job } from './jobs.ts';
import { read, write } from './operation.ts';

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
};
