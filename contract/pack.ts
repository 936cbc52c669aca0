/** Packs: a model as data (its manifest), and what the doors show of it. */
import { z } from 'zod';
import { Id, Name, PathWithin } from './common.ts';
import { HeadInputs, HeadKind } from './heads.ts';
import { Sampling } from './sampling.ts';
import { PackId, SignalName, Target } from './targets.ts';

/** A file name inside the pack's folder: no path, no surprises. */
const PackFile = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/);

/** How the large matrix products of a network are computed. */
export const Precision = z.enum(['float32', 'float16', 'int8']);
export type Precision = z.infer<typeof Precision>;

/** Execution providers of onnxruntime, in the order in which they are tried. */
export const providers = ['cuda', 'dml', 'coreml', 'webgpu', 'cpu'] as const;
export const Provider = z.enum(providers);
export type Provider = z.infer<typeof Provider>;

/**
 * With which operators a graph is written: `cpu` for onnxruntime's own provider (float32 graphs compute in float64 what float32 would blur),
 * `fused` for GPUs that have the runtime's fused operators, `plain` for those that have ONNX's own alone.
 */
export const Lowering = z.enum(['cpu', 'fused', 'plain']);
export type Lowering = z.infer<typeof Lowering>;

/** The name of one trained set of a checkpoint: `base`, `rank`, … */
export const MemberName = z.string().regex(/^[a-z][a-z0-9]{0,19}$/);

/** An ONNX graph of a pack: what it computes, and from which tensors. */
export const PackGraph = z.object({
  /**
   * `quality`: pixels → q, feature · `backbone`: pixels → feature · `image`: pixels → embedding · `text`: ids, position → embedding.
   * Embeddings have the length 1.
   */
  role: z.enum(['quality', 'backbone', 'image', 'text']),
  precision: Precision,
  /** For which providers. Lowerings that come to the same graph share its file; earlier versions wrote one for all. */
  lowering: Lowering.default('fused'),
  file: PackFile,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Over names, shapes and content of the tensors it reads: equal sets of two members are computed once. */
  tensorSet: z.string(),
  /** Bytes of these tensors: what it takes in memory. */
  weightBytes: z.int().nonnegative(),
  /** The absolute folder that its weights are mapped from, where they could not be linked into the pack's; else null. */
  weightsFolder: z.string().nullable().default(null),
});
export type PackGraph = z.infer<typeof PackGraph>;

/** One trained set: SF-IQA’s checkpoint holds four, whose mean is the official score. */
export const PackMember = z.object({
  name: MemberName,
  graphs: z.array(PackGraph),
  /** exp(logit_scale): S is this times the cosine. Null where there is no S. */
  logitScale: z.number().positive().nullable(),
});
export type PackMember = z.infer<typeof PackMember>;

/** A file that graphs read their weights from. */
export const PackSourceFile = z.object({
  /** What graphs call it: its place in the pack's folder, or in their `weightsFolder`. */
  link: PathWithin,
  /** Where it was when it was added. */
  path: z.string(),
  sizeBytes: z.int().nonnegative(),
  mtimeMs: z.number(),
  /** False for what the pack wrote itself (converted tensors, copies). */
  isOriginal: z.boolean(),
  /** Read at `path`: there is no link of it in the pack's folder. */
  isInPlace: z.boolean().default(false),
});

/** What a pack of kind `network` is made of. */
export const PackNetwork = z.object({
  /** Version of the code that wrote the graphs. */
  builder: z.int().positive(),
  /** Version of the code that makes pixels into inputs. */
  preprocess: z.int().positive(),
  /** The precision that scores are computed in; float32 graphs are there as well. */
  precision: Precision,
  members: z.array(PackMember).min(1),
  /** How the quality branch or the backbone sees the image. Null where there is none. */
  quality: z
    .object({
      recipe: z.enum([...Sampling.options, 'resize']),
      sizePx: z.int().positive(),
      featureLength: z.int().positive(),
    })
    .nullable(),
  /** How CLIP sees the image, and its text side. Null where there is none. */
  similarity: z
    .object({
      sizePx: z.int().positive(),
      mean: z.array(z.number()).length(3),
      std: z.array(z.number()).length(3),
      embeddingLength: z.int().positive(),
      tokeniser: PackFile,
      /** Of the tokeniser's file: with other tokens S would be another. Packs of before it was noted have none. */
      tokeniserSha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .optional(),
      vocabulary: z.int().positive(),
      maxTokens: z.int().positive(),
      eosTokenId: z.int(),
    })
    .nullable(),
  sources: z.array(PackSourceFile),
  /** The absolute folder of graphs and linked weights of packs that an earlier version made beside a checkpoint on another disk; else null. */
  graphFolder: z.string().nullable(),
  /** What it was made of, as it was named, and the files that this came to; absent in packs of before it was noted and in exported ones. */
  madeFrom: z
    .object({
      sfiqa: z.string().optional(),
      clip: z.string().optional(),
      backbone: z.string().optional(),
      files: z.array(z.object({ path: z.string(), sizeBytes: z.int(), mtimeMs: z.number() })),
    })
    .optional(),
  /** Identifies the whole set of tensors. */
  fingerprint: z.string(),
});
export type PackNetwork = z.infer<typeof PackNetwork>;

