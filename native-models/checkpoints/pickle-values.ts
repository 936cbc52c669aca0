/** What a pickle may build here: plain values, and the few objects of a checkpoint; nothing that can act. */
import type { Dtype } from './checkpoint.ts';

export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleList
  | PickleTuple
  | PickleDict
  | PickleGlobal
  | PickleStorage
  | PickleTensor;

export type PickleKey = string | number | bigint | boolean | null;

export interface PickleList {
  kind: 'list';
  items: PickleValue[];
}

export interface PickleTuple {
  kind: 'tuple';
  items: PickleValue[];
}

/** A dict or an OrderedDict. */
export interface PickleDict {
  kind: 'dict';
  entries: Map<PickleKey, PickleValue>;
}

/** A name that the pickle imports: only ever compared with the names that are known. */
export interface PickleGlobal {
  kind: 'global';
  /** `torch._utils._rebuild_tensor_v2` */
  name: string;
}

export interface PickleStorage {
  kind: 'storage';
  dtype: Dtype;
  key: string;
  elements: number;
}

export interface PickleTensor {
  kind: 'tensor';
  storage: PickleStorage;
  /** In elements, as are the strides. */
  storageOffset: number;
  shape: number[];
  strides: number[];
}

type PickleObject = Exclude<PickleValue, null | boolean | number | bigint | string | Uint8Array>;

/** The value where it is of that kind, else null. */
export function asKind<Kind extends PickleObject['kind']>(
  value: PickleValue | undefined,
  kind: Kind,
): Extract<PickleObject, { kind: Kind }> | null {
  return isKind(value, kind) ? value : null;
}

function isKind<Kind extends PickleObject['kind']>(
  value: PickleValue | undefined,
  kind: Kind,
): value is Extract<PickleObject, { kind: Kind }> {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array) && value.kind === kind;
}

/** A value in words, for messages. */
export function describeValue(value: PickleValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null || typeof value !== 'object') return value === null ? 'None' : `a ${typeof value}`;
  if (value instanceof Uint8Array) return 'bytes';
  return value.kind === 'global' ? `the name ${value.name}` : `a ${value.kind}`;
}
