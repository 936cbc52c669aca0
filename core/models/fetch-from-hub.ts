/** Fetches named files of a repository from the Hugging Face hub, or says precisely how to bring them by hand. */
import { mkdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import {
  countPresentBytes,
  explainDisk,
  type FetchFileHooks,
  fetchFile,
  type WantedFile,
} from './fetch-file.ts';

/** Files of a model repository and the folder they go to, by their names there. */
export interface FetchOrder {
  /** `owner/name`. */
  repository: string;
  /** A branch, tag or commit; `main` where nothing is said. */
  revision?: string;
  files: string[];
  to: string;
  /** The hub's address; `HF_ENDPOINT` or huggingface.co where nothing is said. */
  endpoint?: string;
  /** An access token (`hf_…`); `HF_TOKEN` where nothing is said. */
  token?: string;
}

export interface FetchHooks extends Pick<FetchFileHooks, 'signal' | 'retryDelaysMs'> {
  /** Bytes here and bytes altogether, of all files of the call. */
  onProgress?: (progress: { file: string; doneBytes: number; totalBytes: number }) => void;
  fetch?: typeof fetch;
}

export interface FetchedFile {
  path: string;
  sha256: string;
  sizeBytes: number;
}

/** One file of an order, as the hub describes it. */
interface ListedFile {
  order: FetchOrder;
  name: string;
  wanted: WantedFile;
}

/** What `paths-info` tells of a path: the content's SHA-256 where it lies in large-file storage, else git's hash of it. */
const PathsInfo = z.array(
  z.object({
    path: z.string(),
    type: z.string(),
    size: z.int().min(0),
    oid: z.string().regex(/^[0-9a-f]{40}$/),
    lfs: z.object({ oid: z.string().regex(/^[0-9a-f]{64}$/), size: z.int().min(0) }).optional(),
  }),
);

/** Kept free beside the files. */
const spareBytes = 64 * 2 ** 20;

/**
 * Brings the files of one repository into `order.to`; see `fetchRepositories`.
 */
export function fetchRepository(
  order: FetchOrder,
  hooks: FetchHooks = {},
): Promise<{ files: FetchedFile[] }> {
  return fetchRepositories([order], hooks);
}

/**
 * Brings the files of the orders into their folders: listed first, so that sizes, hashes and the disk's free space are known before the
 * first byte; each continued where an earlier call ended; each verified by the hub's hash before it gets its name.
 *
 * @throws StudioError `offline` where the hub cannot be reached and `forbidden` where it refuses, both with what to download by hand
 * and where to put it; `notFound`, `diskFull`, `conflict`, `unreadable`, `cancelled` (`fetchFile`), `badInput` for a token of other form
 */
export async function fetchRepositories(
  orders: FetchOrder[],
  hooks: FetchHooks = {},
): Promise<{ files: FetchedFile[] }> {
  try {
    const listed = (await Promise.all(orders.map((order) => listFiles(order, hooks)))).flat();
    await requireSpace(listed);
    const totalBytes = listed.reduce((sum, { wanted }) => sum + wanted.sizeBytes, 0);
    const files: FetchedFile[] = [];
    let before = 0;
    for (const { order, name, wanted } of listed) {
      const { sha256 } = await fetchFile(
        wanted,
        (fromByte) => openFile(order, name, wanted, fromByte, hooks),
        {
          ...hooks,
          onBytes: (bytes) => hooks.onProgress?.({ file: name, doneBytes: before + bytes, totalBytes }),
        },
      );
      before += wanted.sizeBytes;
      files.push({ path: wanted.path, sha256, sizeBytes: wanted.sizeBytes });
    }
    return { files };
  } catch (thrown) {
    throw explain(thrown, orders, hooks.signal);
  }
}

async function listFiles(order: FetchOrder, hooks: FetchHooks): Promise<ListedFile[]> {
  // Loaded when it is needed: 25 ms that a studio without downloads need not spend at its start.
  const { pathsInfo } = await import('@huggingface/hub');
  const listed = PathsInfo.parse(await pathsInfo({ ...connection(order, hooks), paths: order.files }));
  return order.files.map((name) => {
    const found = listed.find(({ path, type }) => path === name && type === 'file');
    if (found === undefined) throw missing(order, name);
    const { lfs } = found;
    return {
      order,
      name,
      wanted: {
        path: join(order.to, name),
        sizeBytes: lfs?.size ?? found.size,
        hash: lfs ? { algorithm: 'sha256', hex: lfs.oid } : { algorithm: 'gitBlob', hex: found.oid },
      },
    };
  });
}

async function openFile(
  order: FetchOrder,
  name: string,
  { sizeBytes }: WantedFile,
  fromByte: number,
  hooks: FetchHooks,
): Promise<AsyncIterable<Uint8Array>> {
  const { downloadFile } = await import('@huggingface/hub');
  // Plain ranges rather than the hub's chunk storage: they continue at any byte, and mirrors have them too.
  const blob = await downloadFile({ ...connection(order, hooks), path: name, xet: false });
  if (blob === null) throw missing(order, name);
  if (blob.size !== sizeBytes) throw new Error(`the hub gives ${blob.size} bytes instead of ${sizeBytes}`);
  return blob.slice(fromByte).stream();
}

/** What every call of the client takes. */
function connection(order: FetchOrder, hooks: FetchHooks) {
  const accessToken = order.token ?? (process.env['HF_TOKEN'] || undefined);
  if (accessToken !== undefined && !accessToken.startsWith('hf_')) {
    throw new StudioError('badInput', 'The access token of the hub (HF_TOKEN) does not begin with hf_.');
  }
  const request = hooks.fetch ?? fetch;
  return {
    repo: { type: 'model' as const, name: order.repository },
    revision: revisionOf(order),
    hubUrl: endpointOf(order),
    ...(accessToken !== undefined && { accessToken }),
    async fetch(input: Parameters<typeof fetch>[0], init: RequestInit = {}): Promise<Response> {
      const response = await request(input, { ...init, ...(hooks.signal && { signal: hooks.signal }) });
      // A whole file in answer to the rest of one would be appended to what is here.
      const asksForRest = /^bytes=[1-9]/.test(new Headers(init.headers).get('range') ?? '');
      if (asksForRest && response.status !== 206 && response.ok) {
        await response.body?.cancel();
        throw new Error('the answer is not the range that was asked for');
      }
      return response;
    },
  };
}

function endpointOf({ endpoint }: FetchOrder): string {
  return (endpoint ?? (process.env['HF_ENDPOINT'] || 'https://huggingface.co')).replace(/\/+$/, '');
}

function revisionOf({ revision }: FetchOrder): string {
  return revision ?? 'main';
}

async function requireSpace(listed: ListedFile[]): Promise<void> {
  const needed = new Map<string, number>();
  for (const { order, wanted } of listed) {
    const lacking = Math.max(0, wanted.sizeBytes - (await countPresentBytes(wanted)));
    needed.set(order.to, (needed.get(order.to) ?? 0) + lacking);
  }
  for (const [folder, bytes] of needed) {
    if (bytes === 0) continue;
    await mkdir(folder, { recursive: true });
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize >= bytes + spareBytes) continue;
    throw new StudioError(
      'diskFull',
      `${describeSize(bytes)} are to be fetched, but the disk of ${folder} has ${describeSize(bavail * bsize)} free.`,
      { path: folder, neededBytes: bytes, freeBytes: bavail * bsize },
    );
  }
}

