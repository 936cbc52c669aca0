/** LoRAs on the way from a sampler to its checkpoint, as the loaders of ComfyUI and of its extensions write them. */
import { type FoundLora, readLoraTags } from '../blocks.ts';
import { asFields, fieldOf, listOf } from '../json.ts';
import { type Graph, type GraphNode, inputOf, isNumeric } from './graph.ts';

/** Nearest to the checkpoint first, as they are applied. @param link the sampler's input `model` */
export function findLoras(graph: Graph, link: unknown, via: (name: string) => boolean): FoundLora[] {
  const found: FoundLora[] = [];
  const both = (name: string) => via(name) || /lora/i.test(name);
  graph.search(link, both, (node) => {
    found.unshift(...lorasOf(graph, node));
    return undefined;
  });
  return found;
}

function lorasOf(graph: Graph, node: GraphNode): FoundLora[] {
  const weight = graph.value(
    node,
    ['strength_model', 'lora_model_strength', 'strength', 'lora_strength'],
    isNumeric,
  );
  return [
    ...[{ name: graph.value(node, ['lora_name'], (value) => typeof value === 'string'), weight }],
    ...numberedLoras(node),
    ...switchedLoras(node),
    ...calledLoras(graph, node),
    ...managedLoras(node),
  ].filter((lora) => typeof lora.name === 'string' && Number(lora.weight) !== 0);
}

/** Stackers: `lora_name_1`, `model_weight_1` (`lora_wt_1`), `switch_1`; of `lora_count` where it is told, in the mode that has one weight or that has two. */
function numberedLoras(node: GraphNode): FoundLora[] {
  const count = inputOf(node, 'lora_count') ?? inputOf(node, 'num_loras');
  const hasTwo = (inputOf(node, 'input_mode') ?? inputOf(node, 'mode')) === 'advanced';
  return Object.keys(node.inputs).flatMap((key) => {
    const number = /^(?:lora_name_(\d+)|lora_?(\d+)(?:_name)?)$/.exec(key)?.slice(1).find(Boolean);
    if (number === undefined || (typeof count === 'number' && Number(number) > count)) return [];
    if (inputOf(node, `switch_${number}`) === 'Off') return [];
    const one = [`lora_wt_${number}`, `lora_${number}_strength`, `strength_${number}`];
    const ofModel = [`model_str_${number}`, `lora_${number}_model_strength`, `lora${number}_model_strength`];
    const weight = [`model_weight_${number}`, ...(hasTwo ? [...ofModel, ...one] : [...one, ...ofModel])]
      .map((name) => inputOf(node, name))
      .find(isNumeric);
    return [{ name: inputOf(node, key), weight }];
  });
}

/** Loaders that read `<lora:name:weight>` in a text. */
function calledLoras(graph: Graph, node: GraphNode): FoundLora[] {
  const text = graph.value(
    node,
    ['populated_text', 'text', 'prompt'],
    (value) => typeof value === 'string' && readLoraTags(value).length > 0,
  );
  return typeof text === 'string' ? readLoraTags(text) : [];
}

/** rgthree's loader: `lora_1: { on, lora, strength }`. */
function switchedLoras(node: GraphNode): FoundLora[] {
  return Object.values(node.inputs)
    .map(asFields)
    .filter((entry) => typeof fieldOf(entry, 'lora') === 'string' && fieldOf(entry, 'on') !== false)
    .map((entry) => ({ name: fieldOf(entry, 'lora'), weight: fieldOf(entry, 'strength') }));
}

/** LoRA Manager's loader: `loras: { __value__: [{ name, strength, active }] }`. */
function managedLoras(node: GraphNode): FoundLora[] {
  const value = inputOf(node, 'loras');
  return listOf(fieldOf(asFields(value), '__value__') ?? value)
    .map(asFields)
    .filter((entry) => fieldOf(entry, 'active') !== false)
    .map((entry) => ({ name: fieldOf(entry, 'name'), weight: fieldOf(entry, 'strength') }));
}
