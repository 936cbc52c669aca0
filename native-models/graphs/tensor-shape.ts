/** Shapes of tensors that tell the sizes of an architecture, where no file states them. */
import { StudioError } from '../../contract/errors.ts';
import type { Checkpoint } from '../checkpoints/checkpoint.ts';

/**
 * The shape of a tensor that every network of an architecture has.
 *
 * @param architecture as messages call it: `CLIP`
 * @throws StudioError `checkpointInvalid` where it is missing or has another number of dimensions
 */
export function shapeOf(
  { tensors, path }: Checkpoint,
  architecture: string,
  tensor: string,
  rank: number,
): readonly number[] {
  const shape = tensors.get(tensor)?.shape;
  if (shape === undefined) throw missingTensor(path, architecture, tensor);
  if (shape.length === rank) return shape;
  throw new StudioError(
    'checkpointInvalid',
    `“${tensor}” in ${path} has the shape [${shape}]; a ${architecture} has ${rank} dimensions there.`,
    { path, tensor },
  );
}

export function missingTensor(path: string, architecture: string, tensor: string): StudioError {
  return new StudioError(
    'checkpointInvalid',
    `${path} has no tensor “${tensor}”, which every ${architecture} has. Is it the right file?`,
    { path, tensor },
  );
}
