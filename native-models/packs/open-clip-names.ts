/** A CLIP as open_clip saves it (HPS v2, LAION), seen under the names of transformers, which the graphs use. No byte moves. */
import type { Checkpoint, TensorEntry } from '../checkpoints/checkpoint.ts';
import { takeRows } from '../checkpoints/tensor-layout.ts';

const fixed: Record<string, string> = {
  logit_scale: 'logit_scale',
  positional_embedding: 'text_model.embeddings.position_embedding.weight',
  'token_embedding.weight': 'text_model.embeddings.token_embedding.weight',
  'ln_final.weight': 'text_model.final_layer_norm.weight',
  'ln_final.bias': 'text_model.final_layer_norm.bias',
  'visual.class_embedding': 'vision_model.embeddings.class_embedding',
  'visual.positional_embedding': 'vision_model.embeddings.position_embedding.weight',
  'visual.conv1.weight': 'vision_model.embeddings.patch_embedding.weight',
  'visual.ln_pre.weight': 'vision_model.pre_layrnorm.weight',
  'visual.ln_pre.bias': 'vision_model.pre_layrnorm.bias',
  'visual.ln_post.weight': 'vision_model.post_layernorm.weight',
  'visual.ln_post.bias': 'vision_model.post_layernorm.bias',
};

/** Matrices that open_clip keeps as [in, out]. */
const turned: Record<string, string> = {
  text_projection: 'text_projection.weight',
  'visual.proj': 'visual_projection.weight',
};

const inBlock: Record<string, string> = {
  ln_1: 'layer_norm1',
  ln_2: 'layer_norm2',
  'attn.out_proj': 'self_attn.out_proj',
  'mlp.c_fc': 'mlp.fc1',
  'mlp.c_proj': 'mlp.fc2',
};

const blockName = /^(visual\.)?transformer\.resblocks\.(\d+)\.(.+)$/;

/** The same tensors by transformers' names. */
export function renameOpenClip(checkpoint: Checkpoint): Checkpoint {
  const tensors = new Map<string, TensorEntry>();
  for (const [openName, entry] of checkpoint.tensors) {
    for (const [name, seen] of rename(openName, entry)) tensors.set(name, seen);
  }
  return { ...checkpoint, tensors };
}

function rename(name: string, entry: TensorEntry): [string, TensorEntry][] {
  const same = fixed[name];
  if (same !== undefined) return [[same, entry]];
  const other = turned[name];
  if (other !== undefined && entry.shape.length === 2) return [[other, transpose(entry)]];
  const [, visual, layer, part] = blockName.exec(name) ?? [];
  // What has no counterpart stays seen, so that it is missed in the graphs and not passed over.
  if (layer === undefined || part === undefined)
    return name.startsWith('visual.') ? [[`vision_model.${name}`, entry]] : [];
  const block = `${visual === undefined ? 'text_model' : 'vision_model'}.encoder.layers.${layer}`;
  const joint = /^attn\.in_proj_(weight|bias)$/.exec(part)?.[1];
  if (joint !== undefined && entry.isContiguous && entry.shape[0]! % 3 === 0) {
    return ['q', 'k', 'v'].map((which, at) => [
      `${block}.self_attn.${which}_proj.${joint}`,
      third(entry, at),
    ]);
  }
  const split = part.lastIndexOf('.');
  const known = inBlock[part.slice(0, split)];
  return [[`${block}.${known === undefined ? part : known + part.slice(split)}`, entry]];
}

function transpose(entry: TensorEntry): TensorEntry {
  return {
    ...entry,
    shape: [...entry.shape].reverse(),
    strides: [...entry.strides].reverse(),
    isContiguous: false,
  };
}

/** Rows of q, k or v in the joint matrix. */
function third(entry: TensorEntry, at: number): TensorEntry {
  const rows = entry.shape[0]! / 3;
  return { ...takeRows(entry, at * rows, (at + 1) * rows), name: `${entry.name}[${'qkv'[at]}]` };
}
