/** CLIP's text tower (Radford et al. 2021, §2.4): a causal transformer whose end-of-text token becomes the prompt's embedding. */
import { StudioError } from '../../contract/errors.ts';
import type { ClipConfig } from './clip-config.ts';
import { addEmbedding, encode, pooledCopies, type Rows } from './clip-encoder.ts';
import type { GraphBuilder, Value } from './graph-builder.ts';
import { causalBias, type Draft, hiddenLogit, layerNorm } from './layers.ts';
import type { WeightPlan } from './weight-plan.ts';

/** `eos_token_id` of the published configurations, which transformers reads as “pool at the largest id”, not as a token. */
const legacyEosTokenId = 2;

/**
 * The position whose output is the prompt's embedding: with the legacy `eosTokenId` 2 the first largest id, else the first id that
 * equals it, and 0 where none does (`CLIPTextTransformer` of transformers 4.38).
 */
export function pooledPosition(ids: readonly number[], eosTokenId: number): number {
  if (eosTokenId !== legacyEosTokenId) return Math.max(0, ids.indexOf(eosTokenId));
  return ids.reduce((best, id, at) => (id > ids[best]! ? at : best), 0);
}

/**
 * A prompt as the graph takes it, cut behind the pooled token: attention is causal, so nothing behind it has any influence.
 *
 * Batch only prompts of one length: padding would change the last bits of their embeddings. Two ids stay in any case, because the
 * runtime multiplies a single row by a routine that rounds differently.
 *
 * @param ids with the start and the end token
 * @throws StudioError `badInput` where the prompt has fewer than two tokens, more than the model's positions, or an id it does not know
 */
export function cutPrompt(
  ids: readonly number[],
  { positions, vocabulary, eosTokenId }: Pick<ClipConfig['text'], 'positions' | 'vocabulary' | 'eosTokenId'>,
): { ids: BigInt64Array; position: number } {
  if (ids.length < 2 || ids.length > positions) {
    throw new StudioError('badInput', `A prompt has 2 to ${positions} tokens, this one has ${ids.length}.`);
  }
  const unknown = ids.find((id) => id < 0 || id >= vocabulary);
  if (unknown !== undefined) {
    throw new StudioError(
      'badInput',
      `The model knows the tokens 0 to ${vocabulary - 1}, this prompt has ${unknown}.`,
    );
  }
  const position = pooledPosition(ids, eosTokenId);
  return { ids: BigInt64Array.from(ids.slice(0, Math.max(2, position + 1)), BigInt), position };
}

/** exp(logit_scale): S is this times the cosine of the two embeddings (SF-IQA, equation 2). */
export async function readLogitScale(weights: WeightPlan): Promise<number> {
  const [logarithm] = await weights.read('logit_scale', []);
  return Math.fround(Math.exp(logarithm!));
}

/**
 * Writes the tower into a draft: `ids` [batch, length] int64 and `position` [batch] int64, the pooled one of each prompt, to
 * `embedding` [batch, projection] float32 of length 1.
 *
 * The draft's `tap` is shown `embeddings`, `encoder.layers.N`, `final_layer_norm` and `text_projection`; from the last layer on these
 * are the pooled tokens alone, each `pooledCopies` times.
 *
 * @throws StudioError `checkpointInvalid` where a weight is missing or has another shape
 */
export function addClipText(draft: Draft, { projection, text }: ClipConfig): void {
  const { graph } = draft;
  const { hidden, epsilon } = text;
  const ids = graph.input('ids', 'int64', ['batch', 'length']);
  const position = graph.input('position', 'int64', ['batch']);
  const embedded = graph.scope('embeddings', () => embedTokens(draft, ids, text));
  draft.tap?.('embeddings', embedded);
  const rows = graph.scope('rows', () => describeRows(graph, ids, position, hidden));
  const encoded = encode(draft, embedded, 'text_model', { tower: text, rows });
  const pooled = layerNorm(draft, encoded, 'text_model.final_layer_norm', { channels: hidden, epsilon });
  draft.tap?.('final_layer_norm', pooled);
  addEmbedding(draft, pooled, 'text_projection', { channels: hidden, projection });
}

