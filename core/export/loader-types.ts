/** What a data set's loader would get wrong of a text table: it takes each column's type from the first piece of the file, and fails on what does not fit, or cuts it. */
import { type Cell, type Column, textOf } from './table.ts';

/** As `datasets` reads its metadata (`folder_based_builder.py`): so much in one piece. */
const firstPiece = { csv: { rows: 10_000, bytes: Infinity }, jsonl: { rows: Infinity, bytes: 10 * 2 ** 20 } };
const mostWhole = 2n ** 63n - 1n;

/** What a cell can be taken for; a later kind does not fit a column that is taken for an earlier one. */
const kinds = ['nothing', 'whole', 'number', 'text'] as const;
type Kind = (typeof kinds)[number];

/** Watches the rows of a text table while they are written, for columns that its loader would fail on. */
export class LoaderTypes {
  readonly #columns: readonly Column[];
  readonly #metadata: 'csv' | 'jsonl';
  readonly #first: Kind[];
  readonly #all: Kind[];
  readonly #tooLarge = new Set<number>();
  #rows = 0;
  #bytes = 0;

  constructor(columns: readonly Column[], metadata: 'csv' | 'jsonl') {
    this.#columns = columns;
    this.#metadata = metadata;
    this.#first = columns.map(() => 'nothing');
    this.#all = columns.map(() => 'nothing');
  }

  /** Rows and how many bytes they came to. */
  see(rows: readonly (readonly Cell[])[], bytes: number): void {
    const piece = firstPiece[this.#metadata];
    for (const row of rows) {
      const isFirst = this.#rows < piece.rows && this.#bytes < piece.bytes;
      for (let at = 0; at < row.length; at += 1) this.#seeCell(row[at]!, at, isFirst);
      this.#rows += 1;
    }
    this.#bytes += bytes;
  }

  #seeCell(cell: Cell, at: number, isFirst: boolean): void {
    const kind = this.#metadata === 'csv' ? kindOfText(textOf(cell)) : kindOf(cell);
    this.#all[at] = laterOf(this.#all[at]!, kind);
    if (isFirst) this.#first[at] = this.#all[at];
    if (this.#metadata === 'csv' && kind === 'whole' && BigInt(textOf(cell)) > mostWhole)
      this.#tooLarge.add(at);
  }

  /** A sentence for each thing that would go wrong. */
  describe(): string[] {
    const name = (at: number) => `“${this.#columns[at]!.name}”`;
    const all = this.#columns.map((_, at) => at);
    const late = all.filter((at) => this.#all[at] !== this.#first[at]);
    const large = [...this.#tooLarge].filter((at) => this.#all[at] === 'whole');
    const piece = this.#metadata === 'csv' ? '10,000 rows' : '10 MB';
    return [
      ...(late.length === 0
        ? []
        : [
            `A loader takes types from the first ${piece}, and fails on later rows of ${late.map(name).join(', ')} or cuts their numbers: metadata.parquet says the types.`,
          ]),
      ...(large.length === 0
        ? []
        : [
            `A loader takes ${large.map(name).join(', ')} of a CSV for whole numbers and fails above 2^63: metadata.parquet and metadata.jsonl hold texts.`,
          ]),
    ];
  }
}

function laterOf(one: Kind, other: Kind): Kind {
  return kinds.indexOf(one) < kinds.indexOf(other) ? other : one;
}

function kindOf(cell: Cell): Kind {
  if (cell === null || (Array.isArray(cell) && cell.length === 0)) return 'nothing';
  if (typeof cell === 'number') return Number.isInteger(cell) ? 'whole' : 'number';
  return 'text';
}

function kindOfText(text: string): Kind {
  if (text === '') return 'nothing';
  if (/^[+-]?\d+$/.test(text)) return 'whole';
  return Number.isFinite(Number(text)) ? 'number' : 'text';
}
