/** SF-IQA's fusion network (section 3.4) out of a checkpoint, for the engine, which makes a head of it. */
import { StudioError } from '../../contract/errors.ts';
import type { WeightPlan } from '../graphs/weight-plan.ts';
import type { FusionNetwork } from '../messages.ts';

/**
 * The layers `ScoreModel.fc1`, `ScoreModel.fc2` … as many as there are: three in the released weights, two in the paper.
 *
 * @throws StudioError `checkpointInvalid` where there is none, or it does not lead from two numbers to one
 */
export async function readFusion(weights: WeightPlan, member: string): Promise<FusionNetwork> {
  const layers: FusionNetwork['layers'] = [];
  let inputs = 2;
  const isThere = (name: string) => weights.has(`${name}.weight`) || weights.has(`${name}.bias`);
  for (let at = 1; at === 1 || isThere(`ScoreModel.fc${at}`); at += 1) {
    const name = `ScoreModel.fc${at}`;
    const [outputs = 0] = weights.entry(`${name}.weight`, null).shape;
    const matrix = await weights.read(`${name}.weight`, [outputs, inputs]);
    const bias = await weights.read(`${name}.bias`, [outputs]);
    const turned = Float32Array.from(
      matrix,
      (_, to) => matrix[(to % outputs) * inputs + Math.floor(to / outputs)]!,
    );
    layers.push({ inputs, outputs, weights: turned, bias });
    inputs = outputs;
  }
  if (inputs !== 1) {
    throw new StudioError(
      'checkpointInvalid',
      `The fusion network of the set “${member}” (${weights.fullName('ScoreModel')}) in ${weights.path} ends in ${inputs} numbers, not one. Is it the right file?`,
      { path: weights.path },
    );
  }
  return { member, layers };
}
