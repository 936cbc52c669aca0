/** ComfyUI: the API graph, whose links lead from the sampler to the text, the seed and the checkpoint. */
import { type Blocks, makeReading, type Reading } from './blocks.ts';
import { asFields, type Fields, fieldOf, parseFields } from './json.ts';

/** The graph in `prompt`, in EXIF Make, Model or ImageDescription after `prompt:`, or in a UserComment. */
export function readComfyUi(blocks: Blocks): Reading | null {
  const graph = findGraph(blocks);
  return graph === null ? null : readGraph(graph);
}

/** The API graph among the blocks, or null. */
export function findGraph(blocks: Blocks): Fields | null {
  for (const name of ['prompt', 'Make', 'Model', 'ImageDescription', 'UserComment']) {
    const text = blocks.get(name)?.replace(/^\s*prompt:\s*/i, '');
    const fields = parseFields(text);
    const nested = asFields(fieldOf(fields, 'prompt')) ?? parseFields(stringOf(fieldOf(fields, 'prompt')));
    for (const graph of [fields, nested]) if (graph !== null && isGraph(graph)) return graph;
  }
  return null;
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isGraph(fields: Fields): boolean {
  return Object.values(fields).some((node) => typeof fieldOf(asFields(node), 'class_type') === 'string');
}

/** Most links followed from one input, against loops. */
const maxLinks = 50;

class Graph {
  readonly #nodes: Fields;
  constructor(nodes: Fields) {
    this.#nodes = nodes;
  }

  all(): Fields[] {
    return Object.values(this.#nodes)
      .map(asFields)
      .filter((node) => node !== null);
  }

  typeOf(node: Fields): string {
    return stringOf(fieldOf(node, 'class_type')) ?? '';
  }

  input(node: Fields, name: string): unknown {
    return fieldOf(asFields(fieldOf(node, 'inputs')), name);
  }

  /** The node a link `[id, output]` leads to; null for a value that is no link. */
  follow(link: unknown): Fields | null {
    if (!Array.isArray(link) || link.length !== 2) return null;
    return asFields(fieldOf(this.#nodes, String(link[0])));
  }

  /** The first value that `pick` finds on the way along the links from `start`, through the inputs named in `via`. */
  search(start: unknown, via: readonly string[], pick: (node: Fields) => unknown): unknown {
    const queue: unknown[] = [start];
    const seen = new Set<Fields>();
    while (queue.length > 0 && seen.size < maxLinks) {
      const node = this.follow(queue.shift());
      if (node === null || seen.has(node)) continue;
      seen.add(node);
      const found = pick(node);
      if (found !== undefined) return found;
      for (const name of via) queue.push(this.input(node, name));
    }
    return undefined;
  }

  /** A value of an input, or what the node it is linked to holds. */
  value(node: Fields, names: readonly string[]): unknown {
    for (const name of names) {
      const direct = this.input(node, name);
      if (typeof direct === 'string' || typeof direct === 'number') return direct;
      const linked = this.search(direct, holders, (at) =>
        holders.map((holder) => this.input(at, holder)).find((value) => isPlain(value)),
      );
      if (linked !== undefined) return linked;
    }
    return undefined;
  }
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

/** Inputs in which nodes for plain values hold them. */
const holders = ['value', 'text', 'string', 'prompt', 'text_positive', 'seed', 'noise_seed', 'int', 'float'];
const conditioningInputs = ['conditioning', 'positive', 'conditioning_1', 'conditioning_to', 'cond1'];
const textInputs = ['text', 'text_g', 'clip_l', 't5xxl', 'text_l', 'prompt', 'string'];
const modelInputs = ['ckpt_name', 'unet_name', 'model_name', 'base_ckpt_name'];

function readGraph(nodes: Fields): Reading | null {
  const graph = new Graph(nodes);
  const sampler = findSampler(graph);
  if (sampler === null) return null;
  const guider = graph.follow(graph.input(sampler, 'guider'));
  const conditioned = guider ?? sampler;
  function textOf(input: unknown): unknown {
    return graph.search(input, conditioningInputs, (node) => graph.value(node, textInputs));
  }
  const scheduler = graph.follow(graph.input(sampler, 'sigmas'));
  const noise = graph.follow(graph.input(sampler, 'noise'));
  const select = graph.follow(graph.input(sampler, 'sampler'));
  return makeReading({
    tool: 'ComfyUI',
    prompt: textOf(graph.input(conditioned, 'positive') ?? graph.input(conditioned, 'conditioning')),
    negativePrompt: textOf(graph.input(conditioned, 'negative')) ?? '',
    model: graph.search(graph.input(conditioned, 'model'), ['model'], (node) =>
      graph.value(node, modelInputs),
    ),
    seed: graph.value(noise ?? sampler, ['seed', 'noise_seed']),
    steps: graph.value(scheduler ?? sampler, ['steps']),
    cfg: graph.value(conditioned, ['cfg']),
    sampler: graph.value(select ?? sampler, ['sampler_name']),
  });
}

/**
 * The sampler that the picture began with: of several, the first whose latent image was not sampled before (the others refine it).
 * A sampler is a node with `positive` or `guider`, and a latent.
 */
function findSampler(graph: Graph): Fields | null {
  const samplers = graph.all().filter((node) => {
    const hasText = graph.follow(graph.input(node, 'positive') ?? graph.input(node, 'guider')) !== null;
    return hasText && (/sampler/i.test(graph.typeOf(node)) || isPlain(graph.input(node, 'steps')));
  });
  const way = ['samples', 'pixels', 'image', 'images', 'latent_image', 'latent'];
  const first = samplers.find(
    (node) =>
      graph.search(graph.input(node, 'latent_image') ?? graph.input(node, 'latent'), way, (before) =>
        samplers.includes(before) ? before : undefined,
      ) === undefined,
  );
  return first ?? samplers[0] ?? null;
}
