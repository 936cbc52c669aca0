/**
 * Matrix product and activations in AssemblyScript, on 128-bit SIMD, single precision (compiled to dense.wasm).
 * Plain SIMD, not relaxed: every product and every sum is rounded by IEEE 754, so all machines give the same bits.
 * Pointers are byte addresses, steps count floats; nothing is checked here: `../dense.ts` holds the buffers.
 */

/** Columns that are computed together: two vectors of four. */
const panel: i32 = 8;

const scratch = memory.data(32);

// @ts-ignore: decorator
@inline
function floats(count: i32): usize {
  return (<usize>count) << 2;
}

/** Copies a matrix (element (p, j) at b + p · innerStep + j · columnStep) into panels of 8 columns, zero-filled at the end. */
export function pack(
  b: usize,
  innerStep: i32,
  columnStep: i32,
  inner: i32,
  columns: i32,
  packed: usize,
): void {
  for (let j = 0; j < columns; j += panel) {
    const width = min(panel, columns - j);
    for (let p = 0; p < inner; p++) {
      let from = b + floats(p * innerStep + j * columnStep);
      if (width == panel && columnStep == 1) {
        v128.store(packed, v128.load(from));
        v128.store(packed, v128.load(from, 16), 16);
      } else {
        for (let q = 0; q < panel; q++) {
          f32.store(packed + floats(q), q < width ? f32.load(from) : 0);
          if (q + 1 < width) from += floats(columnStep);
        }
      }
      packed += 32;
    }
  }
}

/** Stores `width` of eight values. */
function storeSome(at: usize, low: v128, high: v128, width: i32): void {
  v128.store(scratch, low);
  v128.store(scratch, high, 16);
  for (let q = 0; q < width; q++) f32.store(at + floats(q), f32.load(scratch + floats(q)));
}

// @ts-ignore: decorator
@inline
function store(at: usize, low: v128, high: v128, width: i32): void {
  if (width >= panel) {
    v128.store(at, low);
    v128.store(at, high, 16);
  } else storeSome(at, low, high, width);
}

/** One panel of bias, zero-filled. */
function loadBias(bias: usize, width: i32): void {
  for (let q = 0; q < panel; q++) {
    f32.store(scratch + floats(q), bias != 0 && q < width ? f32.load(bias + floats(q)) : 0);
  }
}

/**
 * C = A · B + bias: A is rows × inner (element (i, p) at a + i · rowStep + p · innerStep), B was packed, C has `columns` in a
 * row and cStep floats from row to row. bias 0: none. Each sum runs over p in order, from the bias.
 */
export function multiply(
  a: usize,
  rowStep: i32,
  innerStep: i32,
  packed: usize,
  bias: usize,
  c: usize,
  cStep: i32,
  rows: i32,
  columns: i32,
  inner: i32,
): void {
  const step = floats(innerStep);
  const last = rows - 1;
  for (let j = 0; j < columns; j += panel) {
    const width = min(panel, columns - j);
    const from = packed + floats(j * inner);
    loadBias(bias == 0 ? 0 : bias + floats(j), width);
    const low = v128.load(scratch);
    const high = v128.load(scratch, 16);
    for (let i = 0; i < rows; i += 4) {
      // Rows beyond the end repeat the last one; they are computed and not stored.
      let a0 = a + floats(i * rowStep);
      let a1 = a + floats(min(i + 1, last) * rowStep);
      let a2 = a + floats(min(i + 2, last) * rowStep);
      let a3 = a + floats(min(i + 3, last) * rowStep);
      let b = from;
      let c00 = low, c01 = high, c10 = low, c11 = high;
      let c20 = low, c21 = high, c30 = low, c31 = high;
      for (let p = 0; p < inner; p++) {
        const b0 = v128.load(b);
        const b1 = v128.load(b, 16);
        let s = v128.load32_splat(a0);
        c00 = f32x4.add(c00, f32x4.mul(s, b0));
        c01 = f32x4.add(c01, f32x4.mul(s, b1));
        s = v128.load32_splat(a1);
        c10 = f32x4.add(c10, f32x4.mul(s, b0));
        c11 = f32x4.add(c11, f32x4.mul(s, b1));
        s = v128.load32_splat(a2);
        c20 = f32x4.add(c20, f32x4.mul(s, b0));
        c21 = f32x4.add(c21, f32x4.mul(s, b1));
        s = v128.load32_splat(a3);
        c30 = f32x4.add(c30, f32x4.mul(s, b0));
        c31 = f32x4.add(c31, f32x4.mul(s, b1));
        b += 32;
        a0 += step;
        a1 += step;
        a2 += step;
        a3 += step;
      }
      const at = c + floats(i * cStep + j);
      store(at, c00, c01, width);
      if (i + 1 < rows) store(at + floats(cStep), c10, c11, width);
      if (i + 2 < rows) store(at + floats(2 * cStep), c20, c21, width);
      if (i + 3 < rows) store(at + floats(3 * cStep), c30, c31, width);
    }
  }
}