const Figure = z.object({ srcc: z.number(), plcc: z.number() });

/** One shipped head: where its weights are, what it predicts, and what it was worth where it was judged. */
export const ShippedHead = z.object({
  name: z.string(),
  file: PackFile,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  kind: HeadKind,
  inputs: HeadInputs,
  target: Target,
  /** The range the head's values live in, e.g. MOS 0–5. */
  range: z.tuple([z.number(), z.number()]),
  /** Cross-validated figures by condition: `clean`, `resized400`, `jpeg50`, … */
  figures: z.record(z.string(), Figure),
});
export type ShippedHead = z.infer<typeof ShippedHead>;

/** A number the pack gives for an image before (or beside) any head. */
export const PackSignal = z.object({
  name: SignalName,
  label: z.string(),
  description: z.string(),
  /** Null where more is neither better nor worse. */
  higherIsBetter: z.boolean().nullable(),
  range: z.tuple([z.number().nullable(), z.number().nullable()]),
  /** `backbone`: computed from pixels; `head:<target>`: the shipped head's prediction, which retraining does not change. */
  from: z.union([z.literal('backbone'), z.templateLiteral(['head:', Target])]),
  /** It compares the image with its prompt: another prompt, another value. */
  needsPrompt: z.boolean().default(false),
});
export type PackSignal = z.infer<typeof PackSignal>;

/** `manifest.json` of a pack's folder. */
export const PackManifest = z.object({
  format: z.literal('sfiqa-pack/1'),
  id: PackId,
  title: z.string(),
  /** Which code looks at pixels for it. */
  kind: z.enum(['naturalSceneStatistics', 'network']),
  /** For `network`: graphs, members, precision. */
  network: PackNetwork.nullable().default(null),
  /** Weights by a formula, for tests and benchmarks: its numbers are never shown as scores. */
  isUntrained: z.boolean().default(false),
  licence: z.string(),
  summary: z.string(),
  knows: z.array(z.string()),
  doesNotKnow: z.array(z.string()),
  /** How an image becomes the backbone's input. */
  inputRecipe: z.string(),
  /** The vector heads read. A change of `version` makes stored features stale. */
  features: z.object({ version: z.int().positive(), length: z.int().positive() }),
  signals: z.array(PackSignal),
  /** The signals that heads with inputs `signals` read, in their order: [Q, S] of each member (SF-IQA equation 3). */
  fusion: z.array(SignalName).default([]),
  /** Signals of SF-IQA that this pack cannot give. */
  absent: z.array(z.object({ name: SignalName, reason: z.string() })),
  heads: z.array(ShippedHead),
  /** What the heads were trained on and how: data hash, command, seed, protocol, notes. */
  training: z.record(z.string(), z.unknown()),
  sources: z.array(z.object({ title: z.string(), citation: z.string(), licence: z.string() })),
});
export type PackManifest = z.infer<typeof PackManifest>;

/** What numbers of networks are computed with. */
export const Computed = z.object({ runtime: z.string(), provider: Provider, precision: Precision });
export type Computed = z.infer<typeof Computed>;

/** What stored numbers of a pack were computed with, and how many: images with vectors, prompts with embeddings. */
export const StoredBy = Computed.extend({ images: z.int().nonnegative(), prompts: z.int().nonnegative() });
export type StoredBy = z.infer<typeof StoredBy>;

/** What a run would compute with, and what of the stored numbers was computed otherwise; nothing of packs without networks. */
export const RunPlan = z.object({ uses: Computed.nullable(), others: z.array(StoredBy) });
export type RunPlan = z.infer<typeof RunPlan>;

