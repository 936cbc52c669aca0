/** Texts are found wherever image files keep them, in every encoding, of any length; what cannot be read is said. */
import { inflateSync } from 'node:zlib';
import { encode } from 'cborg';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { decodeUserComment } from '../../../../native-models/images/metadata/exif-text.ts';
import { readMetadata } from '../../../../native-models/images/metadata/metadata.ts';
import type { RawMetadata } from '../../../../native-models/messages.ts';
import { withPngText } from '../../../support/make-images.ts';
import { measureCpuMs } from '../../../support/measure-cpu.ts';

let png: Buffer;
let jpeg: Buffer;
let webp: Buffer;

beforeAll(async () => {
  const grey = sharp({ create: { width: 8, height: 8, channels: 3, background: 'grey' } });
  [png, jpeg, webp] = await Promise.all([
    grey.clone().png().toBuffer(),
    grey.clone().jpeg().toBuffer(),
    grey.clone().webp().toBuffer(),
  ]);
});

describe('UserComment', () => {
  const text = '雪の中の fox\nSteps: 5, Seed: 7, Sampler: Euler';
  const bigEndian = Buffer.from(text, 'utf16le').swap16();
  const code = (name: string) => Buffer.from(name.padEnd(8, '\0'));
  test.each([
    ['UTF-16, high byte first', Buffer.concat([code('UNICODE'), bigEndian])],
    ['UTF-16, low byte first', Buffer.concat([code('UNICODE'), Buffer.from(text, 'utf16le')])],
    [
      'UTF-16 with a byte order mark',
      Buffer.concat([code('UNICODE'), Buffer.from('fffe', 'hex'), Buffer.from(text, 'utf16le')]),
    ],
    ['UTF-8 that says ASCII', Buffer.concat([code('ASCII'), Buffer.from(text)])],
    ['UTF-8 with an empty code', Buffer.concat([code(''), Buffer.from(text)])],
    ['UTF-8 without a code', Buffer.from(text)],
    ['UTF-8 that says UTF-16', Buffer.concat([code('UNICODE'), Buffer.from(text)])],
    ['UTF-16 after a code in small letters', Buffer.concat([code('Unicode'), bigEndian])],
    ['UTF-16 without a code, high byte first', bigEndian],
    ['UTF-16 without a code, low byte first', Buffer.from(text, 'utf16le')],
  ])('in %s', (_name, bytes) => expect(decodeUserComment(bytes)).toBe(text));

  test('in bytes that say UTF-16', () => {
    const plain = 'a fox\nSteps: 5, Seed: 7';
    expect(decodeUserComment(Buffer.concat([code('UNICODE'), Buffer.from(plain)]))).toBe(plain);
  });
});

function unpack({ data }: RawMetadata): Record<string, string> {
  return z.record(z.string(), z.string()).parse(JSON.parse(inflateSync(data).toString()));
}

/** A JUMBF superbox with a label and boxes in it (ISO 19566-5). */
function superbox(label: string, ...boxes: Buffer[]): Buffer {
  return box(
    'jumb',
    Buffer.concat([
      box('jumd', Buffer.concat([Buffer.alloc(16), Buffer.from([3]), Buffer.from(`${label}\0`)])),
      ...boxes,
    ]),
  );
}

function box(type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length + 8);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, data]);
}

function manifest(source: string): Buffer {
  const actions = [
    {
      action: 'c2pa.created',
      softwareAgent: { name: 'GPT-4o' },
      digitalSourceType: `http://cv.iptc.org/newscodes/digitalsourcetype/${source}`,
    },
    { action: 'c2pa.converted' },
  ];
  const claim = superbox(
    'c2pa.claim.v2',
    box('cbor', Buffer.from(encode({ claim_generator_info: { name: 'ChatGPT' } }))),
  );
  const assertions = superbox(
    'c2pa.assertions',
    superbox('c2pa.actions.v2', box('cbor', Buffer.from(encode({ actions })))),
  );
  return superbox('c2pa', superbox('urn:c2pa:1', claim, assertions));
}

/** In a PNG chunk, a RIFF chunk, or two JPEG segments. */
function withManifest(bytes: Buffer, store: Buffer): Buffer {
  if (bytes[0] === 0x89)
    return Buffer.concat([
      bytes.subarray(0, 33),
      box('caBX', store).fill(0, 0, 4).fill(pngLength(store), 0, 4),
      Buffer.alloc(4),
      bytes.subarray(33),
    ]);
  if (bytes[0] === 0x52) {
    const head = Buffer.from('C2PA\0\0\0\0');
    head.writeUInt32LE(store.length, 4);
    return Buffer.concat([bytes, head, store, Buffer.alloc(store.length & 1)]);
  }
  const half = Math.floor(store.length / 2);
  const segments = [store.subarray(0, half), Buffer.concat([store.subarray(0, 8), store.subarray(half)])];
  const parts = segments.map((part, at) => {
    const head = Buffer.from([0xff, 0xeb, 0, 0, 0x4a, 0x50, 0, 1, 0, 0, 0, at + 1]);
    head.writeUInt16BE(part.length + 10, 2);
    return Buffer.concat([head, part]);
  });
  return Buffer.concat([bytes.subarray(0, 2), ...parts, bytes.subarray(2)]);
}