/** Each id's row of the token table, which stays in its file, and its position's: [batch × length, hidden]. */
function embedTokens(
  { graph, weights }: Draft,
  ids: Value,
  { vocabulary, positions, hidden }: ClipConfig['text'],
): Value {
  function table(part: string, count: number): Value {
    const name = `text_model.embeddings.${part}.weight`;
    return graph.weight(name, weights.locate(name, [count, hidden]));
  }
  const words = graph.node('Gather', [table('token_embedding', vocabulary), ids], {
    name: 'token_embedding',
  });
  const places = graph.node(
    'Slice',
    [table('position_embedding', positions), graph.ints('from', [0]), readLength(graph, ids)],
    { name: 'position_embedding' },
  );
  const placed = graph.node('Add', [words, places], { name: 'placed' });
  return graph.node('Reshape', [placed, graph.ints('rows', [-1, hidden])]);
}

/** The positions that a batch of prompts has: int64 [1]. */
function readLength(graph: GraphBuilder, ids: Value): Value {
  return graph.node('Shape', [ids], { name: 'length', attributes: { start: { int: 1 }, end: { int: 2 } } });
}

function describeRows(graph: GraphBuilder, ids: Value, position: Value, hidden: number): Rows {
  const length = readLength(graph, ids);
  const pooledRows = findPooledRows(graph, position, length);
  return {
    shape: graph.node('Concat', [graph.ints('batch', [-1]), length, graph.ints('hidden', [hidden])], {
      name: 'shape',
      attributes: { axis: { int: 0 } },
    }),
    bias: causalBias(graph, length),
    pooledBias: hideBehind(graph, position, length),
    pool: (x) => graph.node('Gather', [x, pooledRows], { name: 'pooled' }),
  };
}

/** Where each prompt's pooled token is among the rows [batch × length], `pooledCopies` times: int64 [batch × pooledCopies]. */
function findPooledRows(graph: GraphBuilder, position: Value, length: Value): Value {
  const zero = graph.constant('zero', BigInt64Array.of(0n), []);
  const one = graph.constant('one', BigInt64Array.of(1n), []);
  const batch = graph.node('Squeeze', [graph.node('Shape', [position])], { name: 'batch' });
  const starts = graph.node('Mul', [graph.node('Range', [zero, batch, one]), length], { name: 'starts' });
  const rows = graph.node('Unsqueeze', [graph.node('Add', [starts, position]), graph.ints('lastAxis', [-1])]);
  const copies = Array.from({ length: pooledCopies }, () => rows);
  const copied = graph.node('Concat', copies, { attributes: { axis: { int: 1 } } });
  return graph.node('Reshape', [copied, graph.ints('flat', [-1])], { name: 'pooledRows' });
}

/** A bias by which a pooled token sees only itself and what stands before it: [batch, 1, pooledCopies, length]. */
function hideBehind(graph: GraphBuilder, position: Value, length: Value): Value {
  const zero = graph.constant('zero', BigInt64Array.of(0n), []);
  const one = graph.constant('one', BigInt64Array.of(1n), []);
  const places = graph.node('Range', [zero, graph.node('Squeeze', [length]), one], { name: 'places' });
  const last = graph.node('Reshape', [position, graph.ints('perPrompt', [-1, 1, 1, 1])]);
  const isBehind = graph.node('Greater', [places, last], { name: 'isBehind' });
  const bias = graph.node('Where', [isBehind, graph.scalar('never', hiddenLogit), graph.scalar('free', 0)]);
  return graph.node('Expand', [bias, graph.ints('copies', [1, 1, pooledCopies, 1])], { name: 'pooledBias' });
}