/** A pack as the doors show it. */
export const PackInfo = PackManifest.pick({
  id: true,
  title: true,
  kind: true,
  licence: true,
  summary: true,
  knows: true,
  doesNotKnow: true,
  inputRecipe: true,
  signals: true,
  absent: true,
  heads: true,
  sources: true,
  isUntrained: true,
  fusion: true,
}).extend({
  activeHeads: z.record(Target, Id),
  isBuiltIn: z.boolean(),
  network: z
    .object({
      precision: Precision,
      members: z.array(MemberName),
      hasQuality: z.boolean(),
      hasSimilarity: z.boolean(),
      /** Of weights; `isOriginal`: the user's own, by its path; else a file that the pack has of its own. */
      files: z.array(z.object({ path: z.string(), sizeBytes: z.int(), isOriginal: z.boolean() })),
    })
    .nullable(),
  /** What computed its newest numbers; null where it has none, or no networks. */
  lastUsed: z
    .object({
      ...Computed.shape,
      /** Why it did not run on the provider that was tried first, or not wholly there; null where it did. */
      fallback: z.string().nullable(),
    })
    .nullable(),
  /** What its stored numbers were computed with, the most frequent first; more than one: they are mixed. */
  storedBy: z.array(StoredBy),
  /** What was measured when the precision was compared with float32; null where it was not, or is float32. */
  verification: z.lazy(() => PackVerification).nullable(),
  /** Making it again from the same files may mend what is wrong: an older studio made it, or a file of its own was lost or changed. */
  canBeRemade: z.boolean(),
  /** Why it cannot be used now (a moved or edited checkpoint, a newer pack), with what to do; null where it can. */
  problem: z.string().nullable(),
});
export type PackInfo = z.infer<typeof PackInfo>;

const Path = z.string().min(1).max(4096);

/** What to make a pack of: the user's own files, read in place. At least one of `sfiqa`, `clip`, `backbone`, `folder`. */
export const AddPack = z.object({
  /** The authors' `weights_dict.pt`. */
  sfiqa: Path.optional(),
  /** PickScore or any CLIP: `model.safetensors` or its folder. Beside `sfiqa`: for keys that it lacks. */
  clip: Path.optional(),
  /** A plain timm SwinV2: features for quality heads of your own. */
  backbone: Path.optional(),
  /** `tokenizer.json`, where none lies beside the checkpoint. */
  tokeniser: Path.optional(),
  /** An exported pack's folder. */
  folder: Path.optional(),
  /** Which of the trained sets; all where absent. */
  sets: z.array(MemberName).min(1).optional(),
  precision: Precision.default('float32'),
  /** For the quality branch or a backbone of 256 pixels; `sama` where absent. */
  sampling: Sampling.optional(),
  /** Copy the weights into the library instead of linking them or reading them where they are. */
  copiesWeights: z.boolean().optional(),
  id: PackId.optional(),
  title: Name.optional(),
});
export type AddPack = z.infer<typeof AddPack>;

/**
 * How a pack has the weights of its checkpoint: `linked` (a hard link in its folder), `inPlace` (read where the user has them, because they
 * cannot be linked there), `copied` (asked for), `converted` (of another precision, written once).
 */
export const PackWeights = z.enum(['linked', 'inPlace', 'copied', 'converted']);
export type PackWeights = z.infer<typeof PackWeights>;

/** What adding would do, before it is done. */
export const PackPlan = z.object({
  id: PackId,
  title: z.string(),
  /** The files that were recognised, and as what. */
  parts: z.array(
    z.object({
      what: z.string(),
      path: z.string(),
      sizeBytes: z.int(),
      tensors: z.int(),
      sets: z.array(MemberName),
    }),
  ),
  /** Bytes that adding writes; weights that are linked or read in place cost nothing. */
  writesBytes: z.int(),
  weights: PackWeights,
  freeBytes: z.int(),
  /** Where graphs would lie. */
  graphFolder: z.string(),
  notes: z.array(z.string()),
});
export type PackPlan = z.infer<typeof PackPlan>;

const Deviation = z.object({ max: z.number(), mean: z.number() });

/** How a reduced precision differs from float32 on the user's own images. */
export const PackVerification = z.object({
  precision: Precision,
  images: z.int(),
  /** |Δ| of Q, S and P; null where the pack has none. */
  q: Deviation.nullable(),
  s: Deviation.nullable(),
  overall: Deviation.nullable(),
  /** SRCC of each with its float32 values; null where undefined. */
  srcc: z.object({ q: z.number().nullable(), s: z.number().nullable(), overall: z.number().nullable() }),
  /** The least SRCC that counts as good, and whether all reach it. */
  bound: z.number(),
  isGood: z.boolean(),
  checkedAt: z.int(),
});
export type PackVerification = z.infer<typeof PackVerification>;

/** Models that can be fetched by name. */
export const FetchablePack = z.enum(['pickscore']);
export type FetchablePack = z.infer<typeof FetchablePack>;
