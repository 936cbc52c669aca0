/** Tells which execution providers of onnxruntime run here, by running a graph of one node on each, and why one does not. */
import { InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import ort from 'onnxruntime-node/package.json' with { type: 'json' };
import sharp from 'sharp';
import type { ProviderReport } from './messages.ts';

/**
 * `y = Identity(x)`, x and y float[1], ONNX IR 8, opset 13: the smallest graph that a provider has to accept.
 * Bytes by the ONNX protobuf schema: field numbers and wire types as in onnx.proto.
 */
function identityGraph(): Uint8Array {
  const text = (value: string) => [...Buffer.from(value, 'utf8')];
  const field = (number: number, bytes: number[]) => [(number << 3) | 2, bytes.length, ...bytes];
  const varint = (number: number, value: number) => [number << 3, value];
  const shape = field(1, field(1, varint(1, 1)));
  const type = field(1, [...varint(1, 1), ...field(2, shape.slice(2))]);
  const value = (name: string) => [...field(1, text(name)), ...field(2, type)];
  const node = [...field(1, text('x')), ...field(2, text('y')), ...field(4, text('Identity'))];
  const graph = [
    ...field(1, node),
    ...field(2, text('identity')),
    ...field(11, value('x')),
    ...field(12, value('y')),
  ];
  return Uint8Array.from([...varint(1, 8), ...field(7, graph), ...field(8, varint(2, 13))]);
}

const candidates = ['cpu', 'webgpu', 'cuda'] as const;

/** Versions, and for each provider whether it runs, or why not. */
export async function reportProviders(workers: number): Promise<ProviderReport> {
  const supported = new Set<string>(listSupportedBackends().map((backend) => backend.name));
  const providers: ProviderReport['providers'] = [];
  for (const name of candidates) {
    const reason = supported.has(name) ? await tryProvider(name) : notBuiltIn(name);
    providers.push({ name, isUsable: reason === null, reason });
  }
  return {
    sharp: sharp.versions.sharp ?? 'unknown',
    libvips: sharp.versions.vips,
    onnxruntime: ort.version,
    workers,
    providers,
  };
}

async function tryProvider(name: (typeof candidates)[number]): Promise<string | null> {
  try {
    const session = await InferenceSession.create(identityGraph(), {
      executionProviders: [name],
      logSeverityLevel: 4,
    });
    const { y } = await session.run({ x: new Tensor('float32', [42], [1]) });
    await session.release();
    return y?.data[0] === 42 ? null : 'It ran, but gave a wrong result.';
  } catch (error) {
    return explain(name, error instanceof Error ? error.message : String(error));
  }
}

const cudaAdvice =
  'The CUDA libraries are not installed. On Linux x64 with an NVIDIA driver: `npm run setup:cuda`.';

function notBuiltIn(name: string): string {
  return name === 'cuda' ? cudaAdvice : 'This build of onnxruntime does not carry it.';
}

/** The runtime's own words without source paths, or the known cause. */
function explain(name: string, message: string): string {
  if (name === 'cuda' && message.includes('Failed to load shared library')) return cudaAdvice;
  if (message.includes('Failed to get a WebGPU adapter')) {
    return 'No WebGPU adapter was found: it needs a GPU with a Vulkan (Linux), Direct3D 12 (Windows) or Metal (macOS) driver.';
  }
  return message.split('\n')[0]!.slice(0, 300);
}
