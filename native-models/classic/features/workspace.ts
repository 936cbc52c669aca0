/** The planes that measuring one image needs, allocated once per thread and used again for every image. */
import { allocatePlane } from '../kernels/planes.ts';

/** Side of the square the features are defined on. */
export const featureSize = 512;

/** Luma and chroma of one scale. */
export interface ColourPlanes {
  y: Float32Array;
  cb: Float32Array;
  cr: Float32Array;
}

/** Full size, half, quarter. */
export type Pyramid = [full: ColourPlanes, half: ColourPlanes, quarter: ColourPlanes];

/** Planes that measuring overwrites. */
export interface Scratch {
  sigma: Float32Array;
  mscn: Float32Array;
  gradient: Float32Array;
  laplacian: Float32Array;
  logs: Float32Array;
}

interface Workspace {
  pyramid: Pyramid;
  scratch: Scratch;
}

let allocated: Workspace | undefined;

/** This thread's workspace. */
export function workspace(): Workspace {
  allocated ??= {
    pyramid: [allocateColour(featureSize), allocateColour(featureSize / 2), allocateColour(featureSize / 4)],
    scratch: {
      sigma: allocatePlane(featureSize ** 2),
      mscn: allocatePlane(featureSize ** 2),
      gradient: allocatePlane(featureSize ** 2),
      laplacian: allocatePlane(featureSize ** 2),
      logs: allocatePlane(featureSize ** 2),
    },
  };
  return allocated;
}

function allocateColour(size: number): ColourPlanes {
  return { y: allocatePlane(size ** 2), cb: allocatePlane(size ** 2), cr: allocatePlane(size ** 2) };
}

/** The scratch planes as planes of a smaller square. */
export function cutScratch(scratch: Scratch, size: number): Scratch {
  const cut = (plane: Float32Array): Float32Array => plane.subarray(0, size * size);
  return {
    sigma: cut(scratch.sigma),
    mscn: cut(scratch.mscn),
    gradient: cut(scratch.gradient),
    laplacian: cut(scratch.laplacian),
    logs: cut(scratch.logs),
  };
}
