/** Untrained weights by a formula over their names, so that golden files need no checkpoint (../shared/golden/README.md). */

function mix(value: number): number {
  let h = value >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function fnv(name: string): number {
  let h = 0x811c_9dc5;
  for (const byte of Buffer.from(name)) h = Math.imul(h ^ byte, 0x0100_0193);
  return h >>> 0;
}

/** One tensor, row-major; the rows of the formula's table for biases and for matrices. */
export function formulaTensor(name: string, shape: readonly number[]): Float32Array {
  const [first, ...rest] = shape as [number, ...number[]];
  const fanIn = rest.reduce((product, size) => product * size, 1);
  const amplitude = rest.length === 0 ? 0.1 : 1.7 / Math.sqrt(fanIn);
  const s = mix(fnv(name));
  const t = mix(s + 0x9e37_79b9);
  return Float32Array.from({ length: first * fanIn }, (_, index) => {
    const h = mix(mix(Math.imul(index, 0x9e37_79b1) ^ s) + t);
    return amplitude * ((h >>> 8) / 8_388_608 - 1);
  });
}