function pngLength(data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return length;
}

describe('content credentials', () => {
  test('say who generated a PNG, a JPEG or a WebP', async () => {
    const store = manifest('trainedAlgorithmicMedia');
    for (const bytes of [png, jpeg, webp]) {
      const found = await readMetadata(withManifest(bytes, store), null);
      expect(found).toMatchObject({ tool: 'ChatGPT', model: 'GPT-4o', prompt: null, problem: null });
      expect(found?.raw.words).toContain('c2pa generator chatgpt');
    }
  });

  test('of a photograph name no tool, and damaged ones break nothing', async () => {
    expect(await readMetadata(withManifest(png, manifest('digitalCapture')), null)).toMatchObject({
      tool: null,
    });
    const store = manifest('trainedAlgorithmicMedia');
    for (let cut = 8; cut < store.length; cut += 7) {
      const found = await readMetadata(withManifest(jpeg, store.subarray(0, cut)), null);
      expect([null, 'ChatGPT']).toContain(found?.tool ?? null);
    }
  });
});

describe('what is large or broken', () => {
  const graph = (more: string) =>
    `{"6":{"class_type":"CLIPTextEncode","inputs":{"text":"a fox"}},"3":{"class_type":"KSampler","inputs":{"seed":7,"cfg":NaN,"denoise":-Infinity,"positive":["6",0]}}${more}`;

  test('a graph of 10 MB is read; its raw text is kept in part, the short texts whole', async () => {
    const padded = graph(`,"99":{"class_type":"LoadImage","inputs":{"image":"${'A'.repeat(10_000_000)}"}}}`);
    const file = withPngText(withPngText(png, 'prompt', padded), 'parameters', 'a short text');
    const found = await readMetadata(file, null);
    expect(found).toMatchObject({ prompt: 'a fox', seed: '7', cfg: null, problem: null });
    expect(found!.raw).toMatchObject({ isCut: true, words: expect.stringMatching(/^prompt|a short text/) });
    const raw = unpack(found!.raw);
    expect(raw['parameters']).toBe('a short text');
    expect(raw['prompt']!.length).toBeLessThan(200_000);
    expect(found!.raw.data.length).toBeLessThan(100_000);
    expect(found!.raw.words.length).toBeLessThan(10_000);
  });

  test('megabytes after the end of a file take no time, and are no text', async () => {
    const zeros = Buffer.alloc(40_000_000);
    const file = Buffer.concat([withPngText(png, 'prompt', graph('}')), zeros]);
    const others = [webp, jpeg].map((other) => Buffer.concat([other, zeros]));
    const cpuMs = await measureCpuMs(async () => {
      expect(await readMetadata(file, null)).toMatchObject({ prompt: 'a fox', seed: '7' });
      for (const other of others) expect(await readMetadata(other, null)).toBeNull();
    });
    expect(cpuMs).toBeLessThan(1500);
  });

  test('runs of spaces, properties without number and a graph of 100,000 nodes take no longer than their size', async () => {
    const spaces = ' '.repeat(1_000_000);
    const xmp = `<x:xmpmeta>${'<rdf:li>a</rdf:li>'.repeat(300_000)}</x:xmpmeta>`;
    const chain = Array.from(
      { length: 100_000 },
      (_, at) => `"d${at}":{"class_type":"Reroute","inputs":{"value":["d${at + 1}",0]}}`,
    );
    const nodes = `${chain.join()},"3":{"class_type":"KSampler","inputs":{"seed":18446744073709551615,"positive":["d0",0]}}`;
    const files = [
      withPngText(png, 'parameters', `${spaces}x`),
      withPngText(png, 'parameters', `{"a":1${spaces}x`),
      withPngText(png, 'Description', `a fox${spaces}x --ar 1:1${spaces}x`),
      withPngText(png, 'XML:com.adobe.xmp', xmp),
    ];
    const cpuMs = await measureCpuMs(async () => {
      for (const file of files) expect((await readMetadata(file, null))?.seed).toBeNull();
      const found = await readMetadata(withPngText(png, 'prompt', `{${nodes}}`), null);
      expect(found).toMatchObject({ seed: '18446744073709551615', prompt: null });
    });
    expect(cpuMs).toBeLessThan(6000);
  });

  test('JSON that is cut off, and a graph without a prompt, are said', async () => {
    const cut = await readMetadata(withPngText(png, 'prompt', graph('')), null);
    expect(cut).toMatchObject({
      tool: null,
      problem: expect.stringContaining('“prompt” is no readable JSON'),
    });
    const loop = '{"3":{"class_type":"KSampler","inputs":{"seed":7,"positive":["3",0]}}}';
    const found = await readMetadata(withPngText(png, 'prompt', loop), null);
    expect(found).toMatchObject({ prompt: null, seed: '7', problem: expect.stringContaining('no sampler') });
  });

  test('texts that no generator wrote are kept and are no problem', async () => {
    const found = await readMetadata(withPngText(png, 'Comment', 'Created with GIMP'), null);
    expect(found).toMatchObject({ tool: null, prompt: null, problem: null });
    expect(unpack(found!.raw)).toEqual({ Comment: 'Created with GIMP' });
    expect(await readMetadata(png, null)).toBeNull();
  });
});
