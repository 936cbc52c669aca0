/** The columns of the library's table: what each tells of an image, and the order that a click on its head asks for. */
import type { ImageCard, ImageOrder } from '../../../../contract/images.ts';
import { formatCount, formatScore } from '../../../shared/format.ts';
import { inStandardOrder } from '../../../shared/pack-words.ts';
import { isFused, nameBranch, nameScore } from '../score-names.ts';
import type { Branch, ShownScores } from '../shown-scores.ts';

export interface TableColumn {
  /** Remembered by this name; an order where the column can be sorted by. */
  id: string;
  label: string;
  /** What the column tells, longer. */
  title: string;
  order: ImageOrder | null;
  isNumber: boolean;
  widthPx: number;
  /** As it is shown; null where the image has none. */
  read: (card: ImageCard) => string | null;
}

interface ColumnsOf {
  /** What was rated, of the MOS set at hand. */
  dimensions: readonly string[];
  shown: ShownScores | null;
}

/** All columns there are for the pack and the MOS set at hand, after the image itself. */
export function listColumns({ dimensions, shown }: ColumnsOf): TableColumn[] {
  const targets = inStandardOrder(Object.keys(shown?.heads ?? {}));
  return [
    text({ id: 'prompt', label: 'Prompt', order: 'prompt', widthPx: 260 }, (card) => card.prompt),
    text({ id: 'generator', label: 'Generator', order: 'generator', widthPx: 120 }, (card) => card.generator),
    ...(shown === null ? [] : targets.map((target) => scoreColumn(target, shown))),
    ...(shown === null ? [] : shown.branches.map((name) => branchColumn(name, shown))),
    ...dimensions.flatMap((dimension) => [
      mosColumn(dimension),
      widthColumn(dimension),
      raterColumn(dimension),
    ]),
    ...dimensions.filter((dimension) => targets.includes(dimension)).map(gapColumn),
    number({ id: 'votes', label: 'Votes', title: 'Votes cast here', order: 'votes' }, ({ votes }) =>
      votes === 0 ? null : formatCount(votes),
    ),
    text({ id: 'flag', label: 'Flag', order: null, widthPx: 72 }, ({ flag }) => flag),
    text({ id: 'label', label: 'Label', order: null, widthPx: 76 }, ({ label }) => label),
    text({ id: 'size', label: 'Size', order: null, widthPx: 104 }, ({ width, height }) =>
      width === null || height === null ? null : `${width} × ${height}`,
    ),
    text({ id: 'file', label: 'File', order: null, widthPx: 76 }, ({ hasFile }) =>
      hasFile ? 'here' : 'no file',
    ),
  ];
}

/** As a person chose; else all but the numbers of raters, sizes and files, which are there for who asks. */
export function isColumnShown({ id }: TableColumn, chosen: Record<string, boolean>): boolean {
  return chosen[id] ?? (!id.startsWith('n:') && id !== 'size' && id !== 'file');
}

/** How wide columns are to be in CSS px, by their names; null: as wide as they are by themselves. */
export type WidthChange = Record<string, number | null>;

/** The widths that a person chose, with a change of them. */
export function changeWidths(known: Record<string, number>, change: WidthChange): Record<string, number> {
  const all = Object.entries({ ...known, ...change });
  return Object.fromEntries(all.flatMap(([id, px]) => (px === null ? [] : [[id, px]])));
}

function text(
  about: Pick<TableColumn, 'id' | 'label' | 'order' | 'widthPx'>,
  read: TableColumn['read'],
): TableColumn {
  return { ...about, title: about.label, isNumber: false, read };
}

function number(
  about: Pick<TableColumn, 'id' | 'label' | 'title' | 'order'>,
  read: TableColumn['read'],
): TableColumn {
  return { ...about, isNumber: true, widthPx: Math.max(72, 24 + about.label.length * 7.5), read };
}

function scoreColumn(target: string, shown: ShownScores): TableColumn {
  const label = isFused(target, shown) ? 'P overall' : `Score ${target}`;
  return number(
    { id: `score:${target}`, label, title: nameScore(target, shown), order: `score:${target}` },
    ({ scores }) => (target in scores ? formatScore(scores[target]) : null),
  );
}

function branchColumn(name: Branch, shown: ShownScores): TableColumn {
  return number(
    {
      ...{ id: `signal:${name}`, label: name.toUpperCase(), order: `signal:${name}` },
      title: nameBranch(name, shown),
    },
    ({ branches }) => (branches[name] === null ? null : formatScore(branches[name])),
  );
}

function mosOf(card: ImageCard, dimension: string) {
  return card.mos.find((one) => one.dimension === dimension);
}

function mosColumn(dimension: string): TableColumn {
  const title = `Mean opinion score: ${dimension}`;
  return number(
    { id: `mos:${dimension}`, label: `MOS ${dimension}`, title, order: `mos:${dimension}` },
    (card) => {
      const mos = mosOf(card, dimension);
      return mos === undefined ? null : formatScore(mos.mean);
    },
  );
}

function widthColumn(dimension: string): TableColumn {
  const title = `Width of the 95 % interval of the MOS: ${dimension}`;
  return number(
    { id: `ci:${dimension}`, label: `CI ${dimension}`, title, order: `ci:${dimension}` },
    (card) => {
      const { low = null, high = null } = mosOf(card, dimension) ?? {};
      return low === null || high === null ? null : formatScore(high - low);
    },
  );
}

function raterColumn(dimension: string): TableColumn {
  const title = `Raters of the MOS: ${dimension}`;
  return number({ id: `n:${dimension}`, label: `N ${dimension}`, title, order: null }, (card) => {
    const n = mosOf(card, dimension)?.n ?? null;
    return n === null ? null : formatCount(n);
  });
}

function gapColumn(dimension: string): TableColumn {
  const title = `Distance of score and MOS, on the scale of the MOS: ${dimension}; ↑ the model is above the raters, ↓ below`;
  return number(
    { id: `gap:${dimension}`, label: `Gap ${dimension}`, title, order: `gap:${dimension}` },
    (card) => formatGap(card.gaps[dimension]),
  );
}

/** `0.42 ↑`: how far apart, and whether the model is above the raters; null where one of them is absent. */
export function formatGap(gap: number | undefined): string | null {
  return gap === undefined ? null : `${formatScore(Math.abs(gap))} ${gap >= 0 ? '↑' : '↓'}`;
}
