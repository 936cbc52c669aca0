/** The editor's graph of ComfyUI (`workflow`) as an API graph: links resolved through reroutes, bypassed nodes, primitives and subgraphs. */
import { asFields, type Fields, fieldOf, listOf } from '../json.ts';
import { namedWidgets } from './widgets.ts';

/** Nodes within nodes go so deep; a subgraph within itself would have no end. */
const maxDepth = 10;
const mostNodes = 20_000;
/** Most links followed from one input. */
const maxSteps = 200;

/** Ends of a subgraph's links that stand for its own inputs and outputs. */
const inputEnd = '-10';
const outputEnd = '-20';

const muted = 2;
const bypassed = 4;
const virtualTypes = new Set(['Reroute', 'PrimitiveNode', 'Note', 'MarkdownNote', 'SetNode', 'GetNode']);

interface Link {
  from: string;
  fromSlot: number;
  to: string;
  toSlot: number;
}

/** The nodes of the editor's graph, or of one instance of a subgraph. */
interface Scope {
  /** What the ids of its nodes begin with. */
  prefix: string;
  nodes: Map<string, Fields>;
  links: Map<string, Link>;
  /** Names of a subgraph's inputs, and the node it is an instance at. */
  inputNames: string[];
  outer: { scope: Scope; node: Fields } | null;
  inner: Map<string, Scope>;
}

/** The API graph, or null where the fields are no editor's graph. */
export function toApiGraph(fields: Fields): Fields | null {
  if (!Array.isArray(fieldOf(fields, 'nodes'))) return null;
  const subgraphs = new Map(
    listOf(fieldOf(asFields(fieldOf(fields, 'definitions')), 'subgraphs')).map((subgraph) => [
      String(fieldOf(asFields(subgraph), 'id')),
      asFields(subgraph) ?? {},
    ]),
  );
  const api: Record<string, Fields> = Object.create(null);
  const left = { nodes: mostNodes };
  emit(openScope(fields, { prefix: '', outer: null, subgraphs, left, depth: 0 }), api);
  return api;
}

interface Opening {
  prefix: string;
  outer: Scope['outer'];
  subgraphs: ReadonlyMap<string, Fields>;
  left: { nodes: number };
  depth: number;
}

function openScope(fields: Fields, opening: Opening): Scope {
  const { prefix, outer, subgraphs, left, depth } = opening;
  const scope: Scope = {
    prefix,
    nodes: new Map(),
    links: new Map(listOf(fieldOf(fields, 'links')).flatMap(readLink)),
    inputNames: listOf(fieldOf(fields, 'inputs')).map((input) => String(fieldOf(asFields(input), 'name'))),
    outer,
    inner: new Map(),
  };
  for (const value of listOf(fieldOf(fields, 'nodes'))) {
    const node = asFields(value);
    if (node === null || left.nodes <= 0) continue;
    left.nodes -= 1;
    const id = String(fieldOf(node, 'id'));
    scope.nodes.set(id, node);
    const subgraph = subgraphs.get(typeOf(node));
    if (subgraph === undefined || depth >= maxDepth || modeOf(node) === bypassed) continue;
    const inside = { prefix: `${prefix}${id}:`, outer: { scope, node }, subgraphs, left, depth: depth + 1 };
    scope.inner.set(id, openScope(subgraph, inside));
  }
  return scope;
}

/** `[id, from, slot, to, slot, type]`, or the same with names. */
function readLink(value: unknown): [string, Link][] {
  const fields = asFields(value);
  const [id, from, fromSlot, to, toSlot] =
    fields === null
      ? listOf(value)
      : ['id', 'origin_id', 'origin_slot', 'target_id', 'target_slot'].map((name) => fieldOf(fields, name));
  if (id === undefined || from === undefined) return [];
  return [
    [String(id), { from: String(from), fromSlot: Number(fromSlot), to: String(to), toSlot: Number(toSlot) }],
  ];
}