/** x ← clip((x − mean) / sd) in place, row by row; `inverse` holds 1 / sd. */
export function standardise(
  x: usize,
  mean: usize,
  inverse: usize,
  clip: f32,
  rows: i32,
  columns: i32,
): void {
  const most = f32x4.splat(clip);
  const least = f32x4.splat(-clip);
  const wide = columns & ~3;
  for (let i = 0; i < rows; i++) {
    let j = 0;
    for (; j < wide; j += 4) {
      const z = f32x4.mul(f32x4.sub(v128.load(x), v128.load(mean + floats(j))), v128.load(inverse + floats(j)));
      v128.store(x, f32x4.min(most, f32x4.max(least, z)));
      x += 16;
    }
    for (; j < columns; j++) {
      const z = (f32.load(x) - f32.load(mean + floats(j))) * f32.load(inverse + floats(j));
      f32.store(x, min(clip, max(-clip, z)));
      x += 4;
    }
  }
}

/** e^t for −87 ≤ t ≤ 0: 2^n · 2^f with f in ±½ by the series of 2^f to the seventh power (relative error below 2e-7). */
// @ts-ignore: decorator
@inline
function exponential(t: v128): v128 {
  const x = f32x4.mul(f32x4.max(t, f32x4.splat(-87)), f32x4.splat(1.442695040888963));
  const n = f32x4.nearest(x);
  const f = f32x4.sub(x, n);
  let y = f32x4.splat(1.525273380405984e-5);
  y = f32x4.add(f32x4.mul(y, f), f32x4.splat(1.540353039338161e-4));
  y = f32x4.add(f32x4.mul(y, f), f32x4.splat(1.333355814642844e-3));
  y = f32x4.add(f32x4.mul(y, f), f32x4.splat(9.618129107628477e-3));
  y = f32x4.add(f32x4.mul(y, f), f32x4.splat(5.550410866482158e-2));
  y = f32x4.add(f32x4.mul(y, f), f32x4.splat(2.402265069591007e-1));
  y = f32x4.add(f32x4.mul(y, f), f32x4.splat(6.931471805599453e-1));
  y = f32x4.add(f32x4.mul(y, f), f32x4.splat(1));
  const exponent = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(y, exponent);
}

/**
 * Φ(x), the normal distribution function, from e = exp(−x² / 2): Abramowitz & Stegun 7.1.26 for erf(|x| / √2),
 * absolute error below 2e-7.
 */
// @ts-ignore: decorator
@inline
function normalBelow(x: v128, e: v128): v128 {
  const one = f32x4.splat(1);
  const t = f32x4.div(one, f32x4.add(one, f32x4.mul(f32x4.abs(x), f32x4.splat(0.23164189))));
  let tail = f32x4.splat(1.061405429);
  tail = f32x4.add(f32x4.mul(tail, t), f32x4.splat(-1.453152027));
  tail = f32x4.add(f32x4.mul(tail, t), f32x4.splat(1.421413741));
  tail = f32x4.add(f32x4.mul(tail, t), f32x4.splat(-0.284496736));
  tail = f32x4.add(f32x4.mul(tail, t), f32x4.splat(0.254829592));
  tail = f32x4.mul(f32x4.mul(f32x4.mul(tail, t), e), f32x4.splat(0.5));
  return v128.bitselect(tail, f32x4.sub(one, tail), f32x4.lt(x, f32x4.splat(0)));
}

/** x ← x · Φ(x) in place (GELU with the exact error function). `count` is rounded up to fours. */
export function gelu(x: usize, count: i32): void {
  for (let i = 0; i < count; i += 4) {
    const v = v128.load(x);
    const e = exponential(f32x4.mul(f32x4.mul(v, v), f32x4.splat(-0.5)));
    v128.store(x, f32x4.mul(v, normalBelow(v, e)));
    x += 16;
  }
}

/** gradient ← gradient · (Φ(x) + x φ(x)) in place, where x went into GELU. `count` is rounded up to fours. */
export function geluBackward(x: usize, gradient: usize, count: i32): void {
  for (let i = 0; i < count; i += 4) {
    const v = v128.load(x);
    const e = exponential(f32x4.mul(f32x4.mul(v, v), f32x4.splat(-0.5)));
    const density = f32x4.mul(f32x4.mul(v, e), f32x4.splat(0.3989422804014327));
    const slope = f32x4.add(normalBelow(v, e), density);
    v128.store(gradient, f32x4.mul(v128.load(gradient), slope));
    x += 16;
    gradient += 16;
  }
}
