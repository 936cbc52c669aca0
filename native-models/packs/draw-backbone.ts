/** A SwinV2 without its classifier: the features that quality heads of one's own are trained on. */
import { type Draft, layerNorm } from '../graphs/layers.ts';
import { meanOfTokens, planSwinV2, type SwinV2Config, swinV2 } from '../graphs/swin-v2.ts';

/** Input: `pixels` [batch, 3, imageSize, imageSize]. Output: `feature` [batch, channels of the last stage], what timm calls pooled. */
export async function drawBackbone(draft: Draft, config: SwinV2Config): Promise<void> {
  const { graph } = draft;
  const plan = await planSwinV2(draft.weights, config);
  const pixels = graph.input('pixels', 'float32', ['batch', 3, config.imageSize, config.imageSize]);
  const { value, side, channels } = swinV2(draft, pixels, plan).at(-1)!;
  const feature = meanOfTokens(draft, layerNorm(draft, value, 'norm', channels), side * side, channels);
  graph.output(feature, 'feature', 'float32', ['batch', channels]);
}
