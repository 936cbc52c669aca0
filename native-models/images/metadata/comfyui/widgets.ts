/** The values that a node of ComfyUI's editor shows, by the names that its API form has for them. */
import { asFields, type Fields, fieldOf, listOf } from '../json.ts';

/** Names of the widgets in the editor's order, for nodes of older editors, which write the values without names; `-` for what is not asked for. */
const knownWidgets: Readonly<Record<string, string>> = {
  KSampler: 'seed - steps cfg sampler_name scheduler denoise',
  KSamplerAdvanced: 'add_noise noise_seed - steps cfg sampler_name scheduler start_at_step end_at_step -',
  SamplerCustom: 'add_noise noise_seed - cfg',
  RandomNoise: 'noise_seed -',
  KSamplerSelect: 'sampler_name',
  BasicScheduler: 'scheduler steps denoise',
  KarrasScheduler: 'steps',
  SDTurboScheduler: 'steps denoise',
  Flux2Scheduler: 'steps width height',
  CFGGuider: 'cfg',
  CLIPTextEncode: 'text',
  CLIPTextEncodeFlux: 'clip_l t5xxl guidance',
  CLIPTextEncodeSDXL: 'width height crop_w crop_h target_width target_height text_g text_l',
  CLIPTextEncodeSDXLRefiner: 'ascore width height text',
  CLIPTextEncodeSD3: 'clip_l clip_g t5xxl empty_padding',
  StringConcatenate: 'string_a string_b delimiter',
  PrimitiveString: 'value',
  PrimitiveStringMultiline: 'value',
  PrimitiveInt: 'value -',
  PrimitiveFloat: 'value',
  CheckpointLoaderSimple: 'ckpt_name',
  CheckpointLoader: 'config_name ckpt_name',
  UNETLoader: 'unet_name weight_dtype',
  UnetLoaderGGUF: 'unet_name',
  LoraLoader: 'lora_name strength_model strength_clip',
  LoraLoaderModelOnly: 'lora_name strength_model',
  EmptyLatentImage: 'width height batch_size',
  EmptySD3LatentImage: 'width height batch_size',
  EmptyFlux2LatentImage: 'width height batch_size',
  'KSampler (Efficient)': 'seed - steps cfg sampler_name scheduler denoise',
  'KSampler SDXL (Eff.)': 'noise_seed - steps cfg sampler_name scheduler',
  'Efficient Loader':
    'ckpt_name - - lora_name lora_model_strength - positive negative - - empty_latent_width empty_latent_height',
  'Eff. Loader SDXL':
    'base_ckpt_name - - - - - - positive negative - - empty_latent_width empty_latent_height',
  ImpactWildcardProcessor: 'wildcard_text populated_text',
  ImpactWildcardEncode: 'wildcard_text populated_text',
};

const seedControls = new Set<unknown>(['fixed', 'increment', 'decrement', 'randomize', null]);

/** What loaders choose is no text. */
const fileName = /\.(safetensors|sft|ckpt|pth?|bin|gguf|onnx)$/i;

/** By name: as a newer editor tells with its inputs, else as the node is known, else the first text as `text` and the first number as `value`. */
export function namedWidgets(node: Fields): Record<string, unknown> {
  const named: Record<string, unknown> = Object.create(null);
  const given = fieldOf(node, 'widgets_values');
  const byName = asFields(given);
  if (byName !== null) return Object.assign(named, byName);
  const values = listOf(given);
  // What a node shows is what it got when it ran, as a text or a list of one; its inputs say where that came from.
  const shown = values.flat(2).findLast((value) => typeof value === 'string');
  if (/^(?:show|display|preview) ?(?:text|any)/i.test(String(fieldOf(node, 'type'))) && shown !== undefined)
    named['text_0'] = shown;
  const told = toldNames(node, values);
  const known = knownWidgets[String(fieldOf(node, 'type'))]?.split(' ');
  const names = told.length === values.length ? told : (known ?? (told.length > 0 ? told : undefined));
  if (names === undefined) {
    named['text'] = values.find((value) => typeof value === 'string' && !fileName.test(value));
    named['value'] = values.find((value) => typeof value === 'number');
    // Loaders of extensions write an object for each LoRA: `{ on, lora, strength }`.
    for (const [at, value] of values.entries()) if (asFields(value) !== null) named[`widget_${at}`] = value;
  } else for (const [at, name] of names.entries()) if (name !== '-') named[name] = values[at];
  return named;
}

/** The names that the inputs tell, with a place for what a seed does next; editors of before 2025 tell only some of them. */
function toldNames(node: Fields, values: readonly unknown[]): string[] {
  const names: string[] = [];
  for (const input of listOf(fieldOf(node, 'inputs'))) {
    const widget = asFields(fieldOf(asFields(input), 'widget'));
    const name = fieldOf(widget, 'name');
    if (typeof name !== 'string') continue;
    names.push(name);
    if (/seed$/.test(name) && seedControls.has(values[names.length])) names.push('-');
  }
  return names;
}
