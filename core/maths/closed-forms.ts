/** Heads on signals [Q, S] in closed form, with few parameters for few labels: ridge and quadratic ridge. */
import { solvePositive } from './cholesky.ts';
import { splitIntoFolds } from './folds.ts';
import type { Head, Layer } from './head.ts';
import { hashSeeds } from './random.ts';
import type { LabelledRows } from './residual-head.ts';
import { measureStandardisation, standardiseRows } from './standardise.ts';

/** Standardised signals are cut here: a stray one must not run away in a square. */
export const signalClip = 6;
/** Of ridge, relative to the number of rows. */
const penalties = [1, 0.1, 0.01, 0.001];

/** Ridge on [Q, S] with a free intercept: three parameters for two signals. */
export function fitSignalRidge(rows: LabelledRows, seed: number): Head {
  return fitClosed(
    rows,
    (x) => [...x],
    seed,
    (weights) => [
      {
        inputs: weights.length,
        outputs: 1,
        activation: 'none',
        weights: Float32Array.from(weights),
        bias: new Float32Array(1),
      },
    ],
  );
}

/** Ridge on [Q, S, Q², S², QS]. */
export function fitSignalQuadratic(rows: LabelledRows, seed: number): Head {
  return fitClosed(rows, expandQuadratic, seed, (weights) => drawQuadratic(weights, rows.width));
}

function expandQuadratic(x: Float32Array): number[] {
  const terms = [...x];
  for (const [at, value] of x.entries()) for (let to = at; to < x.length; to += 1) terms.push(value * x[to]!);
  return terms;
}

/**
 * A quadratic form as a network of squares: x = ((x + 1)² − x² − 1) / 2 and xy = ((x + y)² − x² − y²) / 2, so that it is a head like
 * any other. `weights` are in the order of `expandQuadratic`.
 */
function drawQuadratic(weights: readonly number[], width: number): Layer[] {
  const units: { of: number[]; bias: number; weight: number }[] = [];
  const own = Array.from({ length: width }, (_, at) => ({ of: [at], bias: 0, weight: -weights[at]! / 2 }));
  let constant = 0;
  for (let at = 0; at < width; at += 1) {
    units.push({ of: [at], bias: 1, weight: weights[at]! / 2 });
    constant -= weights[at]! / 2;
  }
  let term = width;
  for (let at = 0; at < width; at += 1) {
    for (let to = at; to < width; to += 1, term += 1) {
      const weight = weights[term]!;
      if (at === to) own[at]!.weight += weight;
      else {
        units.push({ of: [at, to], bias: 0, weight: weight / 2 });
        own[at]!.weight -= weight / 2;
        own[to]!.weight -= weight / 2;
      }
    }
  }
  units.push(...own);
  const first = new Float32Array(width * units.length);
  for (const [unit, { of }] of units.entries())
    for (const input of of) first[input * units.length + unit] = 1;
  return [
    {
      inputs: width,
      outputs: units.length,
      activation: 'square',
      weights: first,
      bias: Float32Array.from(units, ({ bias }) => bias),
    },
    {
      inputs: units.length,
      outputs: 1,
      activation: 'none',
      weights: Float32Array.from(units, ({ weight }) => weight),
      bias: Float32Array.of(constant),
    },
  ];
}

function fitClosed(
  rows: LabelledRows,
  expand: (x: Float32Array) => number[],
  seed: number,
  draw: (weights: number[]) => Layer[],
): Head {
  const { mean, inverse } = measureStandardisation(rows.inputs, rows.width);
  const standard = standardiseRows(rows.inputs, { mean, inverse }, signalClip);
  const terms = [...rows.labels.keys()].map((row) =>
    expand(standard.subarray(row * rows.width, (row + 1) * rows.width)),
  );
  const { weights, intercept } = fitTerms(terms, rows, seed);
  return {
    kind: 'ridge',
    length: rows.width,
    mean,
    inverse,
    clip: signalClip,
    offset: intercept,
    members: [{ weight: 1, layers: draw(weights) }],
  };
}

/** Ridge of a few terms a row with a free intercept, its penalty chosen on held-out groups. */
export function fitTerms(
  terms: number[][],
  rows: Pick<LabelledRows, 'labels' | 'groups'>,
  seed: number,
): { weights: number[]; intercept: number } {
  return solveRidge(terms, rows.labels, choosePenalty(terms, rows, seed));
}

/** Least squared error on held-out groups; the stronger penalty where two are about equal. */
function choosePenalty(
  terms: number[][],
  { labels, groups }: Pick<LabelledRows, 'labels' | 'groups'>,
  seed: number,
): number {
  const fold = splitIntoFolds(groups, 5, hashSeeds(seed, 41));
  const folds = fold.reduce((a, b) => Math.max(a, b), 0) + 1;
  if (folds < 2) return penalties[0]!;
  const places = [...fold.keys()];
  const errors = penalties.map((penalty) => {
    let squares = 0;
    for (let held = 0; held < folds; held += 1) {
      const kept = places.filter((at) => fold[at] !== held);
      const fitted = solveRidge(
        kept.map((at) => terms[at]!),
        Float64Array.from(kept, (at) => labels[at]!),
        penalty,
      );
      for (const at of places) {
        if (fold[at] !== held) continue;
        const value = terms[at]!.reduce((sum, term, k) => sum + term * fitted.weights[k]!, fitted.intercept);
        squares += (value - labels[at]!) ** 2;
      }
    }
    return squares;
  });
  const best = Math.min(...errors);
  return penalties[errors.findIndex((error) => error <= best * 1.005)]!;
}

function solveRidge(
  terms: readonly number[][],
  labels: Float64Array,
  penalty: number,
): { weights: number[]; intercept: number } {
  const n = terms.length;
  const width = terms[0]!.length;
  const means = Array.from({ length: width }, (_, k) => terms.reduce((sum, row) => sum + row[k]!, 0) / n);
  const middle = labels.reduce((sum, label) => sum + label, 0) / n;
  const products = new Float64Array(width * width);
  const right = new Float64Array(width);
  for (const [at, row] of terms.entries()) {
    for (let i = 0; i < width; i += 1) {
      const x = row[i]! - means[i]!;
      right[i]! += x * (labels[at]! - middle);
      for (let j = 0; j <= i; j += 1) products[i * width + j]! += x * (row[j]! - means[j]!);
    }
  }
  const weights = [...solvePositive(products, right, penalty * n)];
  return { weights, intercept: middle - weights.reduce((sum, weight, k) => sum + weight * means[k]!, 0) };
}
