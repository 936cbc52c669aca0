/** Content credentials (C2PA 2.1): who says that a picture was generated, as ChatGPT, DALL·E, Gemini and Firefly write it. No prompt is in them. */
import { decode } from 'cborg';
import { type Blocks, makeReading, type Reading } from './blocks.ts';
import { jpegSegments } from './jpeg-segments.ts';
import { asFields, type Fields, fieldOf, listOf, parseFields } from './json.ts';
import { pngTypes } from './png-text.ts';
import { isGeneratedSource, nameVendor } from './vendors.ts';

/** Boxes within boxes go so deep; manifests have four levels. */
const maxDepth = 8;
const maxManifestBytes = 32_000_000;

/**
 * What the manifests of an image say of its making, as JSON text, or null where it has none: `generator` and `actions` of each claim, in
 * the file's order. Signatures are not checked: this says what is claimed.
 */
export function readC2paText(bytes: Buffer): string | null {
  const store = findStore(bytes);
  if (store === null) return null;
  const claims: { generator: string | null; actions: Fields[] }[] = [];
  walk(store, '', 0, (label, data) => {
    if (/^c2pa\.claim/.test(label)) claims.push({ generator: generatorOf(readCbor(data)), actions: [] });
    // A claim may stand before or after its assertions.
    if (/^c2pa\.actions/.test(label)) {
      const actions = listOf(fieldOf(readCbor(data), 'actions'))
        .map(asFields)
        .filter((action) => action !== null);
      claims.push({ generator: null, actions });
    }
  });
  const generator = claims.findLast((claim) => claim.generator !== null)?.generator ?? null;
  const actions = claims.flatMap((claim) => claim.actions).map(describeAction);
  return JSON.stringify({ generator, actions });
}

/** Pictures that a trained model made, by the credentials' word; photographs have credentials, too, and give null. */
export function readC2pa(blocks: Blocks): Reading | null {
  const fields = parseFields(blocks.get('C2PA'));
  const actions = listOf(fieldOf(fields, 'actions')).map(asFields);
  const isGenerated = actions.some((action) =>
    isGeneratedSource(String(fieldOf(action, 'digitalSourceType'))),
  );
  if (!isGenerated) return null;
  const generator = fieldOf(fields, 'generator');
  const agent = actions
    .map((action) => fieldOf(action, 'softwareAgent'))
    .find((own) => typeof own === 'string');
  const named = [agent, generator].filter((name) => typeof name === 'string');
  return makeReading({ tool: nameVendor(named) ?? named.at(-1) ?? 'C2PA', model: agent });
}

/** `claim_generator_info` has a name (one or a list); before it there was one text. */
function generatorOf(claim: Fields | null): string | null {
  const info = fieldOf(claim, 'claim_generator_info');
  const name =
    fieldOf(asFields(Array.isArray(info) ? info[0] : info), 'name') ?? fieldOf(claim, 'claim_generator');
  return typeof name === 'string' ? name : null;
}

function describeAction(action: Fields): Fields {
  const agent = fieldOf(action, 'softwareAgent');
  return {
    action: fieldOf(action, 'action'),
    softwareAgent: fieldOf(asFields(agent), 'name') ?? agent,
    digitalSourceType: fieldOf(action, 'digitalSourceType'),
  };
}

/** Dates and hashes are tagged in CBOR; their values are taken as they are. */
const tags = Object.fromEntries([0, 1, 18, 32, 37].map((tag) => [tag, (inner: () => unknown) => inner()]));

function readCbor(data: Buffer): Fields | null {
  try {
    return asFields(decode(data, { tags }));
  } catch {
    return null;
  }
}

/** The JUMBF boxes (ISO 19566-5): a superbox has a label in its description box, then boxes of content. */
function walk(
  boxes: Buffer,
  label: string,
  depth: number,
  visit: (label: string, data: Buffer) => void,
): void {
  let own = label;
  for (let at = 0; at + 8 <= boxes.length && depth <= maxDepth; ) {
    const length = boxes.readUInt32BE(at) || boxes.length - at;
    if (length < 8) return;
    const type = boxes.toString('latin1', at + 4, at + 8);
    const data = boxes.subarray(at + 8, at + length);
    if (type === 'jumd') own = data.toString('utf8', 17, Math.max(17, data.indexOf(0, 17)));
    else if (type === 'jumb') walk(data, '', depth + 1, visit);
    else if (type === 'cbor') visit(own, data);
    at += length;
  }
}

/** The manifest store: PNG chunk `caBX`, JPEG segments APP11, RIFF chunk `C2PA`. */
function findStore(bytes: Buffer): Buffer | null {
  const store =
    bytes[0] === 0x89
      ? inPng(bytes)
      : bytes[0] === 0xff
        ? inJpeg(bytes)
        : bytes[0] === 0x52
          ? inRiff(bytes)
          : null;
  return store === null || store.length > maxManifestBytes ? null : store;
}

function inPng(bytes: Buffer): Buffer | null {
  for (let at = 8; at + 8 <= bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    const type = bytes.readUInt32BE(at + 4);
    if (type === pngTypes.caBX) return bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at));
    if (type === pngTypes.IEND) return null;
  }
  return null;
}

function inRiff(bytes: Buffer): Buffer | null {
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32LE(at + 4);
    if (bytes.toString('latin1', at, at + 4) === 'C2PA') return bytes.subarray(at + 8, at + 8 + length);
    at += 8 + length + (length & 1);
  }
  return null;
}

/** Segments of one box repeat its header of eight bytes; each has two of an identifier, two of an instance, four of a number. */
function inJpeg(bytes: Buffer): Buffer | null {
  const parts: Buffer[] = [];
  for (const { marker, data } of jpegSegments(bytes)) {
    if (marker === 0xeb && data.toString('latin1', 0, 2) === 'JP')
      parts.push(data.subarray(parts.length === 0 ? 8 : 16));
  }
  return parts.length === 0 ? null : Buffer.concat(parts);
}
