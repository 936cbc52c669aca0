/** The tables as types, for Kysely; the truth is `migrations/`. */
import type { Generated, Selectable } from 'kysely';
import type { StudyTables } from './schema-studies.ts';

interface SettingTable {
  name: string;
  value: string;
}
interface RootTable {
  id: Generated<number>;
  path: string;
  recursive: 0 | 1;
  added_at: number;
  is_watched: Generated<0 | 1>;
  offline_since: number | null;
}
interface PromptTable {
  id: Generated<number>;
  text: string;
}
export interface ImageTable {
  id: Generated<number>;
  hash: string | null;
  name: string;
  format: string | null;
  width: number | null;
  height: number | null;
  size_bytes: number | null;
  prompt_id: number | null;
  prompt_source: 'list' | 'sidecar' | 'metadata' | 'mosTable' | null;
  generator: string | null;
  generator_source: 'list' | 'metadata' | 'mosTable' | null;
  added_at: number;
}
interface GenerationTable {
  image_id: number;
  tool: string | null;
  negative_prompt: string | null;
  model: string | null;
  seed: string | null;
  steps: number | null;
  cfg: number | null;
  sampler: string | null;
  width: number | null;
  height: number | null;
  problem: string | null;
}
interface LoraTable {
  image_id: number;
  name: string;
  weight: number | null;
}
interface RawMetadataTable {
  image_id: number;
  data: Buffer;
  is_cut: 0 | 1;
}
interface FileTable {
  id: Generated<number>;
  root_id: number;
  path: string;
  raw_path: Buffer | null;
  size_bytes: number;
  mtime_ms: number;
  image_id: number | null;
  failure_code: string | null;
  failure_message: string | null;
  is_missing: 0 | 1;
  checked_at: number;
}
interface FeatureTable {
  pack_id: string;
  image_id: number;
  kind: string;
  version: number;
  data: Buffer;
  provenance_id: number | null;
}
interface SignalTable {
  pack_id: string;
  name: string;
  image_id: number;
  prompt_id: number;
  value: number | null;
  reason: string | null;
  provenance_id: number | null;
}
interface HeadTable {
  id: Generated<number>;
  pack_id: string;
  name: string;
  kind: 'ridge' | 'network';
  inputs: 'features' | 'signals';
  target: string;
  parent_id: number | null;
  is_shipped: 0 | 1;
  created_at: number;
  data_hash: string | null;
  weights: Buffer;
  weights_hash: string;
  report: string;
}
interface ActiveHeadTable {
  pack_id: string;
  target: string;
  head_id: number;
  since: number;
}
interface ScoreTable {
  head_id: number;
  image_id: number;
  value: number;
}
interface HeldOutTable {
  head_id: number;
  image_id: number;
  predicted: number;
}
interface MosSetTable {
  id: Generated<number>;
  name: string;
  kind: 'study' | 'imported';
  study_id: number | null;
  method: string;
  source: string;
  created_at: number;
}
interface MosTable {
  mos_set_id: number;
  dimension: string;
  image_id: number;
  mean: number;
  sd: number | null;
  n: number | null;
}
interface AttributeTable {
  image_id: number;
  name: string;
  value: string;
}
interface JobTable {
  id: Generated<number>;
  kind: string;
  title: string;
  params: string;
  state: 'running' | 'done' | 'cancelled' | 'failed' | 'interrupted';
  progress: string;
  summary: string | null;
  error: string | null;
  started_at: number;
  ended_at: number | null;
}

interface SavedQueryTable {
  id: Generated<number>;
  name: string;
  query: string;
  created_at: number;
}
interface MarkTable {
  image_id: number;
  flag: 'pick' | 'reject' | null;
  label: 'red' | 'yellow' | 'green' | 'blue' | 'purple' | null;
}
interface TagTable {
  name: string;
  image_id: number;
}
interface CollectionTable {
  id: Generated<number>;
  name: string;
  created_at: number;
}
interface CollectionImageTable {
  collection_id: number;
  image_id: number;
}
interface CurationStepTable {
  id: Generated<number>;
  title: string;
  change: string;
  done_at: number;
  is_undone: Generated<0 | 1>;
}

/** All tables and views by name. */
export interface Tables extends StudyTables {
  setting: SettingTable;
  root: RootTable;
  prompt: PromptTable;
  image: ImageTable;
  generation: GenerationTable;
  lora: LoraTable;
  raw_metadata: RawMetadataTable;
  file: FileTable;
  feature: FeatureTable;
  signal: SignalTable;
  head: HeadTable;
  active_head: ActiveHeadTable;
  score: ScoreTable;
  held_out: HeldOutTable;
  mos_set: MosSetTable;
  mos: MosTable;
  attribute: AttributeTable;
  job: JobTable;
  saved_query: SavedQueryTable;
  mark: MarkTable;
  tag: TagTable;
  collection: CollectionTable;
  collection_image: CollectionImageTable;
  curation_step: CurationStepTable;
}

export type ImageRow = Selectable<ImageTable>;
export type FileRow = Selectable<FileTable>;
export type HeadRow = Selectable<HeadTable>;
export type JobRow = Selectable<JobTable>;
export type RootRow = Selectable<RootTable>;
