/** The ways a head can be fitted, and which of them is best for some rows, by cross-validation inside them. */
import type { Candidate, HeadMethod } from '../../contract/heads.ts';
import { fitSignalQuadratic, fitSignalRidge } from './closed-forms.ts';
import { pearson, spearman } from './correlation.ts';
import { splitIntoFolds } from './folds.ts';
import type { Head } from './head.ts';
import { hashSeeds } from './random.ts';
import { fitResidual, type LabelledRows, pickRows, predictRows, splitRows } from './residual-head.ts';
import { fitSignalNetwork, fitTuned, isTunable, type NetworkOptions } from './signal-heads.ts';

export interface MethodOptions extends NetworkOptions {
  /** Networks averaged. */
  members: number;
}

const names: Record<HeadMethod, string> = {
  ridge: 'ridge',
  quadratic: 'quadratic ridge',
  network: 'a network',
  tuned: 'the current head’s network, trained on',
  'network+layer': 'a network with the last quality layer',
  'tuned+layer': 'the current head’s network with the last quality layer, trained on',
};

/** Below this many rows a network is not tried: what it could learn is lost in what it could learn wrongly. */
const fewestForNetwork = { features: 100, signals: 30 };
/** Methods are compared on at most this many rows, by this many folds. */
const mostRowsToCompare = { features: 1500, signals: 3000 };
const innerFolds = 3;
/** A method with more parameters must be better by this share of the error. */
const leastGain = 0.005;

interface Listed {
  method: HeadMethod;
  reason: string | null;
}

/** Every method that these rows allow, those of few parameters first; and why another is not tried. */
export function listMethods(rows: LabelledRows): Listed[] {
  const { isFusion, labels } = rows;
  const fewest = fewestForNetwork[isFusion ? 'signals' : 'features'];
  const tooFew =
    labels.length < fewest
      ? `A network is only tried from ${fewest} images on (there are ${labels.length}).`
      : null;
  if (!isFusion) {
    return [
      { method: 'ridge', reason: null },
      { method: 'network', reason: tooFew },
    ];
  }
  const noNetwork = (hasLayer: boolean) =>
    isTunable(rows, hasLayer) ? null : 'The current head of this target has no network that reads signals.';
  const plain: Listed[] = [
    { method: 'ridge', reason: null },
    { method: 'quadratic', reason: labels.length < 20 ? 'It is only tried from 20 images on.' : null },
    { method: 'tuned', reason: noNetwork(false) },
    { method: 'network', reason: tooFew },
  ];
  if (rows.quality === null) return plain;
  return [
    ...plain,
    { method: 'tuned+layer', reason: noNetwork(true) },
    { method: 'network+layer', reason: tooFew },
  ];
}

/** A head by one method, fitted to all rows; the same rows and seed give the same bits. */
export function fitMethod(
  rows: LabelledRows,
  method: HeadMethod,
  options: MethodOptions,
  seed: number,
): Head {
  if (!rows.isFusion) {
    return fitResidual(
      rows,
      { kind: method === 'network' ? 'network' : 'ridge', members: options.members },
      seed,
    );
  }
  switch (method) {
    case 'ridge':
      return fitSignalRidge(rows, seed);
    case 'quadratic':
      return fitSignalQuadratic(rows, seed);
    case 'network':
      return fitSignalNetwork(rows, options, seed);
    case 'network+layer':
      return fitSignalNetwork(rows, { ...options, isLayered: true }, seed);
    case 'tuned':
      return fitTuned(rows, options, seed);
    case 'tuned+layer':
      return fitTuned(rows, { ...options, isLayered: true }, seed);
  }
}

export interface Choice {
  method: HeadMethod;
  candidates: Candidate[];
  why: string;
}

/** The method of the smallest error on held-out groups inside the rows; of two about equal ones that with fewer parameters. */
export function chooseMethod(rows: LabelledRows, options: MethodOptions, seed: number): Choice {
  const methods = listMethods(rows);
  const tried = methods.filter(({ reason }) => reason === null);
  const errors =
    tried.length < 2
      ? null
      : crossValidate(
          rows,
          tried.map(({ method }) => method),
          options,
          seed,
        );
  const measured = new Map(errors?.map((one) => [one.method, one]));
  const best = Math.min(...(errors ?? []).map(({ rmse }) => rmse));
  const method = errors?.find(({ rmse }) => rmse <= best * (1 + leastGain))?.method ?? tried[0]!.method;
  const candidates = methods.map(
    (one): Candidate => ({
      method: one.method,
      label: names[one.method],
      rmse: measured.get(one.method)?.rmse ?? null,
      srcc: measured.get(one.method)?.srcc ?? null,
      isChosen: one.method === method,
      reason: one.reason,
    }),
  );
  return { method, candidates, why: explain(candidates, errors !== null) };
}

interface CrossValidated {
  method: HeadMethod;
  rmse: number;
  srcc: number | null;
}

/** Null where there is one group only. */
function crossValidate(
  rows: LabelledRows,
  methods: readonly HeadMethod[],
  options: MethodOptions,
  seed: number,
): CrossValidated[] | null {
  const most = mostRowsToCompare[rows.isFusion ? 'signals' : 'features'];
  const parts = Math.ceil(rows.labels.length / most);
  const part = splitIntoFolds(rows.groups, parts, hashSeeds(seed, 30));
  const some = pickRows(
    rows,
    [...part.keys()].filter((at) => part[at] === 0),
  );
  const fold = splitIntoFolds(some.groups, innerFolds, hashSeeds(seed, 31));
  const folds = new Set(fold).size;
  if (folds < 2) return null;
  // Of networks, which take long, one fold tells enough where there are many rows.
  const judged = some.labels.length > 1000 ? [0] : Array.from({ length: folds }, (_, at) => at);
  return methods.map((method): CrossValidated => {
    const predicted: number[] = [];
    const truth: number[] = [];
    for (const held of judged) {
      const { kept, left } = splitRows(some, fold, held);
      const head = fitMethod(kept, method, { ...options, members: 1 }, hashSeeds(seed, 32, held));
      predicted.push(...predictRows(head, left));
      truth.push(...left.labels);
    }
    const [x, y] = [Float64Array.from(predicted), Float64Array.from(truth)];
    const squares = x.reduce((sum, value, at) => sum + (value - y[at]!) ** 2, 0);
    return {
      method,
      rmse: Math.sqrt(squares / x.length),
      srcc: pearson(x, y) === null ? null : spearman(x, y),
    };
  });
}

function explain(candidates: readonly Candidate[], isCompared: boolean): string {
  const chosen = candidates.find(({ isChosen }) => isChosen)!;
  const name = capitalise(chosen.label);
  const left = candidates.find(({ reason }) => reason !== null)?.reason ?? '';
  if (!isCompared) {
    return left === ''
      ? `${name}, because one prompt alone cannot tell which method is better.`
      : `${name}. ${left}`;
  }
  const others = candidates
    .filter((one) => !one.isChosen && one.rmse !== null)
    .map((one) => `${one.label} ${one.rmse!.toPrecision(3)}`);
  const smaller = candidates.some((one) => one.rmse !== null && one.rmse < chosen.rmse!)
    ? 'its error on held-out prompts was as small as any, with fewer parameters'
    : 'its error on held-out prompts was smaller';
  return `${name}, because ${smaller} (RMSE ${chosen.rmse!.toPrecision(3)}; ${others.join('; ')}).`;
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What a method that the user chose is called. */
export function nameOf(method: HeadMethod): string {
  return names[method];
}
