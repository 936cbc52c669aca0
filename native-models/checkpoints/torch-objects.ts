/** What the names in a PyTorch checkpoint mean, and how its nested dictionaries become a flat list of tensors. */
import type { Dtype } from './checkpoint.ts';
import { invalid, quote } from './invalid.ts';
import { limits } from './limits.ts';
import type { PickleHost } from './pickle.ts';
import {
  asKind,
  type PickleGlobal,
  type PickleStorage,
  type PickleTensor,
  type PickleValue,
} from './pickle-values.ts';

const storageTypes: Record<string, Dtype> = {
  'torch.FloatStorage': 'float32',
  'torch.DoubleStorage': 'float64',
  'torch.HalfStorage': 'float16',
  'torch.BFloat16Storage': 'bfloat16',
  'torch.LongStorage': 'int64',
  'torch.IntStorage': 'int32',
  'torch.ShortStorage': 'int16',
  'torch.CharStorage': 'int8',
  'torch.ByteStorage': 'uint8',
  'torch.BoolStorage': 'bool',
};

/** Source: torch/_utils.py (`_rebuild_tensor_v2`, `_rebuild_parameter`), collections.OrderedDict's `__reduce__`, torch.Size's. */
const callables: Record<string, (args: PickleValue[]) => PickleValue | null> = {
  'collections.OrderedDict': makeOrderedDict,
  'torch._utils._rebuild_tensor_v2': rebuildTensor,
  'torch._utils._rebuild_parameter': ([data]) => asKind(data, 'tensor'),
  'torch.Size': ([sizes]) => asKind(sizes, 'tuple') ?? asKind(sizes, 'list'),
};

const torchHost: PickleHost = {
  findGlobal(name): PickleGlobal | null {
    const isKnown = Object.hasOwn(callables, name) || Object.hasOwn(storageTypes, name);
    return isKnown ? { kind: 'global', name } : null;
  },
  call(global, args) {
    return Object.hasOwn(callables, global.name) ? callables[global.name]!(args) : null;
  },
  loadPersistent: readStorage,
};

/**
 * The host that reads PyTorch's pickles: tensors, parameters and dictionaries, and no other object.
 * It remembers the storages that they refer to, which all references must describe alike.
 */
export function hostOf(storages: Map<string, PickleStorage>, path: string): PickleHost {
  return {
    ...torchHost,
    loadPersistent(id) {
      const storage = asKind(torchHost.loadPersistent(id) ?? undefined, 'storage');
      if (storage === null) return null;
      const known = storages.get(storage.key) ?? storage;
      if (known.dtype !== storage.dtype || known.elements !== storage.elements) {
        throw invalid(`${path}: the storage ${quote(storage.key)} is described in two ways.`, { path });
      }
      storages.set(storage.key, known);
      return known;
    },
  };
}

function makeOrderedDict(args: PickleValue[]): PickleValue | null {
  if (args.length === 0) return { kind: 'dict', entries: new Map() };
  const pairs = asKind(args[0], 'list');
  if (pairs === null || args.length > 1) return null;
  const entries = new Map<string, PickleValue>();
  for (const pair of pairs.items) {
    const items = asKind(pair, 'list')?.items ?? asKind(pair, 'tuple')?.items;
    const [key, value] = items ?? [];
    if (typeof key !== 'string' || value === undefined || items?.length !== 2) return null;
    entries.set(key, value);
  }
  return { kind: 'dict', entries };
}

/** (storage, storage_offset, size, stride, requires_grad, backward_hooks[, metadata]) */
function rebuildTensor(args: PickleValue[]): PickleTensor | null {
  const storage = asKind(args[0], 'storage');
  const shape = readCounts(args[2]);
  const strides = readCounts(args[3]);
  const storageOffset = args[1];
  // A seventh argument marks a conjugated or negated view, whose numbers are not those of the storage.
  const metadata = args[6] ?? null;
  const isPlain =
    args.length === 6 ||
    (args.length === 7 && (metadata === null || asKind(metadata, 'dict')?.entries.size === 0));
  const isWhole = storage !== null && shape !== null && strides !== null && typeof storageOffset === 'number';
  return isWhole && isPlain ? { kind: 'tensor', storage, storageOffset, shape, strides } : null;
}

function readCounts(value: PickleValue | undefined): number[] | null {
  const items = asKind(value, 'tuple')?.items;
  if (items === undefined || items.length > limits.rank) return null;
  return items.every((item) => typeof item === 'number') ? [...items] : null;
}

/** ('storage', type, key, location, elements[, view]); the location (`cuda:0`) says where it once was. */
function readStorage(id: PickleValue): PickleStorage | null {
  const items = asKind(id, 'tuple')?.items ?? [];
  const [tag, type, key, , elements, view] = items;
  const typeName = asKind(type, 'global')?.name ?? '';
  if (tag !== 'storage' || !Object.hasOwn(storageTypes, typeName)) return null;
  if (typeof key !== 'string' || !Number.isSafeInteger(elements) || Number(elements) < 0) return null;
  const isPlain = items.length === 5 || (items.length === 6 && view === null);
  return isPlain
    ? { kind: 'storage', dtype: storageTypes[typeName]!, key, elements: Number(elements) }
    : null;
}

/**
 * All tensors below a value, by joined name, in order; other values are passed over.
 *
 * @throws StudioError `checkpointInvalid` beyond the limits, or when two tensors would have one name
 */
export function collectTensors(root: PickleValue, path: string): Map<string, PickleTensor> {
  const found = new Map<string, PickleTensor>();
  let visits = 0;
  function visit(value: PickleValue, name: string, depth: number): void {
    visits++;
    if (depth > limits.nesting || visits > limits.pickleContainers || name.length > limits.nameLength) {
      throw invalid(
        `${path}: the dictionaries at ${quote(name)} are nested deeper, are more or have longer names than a checkpoint needs.`,
        { path },
      );
    }
    const tensor = asKind(value, 'tensor');
    if (tensor !== null) {
      addTensor(tensor, name);
      return;
    }
    const children = asKind(value, 'dict')?.entries ?? listItems(value);
    for (const [key, child] of children ?? []) {
      visit(child, name === '' ? String(key) : `${name}.${String(key)}`, depth + 1);
    }
  }
  function addTensor(tensor: PickleTensor, name: string): void {
    if (found.has(name)) throw invalid(`${path}: two tensors are called ${quote(name)}.`, { path });
    found.set(name, tensor);
    if (found.size > limits.tensors) {
      throw invalid(`${path}: there are more than ${limits.tensors} tensors.`, { path });
    }
  }
  visit(root, '', 0);
  return found;
}

function listItems(value: PickleValue): Iterable<[number, PickleValue]> | null {
  const items = asKind(value, 'list')?.items ?? asKind(value, 'tuple')?.items;
  return items?.entries() ?? null;
}
