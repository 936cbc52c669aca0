/** What the engine and the models process say to each other: ids, paths and numbers, never pixels. */

import type { ErrorCode, ErrorDetails } from '../contract/errors.ts';
import type { AddPack, PackManifest, PackPlan, Precision, Provider } from '../contract/pack.ts';

/** A path as text, or as bytes where the name is not UTF-8. */
export type FilePath = string | Uint8Array;

/** Bounds on input, from the settings. */
export interface Limits {
  maxPixels: number;
  maxBytes: number;
}

/** Reads a file's content hash, header and generation metadata; decodes no pixels unless a thumbnail is wanted and lacking. */
export interface IdentifyRequest {
  kind: 'identify';
  path: FilePath;
  limits: Limits;
  /** The folder of thumbnails, where the content's is to be made if it lacks. */
  thumbnails?: string;
}

/** Looks at a picture, or at its thumbnail, for its fingerprint. */
export interface FingerprintRequest {
  kind: 'fingerprint';
  path: FilePath;
  limits: Limits;
}

/**
 * Decodes a file and computes what a pack gives for it; `packFolder` holds the pack's manifest. The file must still have the content
 * `hash`, for which the answer will be stored.
 */
export interface LookRequest {
  kind: 'look';
  path: FilePath;
  hash: string;
  limits: Limits;
  packFolder: string;
  /** For packs of networks; null for others. */
  run: NetworkRun | null;
}

/** How networks are to run. */
export interface NetworkRun {
  /** Which of the pack's members; all where null. */
  members: readonly string[] | null;
  /** The pack's own precision where null. */
  precision: Precision | null;
  /** Execution providers to try in order; automatic where null. */
  providers: readonly Provider[] | null;
}

/** Embeds texts with the text side of one member of a pack. */
export interface EmbedTextRequest {
  kind: 'embedText';
  packFolder: string;
  run: NetworkRun;
  texts: readonly string[];
}

/** Says what `order` would make, without making it. */
export interface PlanPackRequest {
  kind: 'planPack';
  order: AddPack;
  /** Where the pack's folder would be. */
  to: string;
}

/**
 * Makes a pack's folder `to` (which must not exist): graphs, links to the checkpoint, converted tensors, tokenizer, manifest.
 * Until it is whole it lies in `<to>.partial`, which the next build of the same folder removes where a kill left it.
 */
export interface BuildPackRequest {
  kind: 'buildPack';
  order: AddPack;
  id: string;
  title: string;
  to: string;
}

/** Says whether a pack can be used now: its files are where and as they were when it was added. Reads no weights. */
export interface CheckPackRequest {
  kind: 'checkPack';
  packFolder: string;
}

/** Says what networks would be computed with. Opens no pack. */
export interface ExpectRunRequest {
  kind: 'expectRun';
  /** Execution providers to try in order; automatic where null. */
  providers: readonly Provider[] | null;
  precision: Precision;
}

/** Writes a WebP thumbnail whose longer side is at most `sizePx` to `to`. */
export interface ThumbnailRequest {
  kind: 'thumbnail';
  path: FilePath;
  limits: Limits;
  sizePx: number;
  to: string;
}

/** Writes the image to `to` in a format that a browser shows, at full size. */
export interface RenderRequest {
  kind: 'render';
  path: FilePath;
  limits: Limits;
  to: string;
}

/** Writes a head of the engine's as an ONNX graph, `inputs` [batch, length] → `score` [batch], to `to`, whole or not at all. */
export interface WriteHeadRequest {
  kind: 'writeHead';
  head: HeadNetwork;
  /** Goes along as metadata; `readHead` gives it back. */
  about: string;
  to: string;
}

/** What the metadata of an ONNX file say of the head in it. Nothing in the file is run. */
export interface ReadHeadRequest {
  kind: 'readHead';
  bytes: Uint8Array;
}

/** value = offset + Σ weight · member(clip((x − mean) · inverse)); each member ends in one number. */
export interface HeadNetwork extends HeadFrame {
  length: number;
  offset: number;
  members: readonly {
    weight: number;
    /** `weights` holds inputs × outputs numbers, the outputs of one input side by side. */
    layers: readonly {
      inputs: number;
      outputs: number;
      activation: 'none' | 'relu' | 'gelu' | 'square';
      weights: Float32Array;
      bias: Float32Array;
    }[];
    frame?: HeadFrame;
  }[];
}

export interface HeadFrame {
  mean: Float32Array;
  inverse: Float32Array;
  clip: number;
}

/** Versions and execution providers, for the doctor. */
export interface ReportRequest {
  kind: 'report';
}

export type ModelsRequest =
  | IdentifyRequest
  | FingerprintRequest
  | LookRequest
  | EmbedTextRequest
  | PlanPackRequest
  | BuildPackRequest
  | CheckPackRequest
  | ExpectRunRequest
  | ThumbnailRequest
  | RenderRequest
  | WriteHeadRequest
  | ReadHeadRequest
  | ReportRequest;

