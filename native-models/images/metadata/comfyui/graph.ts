/** A ComfyUI graph in its API form: nodes by id, whose inputs are values or links `[id, output]`. Nothing of it is trusted. */
import { asFields, type Fields, fieldOf } from '../json.ts';

export interface GraphNode {
  type: string;
  inputs: Fields;
}

/** So many nodes are looked at for one question, against loops and against graphs that are made to keep us busy. */
const maxVisits = 2000;

/** Inputs that lead to something else than text or numbers: networks, pictures, masks. */
const otherInputs =
  /^(clip\d?|clip_(name|vision.*)|vae|model\d?|unet|image\d?|images|pixels|mask|samples|latent(_image)?|control_net|style_model|sigmas|noise|sampler|upscale_model|ipadapter|insightface)$/i;

export class Graph {
  readonly #nodes = new Map<string, GraphNode>();

  constructor(nodes: Fields) {
    for (const [id, value] of Object.entries(nodes)) {
      const node = asFields(value);
      const type = fieldOf(node, 'class_type');
      if (typeof type !== 'string') continue;
      this.#nodes.set(id, { type, inputs: asFields(fieldOf(node, 'inputs')) ?? {} });
    }
  }

  all(): GraphNode[] {
    return [...this.#nodes.values()];
  }

  /** The node a link leads to; null for a value that is no link. */
  follow(link: unknown): GraphNode | null {
    if (!isLink(link)) return null;
    return this.#nodes.get(String(link[0])) ?? null;
  }

  /** The node nearest to `start`, along the links whose input names pass `via`, for which `pick` gives a value. */
  search<Value>(
    start: unknown,
    via: (name: string) => boolean,
    pick: (node: GraphNode) => Value | undefined,
  ): Value | undefined {
    const queue: unknown[] = [start];
    const seen = new Set<GraphNode>();
    for (let link = queue.shift(); link !== undefined && seen.size < maxVisits; link = queue.shift()) {
      const node = this.follow(link);
      if (node === null || seen.has(node)) continue;
      seen.add(node);
      const found = pick(node);
      if (found !== undefined) return found;
      const chosen = this.chosenInput(node);
      if (isLink(chosen)) queue.push(chosen);
      else {
        for (const [name, value] of Object.entries(node.inputs)) {
          if (isLink(value) && via(name)) queue.push(value);
        }
      }
    }
    return undefined;
  }

  /** What a switch lets through: `select: 2` means `input2`, `text2` or the like, `switch: false` means `on_false`; undefined for other nodes. */
  chosenInput(node: GraphNode): unknown {
    if (!/switch|select|if_?else|branch/i.test(node.type)) return undefined;
    const choice = switchInputs
      .map((name) => this.#plain(inputOf(node, name)))
      .find((value) => typeof value === 'boolean' || Number.isInteger(value));
    const names =
      typeof choice === 'boolean'
        ? branchInputs[choice ? 'yes' : 'no']
        : numberedInputs.map((name) => name + String(choice));
    return names.map((name) => inputOf(node, name)).find((value) => value !== undefined);
  }

  /** A value itself, or the one that a primitive holds which it is linked to. */
  #plain(value: unknown): unknown {
    const node = this.follow(value);
    return node === null ? value : inputOf(node, 'value');
  }

  /** The first of the named inputs that has a value `isWanted`, itself or in the nodes that it is linked to. */
  value(node: GraphNode, names: readonly string[], isWanted: (value: unknown) => boolean): unknown {
    for (const name of names) {
      const own = inputOf(node, name);
      if (isWanted(own)) return own;
      const linked = this.search(own, leadsToValue, (at) =>
        [...names, ...holders].map((holder) => inputOf(at, holder)).find(isWanted),
      );
      if (linked !== undefined) return linked;
    }
    return undefined;
  }
}

/** What switches of ComfyUI and of its extensions call their choice, and what they choose from. */
const switchInputs = ['select', 'index', 'input', 'switch', 'boolean', 'cond', 'condition'];
const branchInputs = {
  yes: ['on_true', 'tt_value', 'if_true', 'true'],
  no: ['on_false', 'ff_value', 'if_false', 'false'],
};
const numberedInputs = [
  'input',
  'text',
  'text_',
  'string',
  'value',
  'conditioning',
  'cond',
  'model',
  'latent',
];

/** Inputs in which nodes for plain values hold them. */
const holders = ['value', 'int', 'float', 'number', 'string', 'text', 'seed'];

/** An own input, whatever the case of its name; the pickers of some extensions wrap a file name as `{ content }`. */
export function inputOf(node: GraphNode, name: string): unknown {
  const key = Object.hasOwn(node.inputs, name)
    ? name
    : Object.keys(node.inputs).find((own) => own.toLowerCase() === name);
  const value = key === undefined ? undefined : fieldOf(node.inputs, key);
  return fieldOf(asFields(value), 'content') ?? value;
}

export function isLink(value: unknown): value is [string | number, number] {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    (typeof value[0] === 'string' || typeof value[0] === 'number') &&
    typeof value[1] === 'number'
  );
}

/** Whether a link of this name can lead to text, numbers or conditioning. */
export function leadsToValue(name: string): boolean {
  return !otherInputs.test(name);
}

/** Whether a value is a number, or digits that are too many for one. */
export function isNumeric(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value));
}

export function isWord(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}
