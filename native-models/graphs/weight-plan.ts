/** Where each weight of a graph comes from: mapped in place from the user's checkpoint, or converted once into a file of the pack. */
import { StudioError } from '../../contract/errors.ts';
import type { Checkpoint, Dtype, TensorEntry } from '../checkpoints/checkpoint.ts';
import { readTensor } from '../checkpoints/read-tensor.ts';
import { takeRows } from '../checkpoints/tensor-layout.ts';
import type { ElementType, ExternalTensor } from './graph-builder.ts';

/** `int8`: the transposed matrix [in, out], symmetric, one scale an output; `scales`: these scales. */
export type Conversion = 'float32' | 'float16' | 'int8' | 'int8Scales';

/** One tensor of the converted file, in the order of its offsets. */
export interface PlannedTensor {
  entry: TensorEntry;
  conversion: Conversion;
  offset: number;
  byteLength: number;
}

/** Rows of a tensor: from row `from` up to row `to` of `of`, which has `shape`. */
export interface TensorPart {
  of: string;
  shape: readonly number[];
  from?: number;
  to?: number;
  /** The shape in which the rows are seen, of as many elements. */
  as?: readonly number[];
}

export interface PlanOptions {
  checkpoint: Checkpoint;
  /** What stands before every tensor's name, e.g. `base.` in the authors' dictionary of four sets. */
  prefix: string;
  /** The name under which the graph finds a checkpoint file. */
  nameOf: (file: string) => string;
  /** Nothing is mapped: the converted file holds all tensors. */
  convertsAll?: boolean;
  /** The plain name of the file that converted tensors go to. */
  convertedFile: string;
}

/** Converted tensors start on a multiple of this, as mapped memory likes it. */
const alignment = 64;

const bytesOf = { float32: 4, float16: 2, int8: 1, int8Scales: 4 } as const;
const storedAs: Record<Conversion, ElementType> = {
  float32: 'float32',
  float16: 'float16',
  int8: 'int8',
  int8Scales: 'float32',
};

/** Types of weights; a network's whole numbers are places and tables, which graphs have of their own. */
const floats: ReadonlySet<Dtype> = new Set(['float32', 'float64', 'float16', 'bfloat16']);

/** The tensors of one set of a checkpoint, as a graph asks for them. What it asks for decides what has to be converted. */
export class WeightPlan {
  readonly #options: PlanOptions;
  readonly #planned = new Map<string, PlannedTensor>();
  readonly #parts = new Map<string, { entry: TensorEntry; shape: readonly number[] }>();
  readonly #used = new Set<string>();
  #end = 0;

  constructor(options: PlanOptions) {
    this.#options = options;
  }

  /** What has to be written to the converted file. */
  get planned(): readonly PlannedTensor[] {
    return [...this.#planned.values()];
  }

  /** The full names of all tensors that were asked for. */
  get used(): readonly string[] {
    return [...this.#used];
  }

  /** Gives rows of a tensor a name of their own (q, k and v of a joint matrix). No byte moves. */
  define(name: string, part: TensorPart): void {
    const { of, shape, from = 0, to = shape[0]! } = part;
    const entry = takeRows(this.entry(of, shape), from, to);
    this.#parts.set(name, { entry, shape: part.as ?? entry.shape });
  }

  has(name: string): boolean {
    return this.#options.checkpoint.tensors.has(this.fullName(name));
  }

  /** As the checkpoint calls it. */
  fullName(name: string): string {
    return this.#options.prefix + name;
  }

  /** Of the checkpoint. */
  get path(): string {
    return this.#options.checkpoint.path;
  }

  /**
   * A tensor of the set.
   *
   * @param shape what the architecture says; null where any shape will do
   * @throws StudioError `checkpointInvalid` where it is missing, has another shape, or holds no floating-point numbers
   */
  entry(name: string, shape: readonly number[] | null): TensorEntry {
    const fullName = this.fullName(name);
    const part = this.#parts.get(name);
    const entry = part?.entry ?? this.#options.checkpoint.tensors.get(fullName);
    const { path } = this;
    if (entry === undefined) {
      throw new StudioError(
        'checkpointInvalid',
        `${path} has no tensor “${fullName}”, which this architecture needs. Is it the right file?`,
        { path, tensor: fullName },
      );
    }
    const known = part?.shape ?? entry.shape;
    if (shape !== null && (shape.length !== known.length || shape.some((size, at) => size !== known[at]))) {
      throw new StudioError(
        'checkpointInvalid',
        `“${fullName}” in ${path} has the shape [${known}]; this architecture needs [${shape}].`,
        { path, tensor: fullName },
      );
    }
    if (!floats.has(entry.dtype)) {
      throw new StudioError(
        'checkpointInvalid',
        `“${fullName}” in ${path} holds numbers of the type ${entry.dtype}, not weights in floating point. A quantised checkpoint lacks what these numbers mean: choose the original one.`,
        { path, tensor: fullName, dtype: entry.dtype },
      );
    }
    if (part === undefined) this.#used.add(fullName);
    return entry;
  }

  /** The values of a small tensor, for what is computed while the graph is built. */
  async read(name: string, shape: readonly number[]): Promise<Float32Array> {
    return await readTensor(this.entry(name, shape));
  }

  /** A tensor as float32, in place where the checkpoint has it so. */
  locate(name: string, shape: readonly number[]): ExternalTensor {
    const entry = this.entry(name, shape);
    const { nameOf, convertsAll = false } = this.#options;
    if (convertsAll || entry.dtype !== 'float32' || !entry.isContiguous) {
      return this.convert(name, shape, 'float32');
    }
    const { offset, byteLength } = entry;
    return { type: 'float32', shape, file: nameOf(entry.file), offset, byteLength };
  }

  /** A tensor in another form, which the converted file will hold. */
  convert(name: string, shape: readonly number[], conversion: Conversion): ExternalTensor {
    const entry = this.entry(name, shape);
    const key = `${entry.name} ${conversion}`;
    const stored = storedShape(shape, conversion);
    const byteLength = stored.reduce((product, size) => product * size, bytesOf[conversion]);
    let planned = this.#planned.get(key);
    if (planned === undefined) {
      planned = { entry, conversion, offset: this.#end, byteLength };
      this.#planned.set(key, planned);
      this.#end = Math.ceil((planned.offset + byteLength) / alignment) * alignment;
    }
    const { offset } = planned;
    return {
      type: storedAs[conversion],
      shape: stored,
      file: this.#options.convertedFile,
      offset,
      byteLength,
    };
  }
}

function storedShape(shape: readonly number[], conversion: Conversion): readonly number[] {
  if (conversion === 'int8') return [shape[1]!, shape[0]!];
  return conversion === 'int8Scales' ? [shape[0]!] : shape;
}
