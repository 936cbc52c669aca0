/** Which sampler of a ComfyUI graph the saved picture began with. */
import { type Graph, type GraphNode, inputOf, isLink, isNumeric } from './graph.ts';

/** Links on which pictures and latents go. */
export function isLatentWay(name: string): boolean {
  return /^(samples?(\d|_\w+)?|pixels|images?|image\d|latents?|latent_image|any.*|input.*|value|)$|latent|pipe|ctx|context/i.test(
    name,
  );
}

/** Links on which several things go at once. */
export function isPipe(name: string): boolean {
  return /pipe|ctx|context|tuple/i.test(name);
}

/** Against graphs that are made to keep us busy. */
const mostSavers = 50;

/**
 * The sampler that a saving node leads to; of several on that way the first, whose latent image was not sampled before (the others refine it).
 * A sampler takes text (`positive`, a `guider`, a pipe) or has a seed, and says what it is by its name or its steps. Null where there is none.
 */
export function findSampler(graph: Graph): GraphNode | null {
  const samplers = new Set(graph.all().filter((node) => isSampler(node)));
  const before = (node: GraphNode) => {
    const links = Object.entries(node.inputs).filter(([name, value]) => isLatentWay(name) && isLink(value));
    for (const [, link] of links) {
      const found = graph.search(link, isLatentWay, (at) =>
        samplers.has(at) && at !== node ? at : undefined,
      );
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const last =
    saversOf(graph)
      .map(before)
      .find((node) => node !== undefined) ?? samplers.values().next().value;
  const seen = new Set<GraphNode>();
  let first = last;
  for (let node = last; node !== undefined && !seen.has(node); node = before(node)) {
    seen.add(node);
    first = node;
  }
  return first ?? null;
}

/** Where pictures leave the graph: those that save before those that show. */
function saversOf(graph: Graph): GraphNode[] {
  const savers = graph.all().filter(({ type }) => /save|output/i.test(type));
  const viewers = graph.all().filter(({ type }) => /preview/i.test(type));
  return [...savers, ...viewers].slice(0, mostSavers);
}

/** Without a sampler: the node that a saving node leads to and that takes a prompt, as those of services that generate elsewhere. */
export function findService(graph: Graph): GraphNode | null {
  const takesPrompt = (node: GraphNode) => {
    const prompt = inputOf(node, 'prompt');
    return typeof prompt === 'string' || isLink(prompt) ? node : undefined;
  };
  for (const saver of saversOf(graph)) {
    for (const [name, link] of Object.entries(saver.inputs)) {
      const found = isLatentWay(name) ? graph.search(link, isLatentWay, takesPrompt) : undefined;
      if (found !== undefined) return found;
    }
  }
  return null;
}

function isSampler(node: GraphNode): boolean {
  const { type, inputs } = node;
  const takesText = ['positive', 'guider', 'cond1'].some((name) => isLink(inputOf(node, name)));
  if (takesText && (/sampl/i.test(type) || inputOf(node, 'steps') !== undefined)) return true;
  if (/sampl/i.test(type) && ['seed', 'noise_seed'].some((name) => isNumeric(inputOf(node, name))))
    return true;
  const takesPipe = Object.entries(inputs).some(([name, value]) => isPipe(name) && isLink(value));
  return (
    takesPipe &&
    ['steps', 'seed', 'noise_seed'].some(
      (name) => isNumeric(inputOf(node, name)) || isLink(inputOf(node, name)),
    )
  );
}
