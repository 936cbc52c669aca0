/** A hub on this machine: lists files, sends large ones on to a second address, and can break, lie and refuse. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export interface HubFile {
  bytes: Buffer;
  /** In large-file storage: listed with its SHA-256 and sent on to the second address. */
  isLarge: boolean;
}

export interface Asked {
  url: string;
  range: string | undefined;
  authorization: string | undefined;
}

export interface Hub {
  endpoint: string;
  /** Every request, in order, the second address's as `store:/…`. */
  asked: Asked[];
  /** What goes wrong; changed by tests while the hub runs. */
  faults: {
    /** Connections of the store that end after so many bytes, first come first served; 0 ends at once. */
    breakAfter: number[];
    /** The store sends this many bytes and then nothing more, the connection open. */
    stallAfter?: number;
    /** Flip a bit of what the store sends. */
    isCorrupt?: boolean;
    ignoresRanges?: boolean;
    /** Tell clients that ask for it where large files lie in chunk storage (Xet), as huggingface.co does. */
    offersChunks?: boolean;
    /** What every request is answered with. */
    status?: number;
    /** A network's sign-in page instead of every answer. */
    isSignInPage?: boolean;
  };
  close(): Promise<void>;
}

/** Starts a hub with one repository at revision `main`, or with several of the same files. */
export async function openHub(repository: string | string[], files: Record<string, HubFile>): Promise<Hub> {
  const repositories = [repository].flat();
  const asked: Asked[] = [];
  const faults: Hub['faults'] = { breakAfter: [] };

  function note(request: IncomingMessage, prefix: string): void {
    const { range, authorization } = request.headers;
    asked.push({ url: prefix + request.url, range, authorization });
  }

  function answerAnyway(response: ServerResponse): boolean {
    if (faults.isSignInPage === true) response.setHeader('content-type', 'text/html').end('<p>Sign in</p>');
    else if (faults.status !== undefined) response.writeHead(faults.status).end();
    else return false;
    return true;
  }

  function send(file: HubFile, request: IncomingMessage, response: ServerResponse): void {
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    const [from, to] =
      range && faults.ignoresRanges !== true
        ? [Number(range[1]), Number(range[2]) + 1]
        : [0, file.bytes.length];
    const body = Buffer.from(file.bytes.subarray(from, to));
    response.setHeader('etag', `"${hash('sha256', file.bytes)}"`);
    if (range && faults.ignoresRanges !== true)
      response.writeHead(206, { 'content-range': `bytes ${from}-${to - 1}/${file.bytes.length}` });
    if (body.length <= 1) return void response.end(body);
    if (faults.isCorrupt === true && file.isLarge) body[0]! ^= 1;
    const breakAfter = file.isLarge ? faults.breakAfter.shift() : undefined;
    const stallAfter = file.isLarge ? faults.stallAfter : undefined;
    const cut = breakAfter ?? stallAfter;
    if (cut === undefined || cut >= body.length) return void response.end(body);
    response.write(body.subarray(0, cut), () => {
      if (breakAfter !== undefined) setTimeout(() => response.destroy(), 20);
    });
  }

  const store = await listen((request, response) => {
    note(request, 'store:');
    send(files[decodeURIComponent(request.url!.slice(1))]!, request, response);
  });
  const hub = await listen((request, response) => {
    note(request, '');
    if (answerAnyway(response)) return;
    const [path] = request.url!.split('?');
    const isListed = repositories.some((one) => path === `/api/models/${one}/paths-info/main`);
    if (isListed) return void list(request, response);
    const place = repositories.map((one) => `/${one}/resolve/main/`).find((start) => path!.startsWith(start));
    const name = path!.slice(place?.length ?? 0);
    const file = place === undefined ? undefined : files[name];
    const asksForChunks = request.headers.accept?.includes('application/vnd.xet-fileinfo+json') === true;
    if (file === undefined) response.writeHead(404).end();
    else if (file.isLarge && asksForChunks && faults.offersChunks === true) tellChunks(file, response);
    else if (file.isLarge) response.writeHead(302, { location: `${store.address}/${name}` }).end();
    else send(file, request, response);
  });

  function tellChunks({ bytes }: HubFile, response: ServerResponse): void {
    const links = ['xet-auth', 'xet-reconstruction-info'].map(
      (rel) => `<${store.address}/none>; rel="${rel}"`,
    );
    const headers = {
      'content-type': 'application/vnd.xet-fileinfo+json',
      'x-linked-size': bytes.length,
      'x-linked-etag': `"${hash('sha256', bytes)}"`,
      'x-xet-hash': '0'.repeat(64),
      link: links.join(', '),
    };
    response.writeHead(200, headers).end('{}');
  }

  async function list(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const { paths } = JSON.parse(body) as { paths: string[] };
    const listed = paths
      .filter((path) => path in files)
      .map((path) => {
        const { bytes, isLarge } = files[path]!;
        return {
          ...{ type: 'file', path, size: bytes.length },
          oid: hash('sha1', Buffer.concat([Buffer.from(`blob ${bytes.length}\0`), bytes])),
          ...(isLarge && { lfs: { oid: hash('sha256', bytes), size: bytes.length, pointerSize: 134 } }),
        };
      });
    response.setHeader('content-type', 'application/json').end(JSON.stringify(listed));
  }

  return {
    endpoint: hub.address,
    asked,
    faults,
    async close() {
      await Promise.all([hub.close(), store.close()]);
    },
  };
}

/** A hub that has a CLIP's folder where PickScore and its tokeniser are published. */
export function openPickScoreHub(folder: string): Promise<Hub> {
  const file = (name: string, isLarge = false) => ({ bytes: readFileSync(join(folder, name)), isLarge });
  return openHub(['yuvalkirstain/PickScore_v1', 'laion/CLIP-ViT-H-14-laion2B-s32B-b79K'], {
    'config.json': file('config.json'),
    'tokenizer.json': file('tokenizer.json'),
    'model.safetensors': file('model.safetensors', true),
  });
}

export function hash(algorithm: 'sha1' | 'sha256', bytes: Buffer): string {
  return createHash(algorithm).update(bytes).digest('hex');
}

async function listen(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ address: string; close(): Promise<void> }> {
  const server: Server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    address: `http://127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
