/** What other programs carried from one file format to another, by other names and in other wrappings, is still read. */
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { readBlocks, readMetadata } from '../../../../native-models/images/metadata/metadata.ts';
import { measureCpuMs } from '../../../support/measure-cpu.ts';

const words = 'a red fox, 雪 🦊';
const text = `${words}\nNegative prompt: fog\nSteps: 5, Sampler: Euler, Seed: 9007199254740993`;
const asked = { prompt: words, negativePrompt: 'fog', seed: '9007199254740993', steps: 5 };

let png: Buffer;
let jpeg: Buffer;

beforeAll(async () => {
  const grey = sharp({ create: { width: 8, height: 8, channels: 3, background: 'grey' } });
  [png, jpeg] = await Promise.all([grey.clone().png().toBuffer(), grey.clone().jpeg().toBuffer()]);
});

/** A TIFF structure whose only text is a UserComment. */
function exifOf(comment: Buffer): Buffer {
  const head = Buffer.from('4d4d002a00000008000187690004000000010000001a00000000', 'hex');
  const directory = Buffer.from('000192860007000000000000002c00000000', 'hex');
  directory.writeUInt32BE(comment.length, 6);
  return Buffer.concat([head, directory, comment]);
}

const exif = exifOf(Buffer.concat([Buffer.from('UNICODE\0'), Buffer.from(text, 'utf16le').swap16()]));

function segment(marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}

function jpegWith(...segments: Buffer[]): Buffer {
  return Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);
}

function pngWith(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length);
  ends.writeUInt32BE(crc32(typed), 4);
  return Buffer.concat([png.subarray(0, 33), ends.subarray(0, 4), typed, ends.subarray(4), png.subarray(33)]);
}

function packetOf(inside: string, prefix = 'x'): string {
  const root = `${prefix}:xmpmeta`;
  return `<${root} xmlns:${prefix}="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/">${inside}</rdf:Description></rdf:RDF></${root}>`;
}

const comment = `<exif:UserComment><rdf:Alt><rdf:li xml:lang="x-default">${text}</rdf:li></rdf:Alt></exif:UserComment>`;

function xmpSegment(packet: string | Buffer): Buffer {
  return segment(0xe1, Buffer.concat([Buffer.from('http://ns.adobe.com/xap/1.0/\0'), Buffer.from(packet)]));
}

describe('XMP of a JPEG is found', () => {
  test.each([
    ['with its root', packetOf(comment)],
    ['with a root of another prefix', packetOf(comment, 'y')],
    ['without a root', packetOf(comment).replaceAll(/<\/?x:xmpmeta[^>]*>/g, '')],
    [
      'in UTF-16',
      Buffer.concat([Buffer.from('feff', 'hex'), Buffer.from(packetOf(comment), 'utf16le').swap16()]),
    ],
    ['with a section of plain text', packetOf(comment.replace(text, `<![CDATA[${text}]]>`))],
    [
      'with prefixes of its own',
      packetOf(comment).replaceAll('exif:', 'e:').replace('xmlns:exif', 'xmlns:e'),
    ],
  ])('%s', async (_name, packet) => {
    expect(await readMetadata(jpegWith(xmpSegment(packet)), null)).toMatchObject(asked);
  });

  test('with its extension in several segments, in any order', async () => {
    const extension = Buffer.from(packetOf(comment));
    const part = (from: number, to?: number) => {
      const head = Buffer.alloc(8);
      head.writeUInt32BE(extension.length);
      head.writeUInt32BE(from, 4);
      const mark = Buffer.from(`http://ns.adobe.com/xmp/extension/\0${'0123456789ABCDEF'.repeat(2)}`);
      return segment(0xe1, Buffer.concat([mark, head, extension.subarray(from, to)]));
    };
    const file = jpegWith(part(300), xmpSegment(packetOf('')), part(0, 300));
    expect(await readMetadata(file, null)).toMatchObject(asked);
  });
});

describe('Comments of a JPEG', () => {
  const own = segment(0xfe, Buffer.from(text));
  test('are found after fill bytes, and behind a short one of the encoder', async () => {
    for (const file of [
      jpegWith(Buffer.from([0xff]), own),
      jpegWith(segment(0xfe, Buffer.from('Lavc 60')), own),
    ])
      expect(await readMetadata(file, null)).toMatchObject(asked);
  });

  test('in a Japanese code', async () => {
    const japanese = Buffer.concat([
      Buffer.from('JIS\0\0\0\0\0a \x1b$B', 'latin1'),
      Buffer.from([0x40, 0x63]),
      Buffer.from('\x1b(B fox\nSteps: 5, Seed: 7', 'latin1'),
    ]);
    const file = jpegWith(segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), exifOf(japanese)])));
    expect(await readMetadata(file, null)).toMatchObject({ prompt: 'a 雪 fox' });
  });
});

describe('Text chunks of a PNG', () => {
  const profile = (name: string, data: Buffer) =>
    deflateSync(
      `\n${name}\n${String(data.length).padStart(8)}\n${data.toString('hex').replaceAll(/.{72}/g, '$&\n')}\n`,
    );
  test.each([
    ['exif', Buffer.concat([Buffer.from('Exif\0\0'), exif])],
    ['APP1', Buffer.concat([Buffer.from('Exif\0\0'), exif])],
    ['xmp', Buffer.from(packetOf(comment))],
  ])('with a raw profile of type %s', async (type, data) => {
    const chunk = Buffer.concat([Buffer.from(`Raw profile type ${type}\0\0`), profile(type, data)]);
    expect(await readMetadata(pngWith('zTXt', chunk), null)).toMatchObject(asked);
  });

  test('that lost the end of their compression are read as far as they go', async () => {
    const chunk = Buffer.concat([Buffer.from('parameters\0\0'), deflateSync(text).subarray(0, -4)]);
    expect(await readMetadata(pngWith('zTXt', chunk), null)).toMatchObject(asked);
  });
});

describe('Texts in a comment', () => {
  const graph = {
    3: { class_type: 'KSampler', inputs: { seed: 7, positive: ['4', 0] } },
    4: { class_type: 'CLIPTextEncode', inputs: { text: 'a fox' } },
  };
  const invoke = { positive_prompt: 'a fox', seed: 7 };
  test.each([
    ['UserComment', { parameters: 'a fox\nSteps: 5, Seed: 7' }],
    ['UserComment', { invokeai_metadata: invoke }],
    ['JpegComment', { invokeai_metadata: JSON.stringify(invoke) }],
    ['stealth', { prompt: graph, workflow: { nodes: [] } }],
    ['UserComment', { prompt: 'a fox', v4_prompt: {}, uc: 'fog', seed: 7 }],
  ])('of %s: %j', (name, carried) => {
    expect(readBlocks(new Map([[name, JSON.stringify(carried)]]))).toMatchObject({
      prompt: 'a fox',
      seed: '7',
    });
  });

  test.each(['Description', 'Comment', 'Caption'])('a parameters text is read from %s', (name) => {
    expect(readBlocks(new Map([[name, text]]))).toMatchObject(asked);
  });
});

test('a packet that never ends its sections is read in an instant', async () => {
  const cpuMs = await measureCpuMs(() => {
    readBlocks(new Map([['XMP', '<![CDATA['.repeat(500_000)]]));
    readBlocks(new Map([['XMP', `xmlns:${'a'.repeat(4_000_000)}`]]));
  });
  expect(cpuMs).toBeLessThan(5000);
});
