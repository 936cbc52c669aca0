/** Heads as bytes: `SFIQAHD1`, the length of a JSON header, the header, then every number as little-endian float32. */
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import { explainInvalid } from '../../contract/explain-invalid.ts';
import { HeadKind } from '../../contract/heads.ts';
import type { Frame, Head, Layer } from './head.ts';

const magic = 'SFIQAHD1';
const headerStart = magic.length + 4;
const largestHeaderBytes = 1 << 20;

const Size = z.int().positive().max(1_000_000);

const Header = z.object({
  kind: HeadKind,
  length: Size,
  clip: z.number().positive(),
  offset: z.number(),
  members: z
    .array(
      z.object({
        weight: z.number(),
        /** The clip of its own standardisation, whose numbers stand before its layers. */
        clip: z.number().positive().optional(),
        layers: z
          .array(z.object({ outputs: Size, activation: z.enum(['none', 'relu', 'gelu', 'square']) }))
          .min(1)
          .refine((layers) => layers.at(-1)!.outputs === 1, 'the last layer must have one output'),
      }),
    )
    .min(1),
});
type Header = z.infer<typeof Header>;

/** The bytes of a head; the same head gives the same bytes. */
export function encodeHead({
  mean,
  inverse,
  members,
  kind,
  length,
  clip,
  offset,
}: Head): Buffer<ArrayBuffer> {
  const header: Header = {
    kind,
    length,
    clip,
    offset,
    members: members.map(({ weight, layers, frame }) => ({
      weight,
      ...(frame === undefined ? {} : { clip: frame.clip }),
      layers: layers.map(({ outputs, activation }) => ({ outputs, activation })),
    })),
  };
  const text = Buffer.from(JSON.stringify(header));
  const blocks = [
    mean,
    inverse,
    ...members.flatMap(({ frame, layers }) => [
      ...(frame === undefined ? [] : [frame.mean, frame.inverse]),
      ...layers.flatMap((layer) => [layer.weights, layer.bias]),
    ]),
  ];
  const start = Buffer.alloc(headerStart);
  start.write(magic, 'latin1');
  start.writeUInt32LE(text.length, magic.length);
  return Buffer.concat([start, text, ...blocks.map(toBytes)]);
}

function toBytes(values: Float32Array): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes;
}

/**
 * The head that bytes hold. Everything is checked: shapes against the length, every number finite.
 *
 * @throws StudioError `badInput` that says what is wrong
 */
export function decodeHead(bytes: Uint8Array): Head {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < headerStart || buffer.toString('latin1', 0, magic.length) !== magic) {
    throw refuse('they do not start as a head does');
  }
  const end = headerStart + buffer.readUInt32LE(magic.length);
  if (end > buffer.length || end > largestHeaderBytes) throw refuse('their header is cut off');
  const header = parseHeader(buffer.toString('utf8', headerStart, end));
  const expected = countNumbers(header);
  if (buffer.length - end !== expected * 4) {
    throw refuse(`${expected} numbers should follow the header, there are ${(buffer.length - end) / 4}`);
  }
  return readHead(header, buffer.subarray(end));
}

function parseHeader(text: string): Header {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw refuse('their header is not JSON');
  }
  const parsed = Header.safeParse(json);
  if (!parsed.success) throw refuse(explainInvalid(parsed.error));
  return parsed.data;
}

function countNumbers({ length, members }: Header): number {
  let count = 2 * length;
  for (const { layers, clip } of members) {
    if (clip !== undefined) count += 2 * length;
    let inputs = length;
    for (const { outputs } of layers) {
      count += (inputs + 1) * outputs;
      inputs = outputs;
    }
  }
  return count;
}

function readHead({ kind, length, clip, offset, members }: Header, body: Buffer): Head {
  let at = 0;
  function take(count: number): Float32Array {
    // Copied as they lie: every machine the studio runs on is little-endian.
    const values = new Float32Array(count);
    new Uint8Array(values.buffer).set(body.subarray(at, at + count * 4));
    if (!values.every(Number.isFinite)) throw refuse('a number is not finite');
    at += count * 4;
    return values;
  }
  function takeFrame(limit: number): Frame {
    const frame = { mean: take(length), inverse: take(length), clip: limit };
    if (frame.inverse.some((value) => value < 0)) throw refuse('a standard deviation is negative');
    return frame;
  }
  return {
    kind,
    length,
    offset,
    ...takeFrame(clip),
    members: members.map(({ weight, layers, clip: own }) => {
      const frame = own === undefined ? {} : { frame: takeFrame(own) };
      let inputs = length;
      const taken = layers.map(({ outputs, activation }): Layer => {
        const layer = { inputs, outputs, activation, weights: take(inputs * outputs), bias: take(outputs) };
        inputs = outputs;
        return layer;
      });
      return { weight, layers: taken, ...frame };
    }),
  };
}

function refuse(why: string): StudioError {
  return new StudioError('badInput', `These bytes are not the weights of a head: ${why}.`);
}
