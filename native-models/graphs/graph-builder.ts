/** Writes ONNX graphs: values, weights that stay where they are, nodes in named scopes that read well in a graph viewer. */
import { StudioError } from '../../contract/errors.ts';
import {
  type AttributeMessage,
  encodeModel,
  type NodeMessage,
  type TensorMessage,
  type ValueMessage,
} from './onnx-schema.ts';

/** ONNX's numbers for element types (TensorProto.DataType). */
export const elementTypes = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  bfloat16: 16,
} as const;
export type ElementType = keyof typeof elementTypes;

/** AttributeProto.AttributeType. */
const attributeTypes = { float: 1, int: 2, string: 3, ints: 7 } as const;

/** A value in the graph, by its name. */
export type Value = string & { readonly brand: 'Value' };

/** A dimension is a number, or a name where it is known only when the graph runs. */
export type Dimension = number | string;

/** Where a tensor's bytes are: a file beside the `.onnx`, and a range in it (ONNX external data). */
export interface ExternalTensor {
  type: ElementType;
  shape: readonly number[];
  /** A plain file name: the runtime refuses paths that leave the folder. */
  file: string;
  offset: number;
  byteLength: number;
}

/** An attribute; an integer is written as `{ int }`, because ONNX tells 1 from 1.0. */
export type Attribute = { int: number } | { ints: number[] } | { float: number } | { string: string };

export interface NodeOptions {
  attributes?: Record<string, Attribute>;
  /** `com.microsoft` for the runtime's own operators. */
  domain?: '' | 'com.microsoft';
  /** How the node is called in its scope; the operator's name where absent. */
  name?: string;
}

/** The operator set that graphs are written in. */
const opset = 20;
/** Raised whenever a change alters what graphs compute; part of a pack's manifest. */
export const graphBuilderVersion = 3;

/** A graph under construction. Node and value names are `scope/scope/name`, made unique by a number. */
export class GraphBuilder {
  readonly #name: string;
  readonly #nodes: NodeMessage[] = [];
  readonly #initializers: TensorMessage[] = [];
  readonly #weights = new Map<string, Value>();
  readonly #inputs: ValueMessage[] = [];
  readonly #outputs: ValueMessage[] = [];
  readonly #names = new Set<string>();
  #scope = '';

  constructor(name: string) {
    this.#name = name;
  }

  /** Names everything that `build` adds `name/…`. */
  scope<Result>(name: string, build: () => Result): Result {
    const outer = this.#scope;
    this.#scope = `${outer}${name}/`;
    try {
      return build();
    } finally {
      this.#scope = outer;
    }
  }

  input(name: string, type: ElementType, shape: readonly Dimension[]): Value {
    this.#inputs.push(describeValue(name, type, shape));
    return this.#unique(name);
  }

  /** Gives `value` to whoever runs the graph, under `name`. @throws StudioError `internal` when something else is called so */
  output(value: Value, name: string, type: ElementType, shape: readonly Dimension[]): void {
    if (this.#names.has(name))
      throw new StudioError('internal', `Two values of the graph are called ${name}.`);
    this.#names.add(name);
    this.#nodes.push({ input: [value], output: [name], name, opType: 'Identity', attribute: [], domain: '' });
    this.#outputs.push(describeValue(name, type, shape));
  }

  /** A small tensor stored in the graph itself. @throws StudioError `internal` when data and shape differ in length */
  constant(
    name: string,
    data: Float32Array | BigInt64Array | Int32Array | Uint8Array | Int8Array,
    shape: readonly number[],
  ): Value {
    const length = shape.reduce((product, size) => product * size, 1);
    if (length !== data.length) {
      throw new StudioError(
        'internal',
        `The constant ${name} has ${data.length} elements for shape [${shape}].`,
      );
    }
    const value = this.#unique(`${this.#scope}${name}`);
    this.#initializers.push({
      name: value,
      dims: [...shape],
      dataType: elementTypes[elementTypeOf(data)],
      rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    });
    return value;
  }

  /** One float32 number. */
  scalar(name: string, number: number): Value {
    return this.constant(name, Float32Array.of(number), []);
  }

  /** A list of int64 (shapes, axes, indices). */
  ints(name: string, numbers: readonly number[]): Value {
    return this.constant(name, BigInt64Array.from(numbers, BigInt), [numbers.length]);
  }

  /** A tensor whose bytes stay in a file; asked for twice by one name, it is one tensor. */
  weight(name: string, { type, shape, file, offset, byteLength }: ExternalTensor): Value {
    const known = this.#weights.get(name);
    if (known !== undefined) return known;
    const value = this.#unique(name);
    this.#weights.set(name, value);
    this.#initializers.push({
      name: value,
      dims: [...shape],
      dataType: elementTypes[type],
      dataLocation: 1,
      externalData: Object.entries({ location: file, offset, length: byteLength }).map(([key, entry]) => ({
        key,
        value: String(entry),
      })),
    });
    return value;
  }

  /** Adds a node with one output. An input that an operator does not need is `null`. */
  node(operator: string, inputs: readonly (Value | null)[], options: NodeOptions = {}): Value {
    return this.nodes(operator, inputs, 1, options)[0]!;
  }

  /** Adds a node with several outputs. */
  nodes(
    operator: string,
    inputs: readonly (Value | null)[],
    outputCount: number,
    { attributes = {}, domain = '', name = operator }: NodeOptions = {},
  ): Value[] {
    const path = this.#unique(`${this.#scope}${name}`);
    const rest = Array.from({ length: outputCount - 1 }, (_, at) => this.#unique(`${path}.${at + 1}`));
    const output = [path, ...rest];
    this.#nodes.push({
      input: inputs.map((input) => input ?? ''),
      output,
      name: path,
      opType: operator,
      attribute: Object.entries(attributes).map(([key, attribute]) => encodeAttribute(key, attribute)),
      domain,
    });
    return output;
  }

  /** The bytes of the `.onnx` file. */
  build(about: Record<string, string> = {}): Uint8Array {
    return encodeModel({
      irVersion: 10,
      producerName: 'sf-iqa-studio',
      producerVersion: String(graphBuilderVersion),
      graph: {
        node: this.#nodes,
        name: this.#name,
        docString: '',
        initializer: this.#initializers,
        input: this.#inputs,
        output: this.#outputs,
      },
      opsetImport: [
        { domain: '', version: opset },
        { domain: 'com.microsoft', version: 1 },
      ],
      metadataProps: Object.entries(about).map(([key, value]) => ({ key, value })),
    });
  }

  #unique(name: string): Value {
    let unique = name;
    for (let count = 2; this.#names.has(unique); count += 1) unique = `${name}_${count}`;
    this.#names.add(unique);
    return unique as Value;
  }
}

function describeValue(name: string, type: ElementType, shape: readonly Dimension[]): ValueMessage {
  const dim = shape.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: elementTypes[type], shape: { dim } } } };
}

function elementTypeOf(data: ArrayBufferView): ElementType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof BigInt64Array) return 'int64';
  if (data instanceof Int32Array) return 'int32';
  return data instanceof Int8Array ? 'int8' : 'uint8';
}

function encodeAttribute(name: string, attribute: Attribute): AttributeMessage {
  if ('int' in attribute) return { name, type: attributeTypes.int, i: attribute.int };
  if ('ints' in attribute) return { name, type: attributeTypes.ints, ints: attribute.ints };
  if ('float' in attribute) return { name, type: attributeTypes.float, f: attribute.float };
  return { name, type: attributeTypes.string, s: new TextEncoder().encode(attribute.string) };
}
