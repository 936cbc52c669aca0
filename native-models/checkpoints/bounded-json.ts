/** Parses the JSON of a checkpoint after counting what it would become, so that a small file cannot make a large object. */
import { invalid, quote } from './invalid.ts';
import { limits } from './limits.ts';

/** Objects within objects of a header or an index, and a list within. */
const maxDepth = 4;
const maxValues = 16 * limits.tensors;

/**
 * A JSON object as it stands, no name given twice at its first level.
 *
 * @throws StudioError `checkpointInvalid`
 */
export function parseBoundedObject(bytes: Buffer, path: string): Record<string, unknown> {
  const names = countNames(bytes, path);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw invalid(
      `${path}: its JSON cannot be read: ${quote(reason)}. The file is damaged: download it again.`,
      {
        path,
      },
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(`${path}: its JSON is not an object.`, { path });
  }
  const object = { ...value };
  if (Object.keys(object).length !== names) {
    throw invalid(`${path}: its JSON names a tensor twice.`, { path });
  }
  return object;
}

/** Names at the first level; throws where depth or number of values is beyond a checkpoint's. */
function countNames(bytes: Buffer, path: string): number {
  let depth = 0;
  let names = 0;
  let values = 0;
  let isText = false;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index]!;
    if (isText) {
      if (byte === 0x5c) index++;
      else if (byte === 0x22) isText = false;
    } else if (byte === 0x22) isText = true;
    else if (byte === 0x7b || byte === 0x5b) {
      depth++;
      values++;
    } else if (byte === 0x7d || byte === 0x5d) depth--;
    else if (byte === 0x2c) values++;
    else if (byte === 0x3a && depth === 1) names++;
    if (depth > maxDepth || names > limits.tensors + 1 || values > maxValues) {
      throw invalid(
        `${path}: its JSON is nested deeper or has more than a checkpoint of ${limits.tensors} tensors.`,
        { path, offset: index },
      );
    }
  }
  return names;
}
