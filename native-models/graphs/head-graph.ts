/** A trained head as an ONNX graph of standard operators, for programs outside the studio. */
import { createHash } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import type { HeadFrame, HeadNetwork } from '../messages.ts';
import { GraphBuilder, type Value } from './graph-builder.ts';
import { readMetadata } from './onnx-schema.ts';

type Layer = HeadNetwork['members'][number]['layers'][number];

/** Under which the file carries what the studio says of the head, so that it is read back without reading the graph. */
const aboutKey = 'sf-iqa-head';

/** Under which stands the SHA-256 of the file with zeros in its place: it holds for files of every version, however that one draws. */
const checksumKey = 'sf-iqa-checksum';
const noChecksum = '0'.repeat(64);

/**
 * The bytes of the graph: `inputs` [batch, length] → `score` [batch], in the unit of the head's target. The same head and `about` give
 * the same bytes.
 */
export function drawHead(head: HeadNetwork, about = ''): Uint8Array {
  const graph = new GraphBuilder('head');
  const inputs = graph.input('inputs', 'float32', ['batch', head.length]);
  const framed = new Map<HeadFrame, Value>();
  let sum: Value | null = null;
  for (const [at, { weight, layers, frame = head }] of head.members.entries()) {
    const x = framed.get(frame) ?? graph.scope(`frame-${framed.size}`, () => drawFrame(graph, inputs, frame));
    framed.set(frame, x);
    const y = graph.scope(`member-${at}`, () => {
      const value = layers.reduce((below, layer, depth) => drawLayer(graph, below, layer, depth), x);
      return graph.node('Mul', [value, graph.scalar('weight', weight)], { name: 'weighted' });
    });
    sum = sum === null ? y : graph.node('Add', [sum, y], { name: 'sum' });
  }
  const whole = graph.node('Add', [sum!, graph.scalar('offset', head.offset)], { name: 'value' });
  graph.output(graph.node('Reshape', [whole, graph.ints('one-each', [-1])]), 'score', 'float32', ['batch']);
  return about === ''
    ? graph.build({ source: 'SF-IQA Studio' })
    : seal(graph.build({ source: 'SF-IQA Studio', [aboutKey]: about, [checksumKey]: noChecksum }));
}

function drawFrame(graph: GraphBuilder, x: Value, { mean, inverse, clip }: HeadFrame): Value {
  const centred = graph.node('Sub', [x, graph.constant('mean', mean, [mean.length])]);
  const scaled = graph.node('Mul', [centred, graph.constant('inverse', inverse, [inverse.length])]);
  return graph.node('Clip', [scaled, graph.scalar('low', -clip), graph.scalar('high', clip)]);
}

function drawLayer(graph: GraphBuilder, x: Value, layer: Layer, depth: number): Value {
  const { inputs, outputs, activation, weights, bias } = layer;
  return graph.scope(`layer-${depth}`, () => {
    const matrix = graph.constant('weights', weights, [inputs, outputs]);
    const sums = graph.node('Gemm', [x, matrix, graph.constant('bias', bias, [outputs])]);
    switch (activation) {
      case 'none':
        return sums;
      case 'relu':
        return graph.node('Relu', [sums]);
      case 'gelu':
        return graph.node('Gelu', [sums], { attributes: { approximate: { string: 'none' } } });
      case 'square':
        return graph.node('Mul', [sums, sums], { name: 'square' });
    }
  });
}

/** Writes the graph beside `to` and renames it, so that a half-written file never has the name. */
export async function writeHeadGraph(
  head: HeadNetwork,
  about: string,
  to: string,
): Promise<{ sizeBytes: number }> {
  const bytes = drawHead(head, about);
  const partial = `${to}.partial`;
  try {
    await writeFile(partial, bytes);
    await rename(partial, to);
  } finally {
    await rm(partial, { force: true });
  }
  return { sizeBytes: bytes.byteLength };
}

/**
 * What `drawHead` was told about a head, or why a file is none of its, and whether every byte is as it was written. The graph is not
 * looked at.
 */
export function readHeadAbout(bytes: Uint8Array): {
  about: string | null;
  isModel: boolean;
  isUnchanged: boolean;
} {
  const metadata = readMetadata(bytes);
  const checksum = metadata?.get(checksumKey) ?? noChecksum;
  const bare = Buffer.from(bytes);
  const at = bare.lastIndexOf(checksum, undefined, 'latin1');
  if (at >= 0) bare.write(noChecksum, at, 'latin1');
  return {
    about: metadata?.get(aboutKey) ?? null,
    isModel: metadata !== null,
    isUnchanged: checksum === hashOf(bare),
  };
}

/** Puts the checksum in the place that was left for it: the last metadata of the file. */
function seal(bytes: Uint8Array): Uint8Array {
  const sealed = Buffer.from(bytes);
  sealed.write(hashOf(bytes), sealed.lastIndexOf(noChecksum, undefined, 'latin1'), 'latin1');
  return sealed;
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
