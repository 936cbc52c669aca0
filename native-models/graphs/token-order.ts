/** In which order the tokens of a square grid lie: windows, cyclic shifts and patch merging are permutations of rows. */
import type { GraphBuilder, Value } from './graph-builder.ts';

/** For each row, which token of the grid it is, counted row by row. */
export type TokenOrder = Int32Array;

/** Tokens of a grid of `side` × `side`: [batch × side², channels]. */
export interface Tokens {
  value: Value;
  side: number;
  channels: number;
  order: TokenOrder;
}

/** Windows of an attention block; `window` divides the grid's side. */
export interface Windows {
  window: number;
  /** By how many tokens the grid is rolled up and to the left before it is cut. */
  shift: number;
}

/** Row by row. */
export function rasterOrder(side: number): TokenOrder {
  return Int32Array.from({ length: side * side }, (_, at) => at);
}

/** Window by window, row by row in each, of the grid rolled by `shift` (Swin Transformer V2, section 3.1; the roll of its first version's section 3.2). */
export function windowOrder(side: number, { window, shift }: Windows): TokenOrder {
  const perSide = side / window;
  return orderTokens(side, (at) => {
    const inside = at % (window * window);
    const outside = (at - inside) / (window * window);
    const row = Math.floor(outside / perSide) * window + Math.floor(inside / window);
    const column = (outside % perSide) * window + (inside % window);
    return [(row + shift) % side, (column + shift) % side];
  });
}

/** The four tokens that patch merging joins, one after another: even rows before odd rows, in each column; even columns first. */
export function mergingOrder(side: number): TokenOrder {
  const half = side / 2;
  return orderTokens(side, (at) => {
    const merged = Math.floor(at / 4);
    const row = Math.floor(merged / half) * 2 + (at % 2);
    const column = (merged % half) * 2 + Math.floor((at % 4) / 2);
    return [row, column];
  });
}

/** The same tokens in another order: one gathering of rows, or nothing where they lie so already. */
export function arrange(graph: GraphBuilder, tokens: Tokens, order: TokenOrder): Tokens {
  const rowOf = new Int32Array(order.length);
  tokens.order.forEach((token, row) => {
    rowOf[token] = row;
  });
  const rows = order.map((token) => rowOf[token]!);
  if (rows.every((row, at) => row === at)) return { ...tokens, order };
  const { channels } = tokens;
  return graph.scope('arrange', () => {
    const grids = graph.node('Reshape', [tokens.value, graph.ints('grids', [-1, order.length, channels])]);
    const gathered = graph.node('Gather', [grids, graph.constant('rows', rows, [rows.length])], {
      attributes: { axis: { int: 1 } },
    });
    const value = graph.node('Reshape', [gathered, graph.ints('flat', [-1, channels])]);
    return { ...tokens, value, order };
  });
}

function orderTokens(side: number, find: (at: number) => [row: number, column: number]): TokenOrder {
  return Int32Array.from({ length: side * side }, (_, at) => {
    const [row, column] = find(at);
    return row * side + column;
  });
}
