/**
 * Untrained weights by a formula over their names: packs of true size for tests and benchmarks, without anyone's checkpoint.
 * Source: ../shared/golden/README.md, “The weight formula”; all integers are unsigned, modulo 2^32.
 */
import { countElements } from './tensor-layout.ts';

/** The range of a tensor's values: `base` ± `amplitude`. */
export interface FormulaRange {
  base: number;
  amplitude: number;
}

/** A finaliser of MurmurHash3. */
function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return h ^ (h >>> 16);
}

/** FNV-1a over the name's UTF-8 bytes. */
function hashName(name: string): number {
  let h = 0x811c_9dc5;
  for (const byte of Buffer.from(name)) h = Math.imul(h ^ byte, 0x0100_0193);
  return h;
}

/** The range that a tensor's name and shape stand for; the first matching row of the formula's table. */
export function formulaRange(name: string, shape: readonly number[]): FormulaRange {
  if (name.endsWith('logit_scale')) {
    return shape.length === 0 ? { base: 4.6, amplitude: 0.05 } : { base: Math.LN10, amplitude: 2.6 };
  }
  if (name.endsWith('token_embedding.weight')) return { base: 0, amplitude: 0.5 };
  if (name.endsWith('position_embedding.weight')) return { base: 0, amplitude: 0.25 };
  if (name.endsWith('class_embedding')) return { base: 0, amplitude: 0.5 };
  if (shape.length === 1) {
    return name.endsWith('.weight') ? { base: 1, amplitude: 0.2 } : { base: 0, amplitude: 0.1 };
  }
  if (name.endsWith('in_proj_weight')) return { base: 0, amplitude: 10.2 / Math.sqrt(shape[1]!) };
  return { base: 0, amplitude: 1.7 / Math.sqrt(countElements(shape.slice(1))) };
}

/**
 * The values of a tensor in row-major order, in chunks that the caller may keep.
 *
 * @param range where it is not that of the name (`formulaRange`), as for formula inputs
 */
export function* formulaChunks(
  name: string,
  shape: readonly number[],
  { chunkElements = 2 ** 20, range = formulaRange(name, shape) } = {},
): Generator<Float32Array<ArrayBuffer>, void, undefined> {
  const elements = countElements(shape);
  for (let start = 0; start < elements; start += chunkElements) {
    const chunk = new Float32Array(Math.min(chunkElements, elements - start));
    fillFormula(chunk, { name, start, range });
    yield chunk;
  }
}

/** A whole tensor by the formula. */
export function formulaTensor(
  name: string,
  shape: readonly number[],
  range: FormulaRange = formulaRange(name, shape),
): Float32Array<ArrayBuffer> {
  const values = new Float32Array(countElements(shape));
  fillFormula(values, { name, start: 0, range });
  return values;
}

function fillFormula(
  values: Float32Array,
  { name, start, range: { base, amplitude } }: { name: string; start: number; range: FormulaRange },
): void {
  const s = mix(hashName(name));
  const t = mix((s + 0x9e37_79b9) | 0);
  for (let index = 0; index < values.length; index++) {
    const h = mix((mix(Math.imul(start + index, 0x9e37_79b1) ^ s) + t) | 0);
    values[index] = base + amplitude * ((h >>> 8) / 8_388_608 - 1);
  }
}
