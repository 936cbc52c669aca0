/** ComfyUI: the API graph, whose links lead from the sampler to the text, the seed and the checkpoint; else the editor's graph. */
import { type Blocks, makeReading, type Reading, readSize } from '../blocks.ts';
import { asFields, type Fields, fieldOf, parseFields } from '../json.ts';
import { toApiGraph } from './editor-graph.ts';
import { findLoras } from './find-loras.ts';
import { findSampler, findService, isLatentWay, isPipe } from './find-sampler.ts';
import { findText } from './find-text.ts';
import { Graph, type GraphNode, inputOf, isLink, isNumeric, isWord, leadsToValue } from './graph.ts';

/**
 * The graph in `prompt`, in EXIF Make, Model or ImageDescription after `prompt:`, or in a UserComment; where none can be read, or none
 * has a sampler that leads to a prompt, the editor's graph in `workflow`.
 */
export function readComfyUi(blocks: Blocks): Reading | null {
  let withoutPrompt: Reading | null = null;
  for (const { name, mark, convert } of forms) {
    for (const block of [name, 'Make', 'Model', 'ImageDescription', 'UserComment']) {
      const fields = parseFields(blocks.get(block)?.replace(mark, ''));
      for (const graph of [
        fields,
        asFields(fieldOf(fields, name)),
        parseFields(textOf(fieldOf(fields, name))),
      ]) {
        const nodes = graph === null ? null : convert(graph);
        const reading = nodes === null ? null : readGraph(new Graph(nodes));
        if (reading !== null && reading.prompt !== null) return reading;
        withoutPrompt ??= reading;
      }
    }
  }
  return withoutPrompt;
}

const forms = [
  { name: 'prompt', mark: /^\s*prompt:\s*/i, convert: (graph: Fields) => (isApiGraph(graph) ? graph : null) },
  { name: 'workflow', mark: /^\s*workflow:\s*/i, convert: toApiGraph },
] as const;

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isApiGraph(fields: Fields): boolean {
  return Object.values(fields).some((node) => typeof fieldOf(asFields(node), 'class_type') === 'string');
}

const modelInputs = ['ckpt_name', 'unet_name', 'model_name', 'base_ckpt_name', 'model_path', 'gguf_name'];

/** Links on which the network goes, alone or with others in a pipe. */
function isModelWay(name: string): boolean {
  return /^(base_|opt_)?model_?\d?$|^unet$|pipe|ctx|context|tuple|^any|^input|^value$|^$/i.test(name);
}

function readGraph(graph: Graph): Reading | null {
  const sampler = findSampler(graph) ?? findService(graph);
  if (sampler === null) return null;
  const conditioned = graph.follow(inputOf(sampler, 'guider')) ?? sampler;
  const scheduler = inputOf(sampler, 'sigmas');
  const noise = graph.follow(inputOf(sampler, 'noise'));
  const select = graph.follow(inputOf(sampler, 'sampler'));
  const pipe = Object.entries(sampler.inputs).find(([name, value]) => isPipe(name) && isLink(value))?.[1];
  const model = inputOf(conditioned, 'model') ?? inputOf(conditioned, 'model1') ?? pipe;
  /** In the node, or along its pipes. */
  const find = (node: GraphNode, names: readonly string[], isWanted: (value: unknown) => boolean) =>
    graph.value(node, names, isWanted) ??
    graph.search(pipe, isModelWay, (at) => graph.value(at, names, isWanted));
  return makeReading({
    tool: 'ComfyUI',
    prompt: findText(
      graph,
      inputOf(conditioned, 'positive') ??
        inputOf(conditioned, 'conditioning') ??
        inputOf(conditioned, 'cond1') ??
        inputOf(conditioned, 'text_embeds') ??
        pipe ??
        inputOf(conditioned, 'prompt'),
      'positive',
    ),
    negativePrompt:
      findText(
        graph,
        inputOf(conditioned, 'negative') ??
          inputOf(conditioned, 'neg_conditioning') ??
          inputOf(conditioned, 'text_embeds') ??
          (conditioned === sampler ? pipe : null) ??
          inputOf(conditioned, 'negative_prompt'),
        'negative',
      ) ?? '',
    model: graph.search(model, isModelWay, (node) => graph.value(node, modelInputs, isWord)),
    seed: find(noise ?? sampler, ['noise_seed', 'seed'], isNumeric),
    steps: isLink(scheduler)
      ? graph.search(scheduler, (name) => name === 'sigmas' || leadsToValue(name), stepsOf)
      : find(sampler, ['steps', 'steps_total'], isNumeric),
    cfg: find(conditioned, ['cfg', 'cfg_conds'], isNumeric),
    sampler: find(select ?? sampler, ['sampler_name'], isWord) ?? nameOfType(select),
    ...findSize(graph, sampler, pipe),
    loras: findLoras(graph, model, isModelWay),
  });

  function stepsOf(node: GraphNode): unknown {
    return graph.value(node, ['steps', 'steps_total'], isNumeric);
  }
}

/** Some samplers are nodes of their own: `SamplerEulerAncestral` is what others call `euler_ancestral`. */
function nameOfType(node: GraphNode | null): string | undefined {
  const name = /^Sampler(\w+)$/.exec(node?.type ?? '')?.[1];
  return name?.replace(/([a-z])(?=[A-Z])/g, '$1_').toLowerCase();
}

const widthInputs = ['width', 'empty_latent_width'];
const heightInputs = ['height', 'empty_latent_height'];

/** A size that was chosen in words, such as `832x1216 (0.68)`, goes before the fields that are there for others. */
function chosenSize(node: GraphNode): { width?: unknown; height?: unknown } | undefined {
  const [width, height] = ['width_override', 'height_override'].map((name) => Number(inputOf(node, name)));
  if (Number(width) > 0 && Number(height) > 0) return { width, height };
  const told = ['resolution', 'dimensions', 'aspect_ratio']
    .map((name) => readSize(inputOf(node, name)))
    .find((size) => size.width !== undefined);
  const isTurned = inputOf(node, 'swap_dimensions') === 'On';
  return isTurned && told !== undefined ? { width: told.height, height: told.width } : told;
}

/** The size of the latent image that sampling began with. */
function findSize(graph: Graph, sampler: GraphNode, pipe: unknown): { width?: unknown; height?: unknown } {
  const latent =
    inputOf(sampler, 'latent_image') ?? inputOf(sampler, 'latent') ?? inputOf(sampler, 'samples');
  const sizeOf = (node: GraphNode) => {
    const chosen = chosenSize(node);
    if (chosen !== undefined) return chosen;
    const width = graph.value(node, widthInputs, isNumeric);
    const height = graph.value(node, heightInputs, isNumeric);
    if (width !== undefined && height !== undefined) return { width, height };
    const picker = graph.follow(inputOf(node, 'width'));
    return picker === null ? undefined : chosenSize(picker);
  };
  return graph.search(latent, isLatentWay, sizeOf) ?? graph.search(pipe, isModelWay, sizeOf) ?? {};
}