function describeSize(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function missing(order: FetchOrder, name: string): StudioError {
  return new StudioError(
    'notFound',
    `${order.repository} has no file ${name} at revision ${revisionOf(order)} (${endpointOf(order)}).`,
    { repository: order.repository, file: name },
  );
}

/** How a person brings the files without this program. */
function describeByHand(orders: FetchOrder[]): string {
  const sources = orders.map(
    (order) =>
      `${order.files.join(', ')} from https://huggingface.co/${order.repository}/tree/${revisionOf(order)}`,
  );
  const folders = [...new Set(orders.map(({ to }) => to))];
  return `By hand: download ${sources.join(' and ')}, and put the files into ${folders.join(' and ')}.`;
}

function explain(thrown: unknown, orders: FetchOrder[], signal: AbortSignal | undefined): StudioError {
  if (thrown instanceof StudioError) return thrown;
  if (signal?.aborted === true)
    return new StudioError('cancelled', 'Fetching was cancelled.', {}, { cause: thrown });
  const onDisk = explainDisk(thrown, orders[0]!.to);
  if (onDisk !== null) return onDisk;
  const status = thrown instanceof Error && 'statusCode' in thrown ? Number(thrown.statusCode) : null;
  const repositories = orders.map(({ repository }) => repository).join(', ');
  const details = {
    endpoint: endpointOf(orders[0]!),
    repositories,
    files: orders.flatMap(({ files }) => files).join(', '),
    folder: orders[0]!.to,
    ...(status !== null && { status }),
  };
  const options = { cause: thrown };
  const byHand = describeByHand(orders);
  if (status === 404)
    return new StudioError(
      'notFound',
      `${details.endpoint} has no such repository or revision: ${repositories}.`,
      details,
      options,
    );
  if (status === 401 || status === 403) {
    const message = `${details.endpoint} refuses ${repositories} (HTTP ${status}); an access token in HF_TOKEN may help. ${byHand}`;
    return new StudioError('forbidden', message, details, options);
  }
  const reason = status === null ? describeCause(thrown) : `it answers with HTTP ${status}`;
  return new StudioError(
    'offline',
    `${details.endpoint} gives nothing: ${reason}. What has arrived is kept. ${byHand}`,
    details,
    options,
  );
}

/** The innermost reason; fetch's own message says only that it failed. */
function describeCause(thrown: unknown): string {
  if (thrown instanceof z.ZodError) return 'its answer is not the one of a hub';
  if (!(thrown instanceof Error)) return String(thrown);
  if (thrown.cause instanceof Error) return describeCause(thrown.cause);
  return thrown.message || ('code' in thrown ? String(thrown.code) : thrown.name);
}