function emit(scope: Scope, api: Record<string, Fields>): void {
  for (const [id, node] of scope.nodes) {
    const inner = scope.inner.get(id);
    if (isOff(node) || virtualTypes.has(typeOf(node))) continue;
    if (inner !== undefined) emit(inner, api);
    else {
      const inputs: Record<string, unknown> = namedWidgets(node);
      for (const input of inputsOf(node)) {
        const value = resolve(scope, fieldOf(input, 'link'), 0);
        if (value !== undefined) inputs[String(fieldOf(input, 'name'))] = value;
      }
      api[scope.prefix + id] = { class_type: typeOf(node), inputs };
    }
  }
}

/** Where a link begins: `[id, slot]` of a node that computes, or the value that a primitive or a widget holds; undefined where nothing is. */
function resolve(scope: Scope, linkId: unknown, steps: number): unknown {
  const link = linkId === null || linkId === undefined ? undefined : scope.links.get(String(linkId));
  if (link === undefined || steps > maxSteps) return undefined;
  const { from, fromSlot } = link;
  if (from === inputEnd) return resolveOuter(scope, fromSlot, steps);
  const node = scope.nodes.get(from);
  if (node === undefined || modeOf(node) === muted) return undefined;
  const onward = (input: Fields | undefined) =>
    input === undefined ? undefined : resolve(scope, fieldOf(input, 'link'), steps + 1);
  if (modeOf(node) === bypassed) return onward(passedThrough(node, fromSlot));
  switch (typeOf(node)) {
    case 'Reroute':
      return onward(inputsOf(node)[0]);
    case 'PrimitiveNode':
      return firstWidget(node);
    case 'GetNode':
      return onward(inputsOf(findSetNode(scope, firstWidget(node)))[0]);
  }
  const inner = scope.inner.get(from);
  if (inner === undefined) return [scope.prefix + from, fromSlot];
  const end = [...inner.links].find(([, { to, toSlot }]) => to === outputEnd && toSlot === fromSlot);
  return resolve(inner, end?.[0], steps + 1);
}

/** What comes into a subgraph: a link of the node that it is an instance at, or that node's own widget. */
function resolveOuter({ outer, inputNames }: Scope, slot: number, steps: number): unknown {
  if (outer === null) return undefined;
  const name = inputNames[slot];
  const inputs = inputsOf(outer.node);
  const input = inputs.find((own) => fieldOf(own, 'name') === name) ?? inputs[slot];
  const linked = resolve(outer.scope, fieldOf(input ?? null, 'link'), steps + 1);
  return linked ?? fieldOf(namedWidgets(outer.node), name ?? '');
}

/** A bypassed node gives on what came in with the type of its output. */
function passedThrough(node: Fields, slot: number): Fields | undefined {
  const type = fieldOf(asFields(listOf(fieldOf(node, 'outputs'))[slot]), 'type');
  const inputs = inputsOf(node);
  const sameSlot = inputs[slot];
  if (sameSlot !== undefined && fieldOf(sameSlot, 'type') === type) return sameSlot;
  return inputs.find((input) => fieldOf(input, 'type') === type);
}

function findSetNode(scope: Scope, name: unknown): Fields {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer?.scope) {
    for (const node of at.nodes.values()) {
      if (typeOf(node) === 'SetNode' && firstWidget(node) === name) return node;
    }
  }
  return {};
}

function isOff(node: Fields): boolean {
  return modeOf(node) === muted || modeOf(node) === bypassed;
}

function modeOf(node: Fields): unknown {
  return fieldOf(node, 'mode');
}

function typeOf(node: Fields): string {
  return String(fieldOf(node, 'type'));
}

function inputsOf(node: Fields): Fields[] {
  return listOf(fieldOf(node, 'inputs'))
    .map(asFields)
    .filter((input) => input !== null);
}

function firstWidget(node: Fields): unknown {
  return listOf(fieldOf(node, 'widgets_values'))[0];
}
