/** Trains one network of the ensemble on a worker thread. */
import type { Layer } from '../../core/maths/head.ts';
import { type NetworkData, type NetworkPlan, trainNetwork } from '../../core/maths/train-network.ts';

export interface TrainTask {
  data: NetworkData;
  plan: NetworkPlan;
  seed: number;
}

/** The trained layers once for each regression target. */
export function train({ data, plan, seed }: TrainTask): Layer[][] {
  const network = trainNetwork(data, plan, seed);
  return Array.from({ length: data.regressions }, (_, column) => network.layersOf(column));
}
