/** Numbers of every stored type as float32. */
import { type Dtype, itemBytes } from './checkpoint.ts';

/**
 * Little-endian bytes as float32, rounded to nearest; float32 itself is not copied. Integers beyond 2^53 are rounded twice.
 *
 * @param bytes whole elements, beginning at the buffer's start
 */
export function toFloat32(dtype: Dtype, bytes: ArrayBuffer): Float32Array<ArrayBuffer> {
  switch (dtype) {
    case 'float32':
      return new Float32Array(bytes);
    case 'float64':
      return new Float32Array(new Float64Array(bytes));
    case 'float16':
      return new Float32Array(new Float16Array(bytes));
    case 'bfloat16':
      return widenBfloat16(new Uint16Array(bytes));
    case 'int64':
      return Float32Array.from(new BigInt64Array(bytes), Number);
    case 'int32':
      return new Float32Array(new Int32Array(bytes));
    case 'int16':
      return new Float32Array(new Int16Array(bytes));
    case 'int8':
      return new Float32Array(new Int8Array(bytes));
    case 'uint8':
      return new Float32Array(new Uint8Array(bytes));
    case 'bool':
      return Float32Array.from(new Uint8Array(bytes), (value) => (value === 0 ? 0 : 1));
  }
}

/** A bfloat16 is the upper half of a float32. */
function widenBfloat16(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const bits = new Uint32Array(halves.length);
  for (let index = 0; index < halves.length; index++) bits[index] = halves[index]! << 16;
  return new Float32Array(bits.buffer);
}

/** Whole elements of a type that fit in so many bytes both as they are stored and as float32; at least one. */
export function elementsWithin(dtype: Dtype, maxBytes: number): number {
  return Math.max(1, Math.floor(maxBytes / Math.max(4, itemBytes[dtype])));
}
