/** Seeded randomness: the same seed gives the same draws on every machine, so that an order or an interval can be drawn again. */

/** A stream of random numbers. */
export interface Random {
  /** Uniform in [0, 1), with 32 random bits. */
  next(): number;
  /** A uniform whole number in [0, n); `n` from 1 to 2³² − 1. Without bias. */
  below(n: number): number;
  /** Normal with mean 0 and SD 1. */
  normal(): number;
}

/**
 * A generator from a seed: sfc32 (Chris Doty-Humphrey, PractRand: 128 bits of state, period at least 2³²), warmed up by 12 draws.
 *
 * @param seed an unsigned 32-bit integer; other numbers are taken modulo 2³²
 */
export function createRandom(seed: number): Random {
  const draw = createSfc32(seed);
  return {
    next: () => draw() / 0x1_0000_0000,
    below: (n) => drawBelow(draw, n),
    normal: () => drawNormal(draw),
  };
}

function createSfc32(seed: number): () => number {
  let a = 0;
  let b = seed | 0;
  let c = 0x9e37_79b9 | 0;
  let counter = 1;
  function draw(): number {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
  for (let round = 0; round < 12; round += 1) draw();
  return draw;
}

/** Draws again above the largest multiple of `n`, else small results would come up more often. */
function drawBelow(draw: () => number, n: number): number {
  for (;;) {
    const drawn = draw();
    const rest = (drawn >>> 0) % (n >>> 0); // `>>> 0` tells V8 to divide whole numbers
    if (drawn - rest <= 0x1_0000_0000 - n) return rest;
  }
}

/** Box and Muller (1958); the first uniform is kept above 0 for the logarithm. */
function drawNormal(draw: () => number): number {
  const radius = Math.sqrt(-2 * Math.log((draw() + 1) / 0x1_0000_0001));
  return radius * Math.cos((2 * Math.PI * draw()) / 0x1_0000_0000);
}

/**
 * One unsigned 32-bit seed out of several whole numbers; their order counts. Mixes with the finaliser of MurmurHash3
 * (Austin Appleby), so that neighbouring seeds give unlike streams.
 */
export function hashSeeds(...seeds: number[]): number {
  let hash = seeds.length;
  for (const seed of seeds) hash = mix(Math.imul(hash ^ mix(seed), 0x5bd1_e995) + 0x9e37_79b9);
  return hash >>> 0;
}

function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return hash ^ (hash >>> 16);
}

/** Puts a list into random order, in place: every order is equally likely (Fisher and Yates; Durstenfeld 1964). */
export function shuffle<Item>(list: Item[], random: Random): void {
  for (let last = list.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    const item = list[last]!;
    list[last] = list[other]!;
    list[other] = item;
  }
}