/** What a file says of how it was generated; null where it does not say. `tool` is null where no known tool wrote its texts. */
export interface IdentityMetadata {
  tool: string | null;
  prompt: string | null;
  negativePrompt: string | null;
  model: string | null;
  seed: string | null;
  steps: number | null;
  cfg: number | null;
  sampler: string | null;
  /** Pixels as the settings state them: before upscaling, so not always the picture's. */
  width: number | null;
  height: number | null;
  loras: Lora[];
  /** What of the metadata could not be read, in a sentence. */
  problem: string | null;
  raw: RawMetadata;
}

/** The texts of a file by their names. */
export interface RawMetadata {
  /** An object as JSON, deflated. */
  data: Uint8Array;
  /** Its words, each once, with spaces between them. */
  words: string;
  /** There was more than is kept. */
  isCut: boolean;
}

/** A low-rank adapter that took part; the weight is null where it is not told. */
export interface Lora {
  name: string;
  weight: number | null;
}

export interface Identity {
  hash: string;
  sizeBytes: number;
  format: string;
  width: number;
  height: number;
  /** Null where the file carries no text at all. */
  metadata: IdentityMetadata | null;
  /** Where a thumbnail was made. */
  fingerprint?: Float32Array;
}

export interface Look {
  /** Vectors by kind; `features` is what heads read. */
  vectors: Record<string, Float32Array>;
  /** Signals by name; a reason where the image has no value. */
  signals: Record<string, number | { reason: string }>;
  /** What computed it; null for packs without networks. */
  provenance: Provenance | null;
}

/** What a network's numbers were computed with. */
export interface Provenance {
  /** `onnxruntime 1.30.0`. */
  runtime: string;
  provider: Provider;
  precision: Precision;
  /** Why a provider that was tried first was not used; null where the first one was. */
  fallback: string | null;
}

export interface TextEmbeddings {
  /** By member: texts × length numbers, each row of length 1. */
  members: Record<string, Float32Array>;
  length: number;
  provenance: Provenance;
}

/** The fusion network (SF-IQA equation 3) that a member of a checkpoint brings, as heads have theirs. */
export interface FusionNetwork {
  member: string;
  /** First to last, ReLU between them; `weights` holds inputs × outputs numbers, the outputs of one input side by side. */
  layers: { inputs: number; outputs: number; weights: Float32Array; bias: Float32Array }[];
}

export interface BuiltPack {
  manifest: PackManifest;
  /** One of each member, in their order; empty where the checkpoint has none. Inputs are [q, s] of that member. */
  fusion: FusionNetwork[];
}

export interface ProviderReport {
  sharp: string;
  libvips: string;
  onnxruntime: string;
  workers: number;
  providers: { name: string; isUsable: boolean; reason: string | null }[];
}

/** The answer to each kind of request. */
export interface ModelsAnswers {
  identify: Identity;
  fingerprint: Float32Array;
  look: Look;
  embedText: TextEmbeddings;
  planPack: Omit<PackPlan, 'id' | 'title'> & { suggestedId: string; suggestedTitle: string };
  buildPack: BuiltPack;
  /** What is wrong, with what to do; null where nothing is. */
  checkPack: { problem: Problem | null };
  expectRun: Omit<Provenance, 'fallback'>;
  thumbnail: { width: number; height: number };
  render: { mediaType: string };
  writeHead: { sizeBytes: number };
  /** `about` is null for a file that no studio wrote, or for no ONNX file at all. */
  readHead: { about: string | null; isModel: boolean; isUnchanged: boolean };
  report: ProviderReport;
}

/** Why a file could not be read: a closed code and a sentence for people. */
export interface FileFailure {
  code: string;
  message: string;
}

/** What is not a file's fault: the pack's, a checkpoint's, the disk's. Becomes a StudioError again on the other side. */
export interface Problem {
  code: ErrorCode;
  message: string;
  details: ErrorDetails;
}

/** How far long work is, in units of its own (bytes, images). */
export interface ModelsProgress {
  phase: string;
  done: number;
  total: number;
}

export type ToModels =
  | { id: number; request: ModelsRequest }
  /** Withdraws a `buildPack`: it answers the problem `cancelled` once nothing of it is left. Other requests end as they would. */
  | { id: number; cancel: true };
export type FromModels =
  /** How far a long request is; any number of these before its answer. */
  | { id: number; progress: ModelsProgress }
  | { id: number; answer: ModelsAnswers[keyof ModelsAnswers] }
  /** The file that was asked about is at fault. */
  | { id: number; failure: FileFailure }
  /** The request failed, whatever the file: no image is to blame. */
  | { id: number; problem: Problem };

/** The wire to a models process, whatever host started it. */
export interface ModelsChannel {
  post(message: ToModels): void;
  onMessage(listener: (message: FromModels) => void): void;
  /** Called once when the process has ended, for whatever reason. */
  onExit(listener: (reason: string) => void): void;
  kill(): void;
}

/** Starts a models process. */
export type LaunchModels = () => ModelsChannel;
