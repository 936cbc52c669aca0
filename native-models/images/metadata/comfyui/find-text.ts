/** The text that a conditioning of a ComfyUI graph was made from, through links, joining nodes, switches and wildcards. */
import { type Graph, type GraphNode, inputOf, isLink, leadsToValue } from './graph.ts';

export type Side = 'positive' | 'negative';

/** Where a node has both sides, the names of each. */
const sideInputs: Record<Side, readonly string[]> = {
  positive: ['positive', 'text_positive', 'positive_prompt', 'prompt_positive', 'pos', 'positive_text'],
  negative: ['negative', 'text_negative', 'negative_prompt', 'prompt_negative', 'neg', 'negative_text'],
};
/** What a node made of its text, which says more than what it was made from. */
const resultInputs = ['populated_text', 'result', 'text_0'];
/** Encoders that take the text several times: the one that reads sentences first. */
const textInputs =
  'text t5xxl text_g clip_g text_l clip_l prompt user_prompt string value wildcard_text mt5xl bert llama'.split(
    ' ',
  );
/** What two prompts, mixed by a network's means, are separated by. */
const betweenPrompts = '\n';

/** The text behind a link; '' where there is none on purpose, null where it cannot be told. */
export function findText(graph: Graph, link: unknown, side: Side): string | null {
  return new TextFinder(graph, side).read(link, []);
}

class TextFinder {
  readonly #graph: Graph;
  readonly #side: Side;
  #visitsLeft = 2000;

  constructor(graph: Graph, side: Side) {
    this.#graph = graph;
    this.#side = side;
  }

  /** @param path the nodes on the way, against circles */
  read(value: unknown, path: readonly GraphNode[]): string | null {
    if (typeof value === 'string') return value;
    const node = this.#graph.follow(value);
    this.#visitsLeft -= 1;
    if (node === null || path.includes(node) || path.length > 200 || this.#visitsLeft < 0) return null;
    return this.#readNode(node, [...path, node]);
  }

  #readNode(node: GraphNode, path: readonly GraphNode[]): string | null {
    if (/zero_?out/i.test(node.type)) return '';
    const result = resultInputs.map((name) => inputOf(node, name)).find(isFilled);
    if (result !== undefined) return result;
    if (languageModel.test(node.type)) return null;
    return (
      // A branch may lead to what only ran: the other one tells more than nothing.
      this.read(this.#graph.chosenInput(node), path) ??
      listedText(node) ??
      this.#replace(node, path) ??
      this.#join(node, path) ??
      this.#readFirst(node, sideInputs[this.#side], path) ??
      this.#readTexts(node, path)
    );
  }

  /** The first named input that tells anything, be it that there is no text. */
  #readFirst(node: GraphNode, names: readonly string[], path: readonly GraphNode[]): string | null {
    for (const name of names) {
      const text = this.read(inputOf(node, name), path);
      if (text !== null) return text;
    }
    return null;
  }

  /** The first text that is not empty: of the usual inputs, else of any link that can lead to one. */
  #readTexts(node: GraphNode, path: readonly GraphNode[]): string | null {
    const opposite = sideInputs[this.#side === 'positive' ? 'negative' : 'positive'];
    const others = Object.keys(node.inputs).filter(
      (name) => leadsToValue(name) && isLink(node.inputs[name]) && !opposite.includes(name.toLowerCase()),
    );
    let isEmpty = false;
    for (const name of [...textInputs, ...others]) {
      const text = this.read(inputOf(node, name), path);
      if (isFilled(text)) return text;
      isEmpty ||= text === '';
    }
    return isEmpty ? '' : null;
  }

  /** Nodes that put texts, or conditionings, one after another. */
  #join(node: GraphNode, path: readonly GraphNode[]): string | null {
    const isJoined = inputOf(node, 'action') === 'append';
    if (!isJoined && !/concat|join|combine|append|average|merge/i.test(node.type)) return null;
    const names = Object.keys(node.inputs).filter((name) => joinedInput.test(name));
    if (names.length < 2) return null;
    const parts = names
      .sort(compareParts)
      .map((name) => this.read(inputOf(node, name), path))
      .filter(isFilled);
    if (names.some((name) => /^cond/i.test(name))) return withoutRepeats(parts).join(betweenPrompts);
    const between = ['delimiter', 'separator'].map((name) => inputOf(node, name)).find(isText);
    const delimiter = between ?? (inputOf(node, 'tidy_tags') === 'yes' ? ', ' : '');
    return parts.join(delimiter.replaceAll('\\n', '\n'));
  }

  #replace(node: GraphNode, path: readonly GraphNode[]): string | null {
    if (!/replace/i.test(node.type)) return null;
    const [find, by] = ['find', 'replace'].map((name) => this.read(inputOf(node, name), path));
    if (!isFilled(find) || !isText(by)) return null;
    return this.#readFirst(node, ['string', 'text'], path)?.replaceAll(find, () => by) ?? null;
  }
}

/** What stands in another part, or in an earlier equal one, is not told twice. */
function withoutRepeats(parts: readonly string[]): string[] {
  return parts.filter(
    (part, at) =>
      !parts.some((other, by) => by !== at && other.includes(part) && (other !== part || by < at)),
  );
}

const joinedInput =
  /^(text|string|str|prompt|part|input|prefix|suffix|cond|conditioning|conditioning_to|conditioning_from)[ _]?([a-z]|\d+)?$/i;

/** `prefix` first and `suffix` last, `to` before `from`, numbers as numbers. */
function compareParts(a: string, b: string): number {
  const rank = (name: string) => (/^prefix/i.test(name) ? 0 : /^suffix|_from$/i.test(name) ? 2 : 1);
  return rank(a) - rank(b) || a.localeCompare(b, 'en', { numeric: true });
}

/** What a language model wrote is not in the graph, and what it was told is no prompt of a picture. */
const languageModel = /textgenerate|ollama|llm|florence/i;

/** The line that a list of texts was asked for, counted from 0. */
function listedText(node: GraphNode): string | null {
  const [list, at] = ['strings', 'select'].map((name) => inputOf(node, name));
  if (!isText(list) || typeof at !== 'number') return null;
  return list.split('\n').at(at) ?? null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
