/** Which things hang together: sets that are joined one pair at a time (Galler and Fischer 1964, with path halving). */

export class UnionFind {
  readonly #parents: Int32Array<ArrayBuffer>;

  constructor(count: number) {
    this.#parents = Int32Array.from({ length: count }, (_, at) => at);
  }

  /** The one that stands for a thing's set. */
  find(thing: number): number {
    const parents = this.#parents;
    let at = thing;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at]!]!;
      at = parents[at]!;
    }
    return at;
  }

  /** Joins two sets; the smaller number stands for both. Says whether they were two. */
  join(a: number, b: number): boolean {
    const [one, other] = [this.find(a), this.find(b)];
    if (one === other) return false;
    this.#parents[Math.max(one, other)] = Math.min(one, other);
    return true;
  }

  /** The sets of more than one, each in the order of numbers, by their smallest. */
  groups(): number[][] {
    const groups = new Map<number, number[]>();
    for (let at = 0; at < this.#parents.length; at += 1) {
      const first = this.find(at);
      const known = groups.get(first);
      if (known === undefined) groups.set(first, [at]);
      else known.push(at);
    }
    return [...groups.values()].filter((group) => group.length > 1);
  }
}
