/**
 * Dot products of rows with one vector in AssemblyScript, on 128-bit SIMD, single precision, in a memory that threads share (compiled to
 * dots.wasm). Plain SIMD, not relaxed: every machine gives the same bits. Rows lie one after the other, each a multiple of 16 floats.
 * Nothing is checked here: `../dots.ts` holds the memory.
 */

/** `rows` products to `products`; `stride` floats from row to row, the vector as long. */
export function multiplyRows(values: usize, vector: usize, products: usize, rows: i32, stride: i32): void {
  const rowBytes = (<usize>stride) << 2;
  for (let row = 0; row < rows; row++) {
    // Four sums of their own, so that no multiplication waits for the one before.
    let a = f32x4.splat(0), b = a, c = a, d = a;
    for (let at: usize = 0; at < rowBytes; at += 64) {
      const x = values + at;
      const y = vector + at;
      a = f32x4.add(a, f32x4.mul(v128.load(x), v128.load(y)));
      b = f32x4.add(b, f32x4.mul(v128.load(x, 16), v128.load(y, 16)));
      c = f32x4.add(c, f32x4.mul(v128.load(x, 32), v128.load(y, 32)));
      d = f32x4.add(d, f32x4.mul(v128.load(x, 48), v128.load(y, 48)));
    }
    const sum = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
    f32.store(
      products,
      f32x4.extract_lane(sum, 0) +
        f32x4.extract_lane(sum, 1) +
        (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3)),
    );
    values += rowBytes;
    products += 4;
  }
}
