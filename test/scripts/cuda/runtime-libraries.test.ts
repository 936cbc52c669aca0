/** The CUDA libraries come whole and verified from a feed, and an interrupted download goes on. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  findCudaPackage,
  installRuntimePackage,
  isInstalled,
  type RuntimePackage,
} from '../../../scripts/cuda/runtime-libraries.ts';
import { canMount, mountSmall } from '../../support/small-disk.ts';

const library = Buffer.alloc(200_000, 'a shared library, ');
// Stored, so that the archive is long enough to break.
const archive = makeZip([
  { name: 'package.nuspec', bytes: Buffer.from('<package/>'), isStored: true },
  { name: 'runtimes/linux-x64/native/libone.so', bytes: library, isStored: true },
  { name: 'runtimes/linux-x64/native/libtwo.so', bytes: Buffer.from('two'), isStored: false },
]);
const sha512 = createHash('sha512').update(archive).digest('base64');

let feed: string;
let breakAfter: number | null = null;
let packageHash = sha512;
let ranges: string[] = [];
let folder: string;
let wanted: RuntimePackage;

const server = createServer((request, response) => {
  const base = `http://${request.headers.host}`;
  const json = (value: unknown) => response.end(JSON.stringify(value));
  switch (request.url) {
    case '/index.json':
      return json({
        resources: [{ '@id': `${base}/registrations/`, '@type': 'RegistrationsBaseUrl/3.6.0' }],
      });
    case '/login':
      return response.end('<html>');
    case '/registrations/runtime.gpu/1.0.0.json':
      return json({ catalogEntry: `${base}/catalogue.json`, packageContent: `${base}/runtime.nupkg` });
    case '/catalogue.json':
      return json({ packageHash, packageHashAlgorithm: 'SHA512', packageSize: archive.length });
    case '/runtime.nupkg': {
      const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? 'bytes=0-')![1]);
      ranges.push(request.headers.range ?? 'all');
      if (from > 0) response.statusCode = 206;
      const body = archive.subarray(from);
      if (breakAfter === null) return response.end(body);
      response.write(body.subarray(0, breakAfter), () => setTimeout(() => response.destroy(), 20));
      breakAfter = null;
      return response;
    }
    default:
      response.statusCode = 404;
      return response.end();
  }
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  feed = `http://127.0.0.1:${address.port}/index.json`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(async () => {
  ranges = [];
  packageHash = sha512;
  folder = await mkdtemp(join(tmpdir(), 'sfiqa-cuda-'));
  wanted = {
    feed,
    name: 'Runtime.Gpu',
    version: '1.0.0',
    members: ['libone.so', 'libtwo.so'].map((name) => ({
      from: `runtimes/linux-x64/native/${name}`,
      to: join(folder, 'bin', name),
    })),
  };
  return () => rm(folder, { recursive: true });
});

function install(): Promise<void> {
  return installRuntimePackage(wanted, join(folder, 'cache'), { retryDelaysMs: [1, 1] });
}

describe('installing', () => {
  test('puts the named libraries in place and keeps nothing else', async () => {
    expect(isInstalled(wanted)).toBe(false);
    await install();
    expect(isInstalled(wanted)).toBe(true);
    expect((await readFile(join(folder, 'bin', 'libone.so'))).equals(library)).toBe(true);
    expect(await readFile(join(folder, 'bin', 'libtwo.so'), 'utf8')).toBe('two');
    expect((await readdir(join(folder, 'bin'))).sort()).toEqual(['libone.so', 'libtwo.so']);
    expect(await readdir(join(folder, 'cache'))).toEqual([]);
  });

  test('goes on where the connection broke', async () => {
    breakAfter = 50_000;
    await install();
    expect(ranges).toEqual(['all', 'bytes=50000-']);
    expect((await readFile(join(folder, 'bin', 'libone.so'))).equals(library)).toBe(true);
  });

  test('a package with another SHA-512 is not unpacked', async () => {
    packageHash = Buffer.alloc(64).toString('base64');
    await expect(install()).rejects.toMatchObject({ code: 'unreadable' });
    expect(isInstalled(wanted)).toBe(false);
    expect(await readdir(join(folder, 'cache'))).toEqual([]);
  });

  test('a place that cannot be written is told of before anything is fetched', async () => {
    await writeFile(join(folder, 'bin'), 'no folder');
    await expect(install()).rejects.toThrow(
      `${join(folder, 'bin')}, where the runtime looks for them, cannot be written (EEXIST)`,
    );
    expect(ranges).toEqual([]);
    expect(await readdir(folder)).toEqual(['bin']);
  });

  test.skipIf(!canMount)(
    'a disk that is full for the libraries: nothing half is left, and the next try fetches nothing again',
    async () => {
      const bin = join(folder, 'bin');
      await mkdir(bin);
      const unmount = mountSmall(bin, 'size=64k')!;
      try {
        await expect(install()).rejects.toThrow(
          `${join(bin, 'libone.so')} cannot be written: its disk is full`,
        );
        expect(await readdir(bin)).toEqual([]);
      } finally {
        unmount();
      }
      await install();
      expect(isInstalled(wanted)).toBe(true);
      expect(ranges).toEqual(['all']);
    },
  );

  test('a login page in the way is no feed', async () => {
    wanted.feed = wanted.feed.replace('index.json', 'login');
    await expect(install()).rejects.toThrow(/\/login does not answer with JSON: is there a login page/);
  });

  test('says which library a package lacks, and which version a feed', async () => {
    wanted.members.push({ from: 'libthree.so', to: join(folder, 'bin', 'libthree.so') });
    await expect(install()).rejects.toThrow('libthree.so');
    wanted.version = '2.0.0';
    await expect(install()).rejects.toThrow(/runtime\.gpu\/2\.0\.0\.json answers with HTTP 404/);
  });
});

test('the installed runtime names its CUDA libraries for Linux x64 and for no Mac', () => {
  const cuda = findCudaPackage('linux/x64');
  expect(cuda?.members.map(({ to }) => basename(to))).toContain('libonnxruntime_providers_cuda.so');
  expect(cuda?.feed).toMatch(/^https:\/\//);
  expect(findCudaPackage('darwin/arm64')).toBeNull();
});

/** A zip archive (PKWARE APPNOTE 4.3): local headers with their data, the directory, its end record. */
function makeZip(files: { name: string; bytes: Buffer; isStored: boolean }[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes, isStored } of files) {
    const data = isStored ? bytes : deflateRawSync(bytes);
    // Version, flags, method, time, date, CRC, sizes, length of the name, no extra field: the same in both headers.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(isStored ? 0 : 8, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), data]);
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, tail, Buffer.from(name));
    parts.push(local);
    offset += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, listed, end]);
}
