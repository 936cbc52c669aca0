/** What a card tells beside picture and name: as a person chose it, and in how many lines; pure. */
import type { Branch, ShownScores } from './shown-scores.ts';

export type Figure = 'score' | 'mos' | 'gap';

export interface CardFace {
  /** Too narrow for words: signs, letters and numbers tell it, and the first target alone has numbers. */
  isCompact: boolean;
  showsPrompt: boolean;
  showsVotes: boolean;
  showsMarks: boolean;
  /** One target each, with those of its numbers that the pack and the MOS set at hand can have. */
  rows: readonly { target: string; figures: readonly Figure[] }[];
  branches: readonly Branch[];
}

export interface KnownNumbers {
  /** What is scored or was rated. */
  targets: readonly string[];
  /** What was rated, of the MOS set at hand. */
  dimensions: readonly string[];
  shown: ShownScores | null;
}

/** A part of a card that can be shown or hidden. */
export interface CardPart {
  /** Remembered by this name. */
  id: string;
  title: string;
}

/** Below this width a card has no room for words. */
const compactBelowPx = 150;
/** Of so many targets a card has numbers where nobody chose. */
const mostTargets = 4;

const figureTitles: Record<Figure, string> = {
  score: 'The model’s score',
  mos: 'MOS: mean opinion score of the raters',
  gap: 'Gap of score and MOS, on the scale of the MOS; ↑ the model is above the raters, ↓ below',
};

/** The parts there are to choose from: a legend of the cards, too. */
export function listCardParts(known: KnownNumbers): CardPart[] {
  const rows = known.targets.map((target) => figuresOf(target, known));
  const figures = (['score', 'mos', 'gap'] as const).filter((figure) =>
    rows.some((own) => own.includes(figure)),
  );
  const hasBranches = (known.shown?.branches.length ?? 0) > 0;
  return [
    { id: 'prompt', title: 'Prompt, on cards that are not small' },
    ...figures.map((id) => ({ id, title: figureTitles[id] })),
    ...(hasBranches ? [{ id: 'branches', title: 'Q and S' }] : []),
    ...known.targets.map((target) => ({ id: `of:${target}`, title: `Numbers of ${target}` })),
    { id: 'votes', title: 'Votes cast here' },
    { id: 'marks', title: 'Flag (✓ pick, ✕ reject) and colour label' },
  ];
}

/** As a person chose; else everything, numbers of the first few targets alone. */
export function isPartShown(id: string, known: KnownNumbers, chosen: Record<string, boolean>): boolean {
  const at = id.startsWith('of:') ? known.targets.indexOf(id.slice(3)) : -1;
  return chosen[id] ?? at < mostTargets;
}

export function chooseFace(known: KnownNumbers, chosen: Record<string, boolean>): CardFace {
  const isShown = (id: string) => isPartShown(id, known, chosen);
  const rows = known.targets
    .filter((target) => isShown(`of:${target}`))
    .map((target) => ({ target, figures: figuresOf(target, known).filter(isShown) }));
  return {
    isCompact: false,
    showsPrompt: isShown('prompt'),
    showsVotes: isShown('votes'),
    showsMarks: isShown('marks'),
    rows: rows.filter(({ figures }) => figures.length > 0),
    branches: isShown('branches') ? (known.shown?.branches ?? []) : [],
  };
}

/** The face on a card of this width. */
export function fitFace(face: CardFace, cardWidthPx: number): CardFace {
  if (cardWidthPx >= compactBelowPx) return face;
  return { ...face, isCompact: true, showsPrompt: false, rows: face.rows.slice(0, 1) };
}

function figuresOf(target: string, { dimensions, shown }: KnownNumbers): Figure[] {
  const isScored = shown !== null && target in shown.heads;
  const isRated = dimensions.includes(target);
  return [
    ...(isScored ? (['score'] as const) : []),
    ...(isRated ? (['mos'] as const) : []),
    ...(isScored && isRated ? (['gap'] as const) : []),
  ];
}

/** Widths in CSS px that the style sheet keeps to: the target's name at most, each number with its word. */
const widthsPx = { target: 62, compactTarget: 44, score: 28, mos: 56, gap: 62, branch: 44 };
const betweenPx = 8;
const textPaddingPx = 16;

/** How many lines the numbers take below a picture of this width, each target beginning a line. */
export function countLines({ rows, branches, isCompact }: CardFace, cardWidthPx: number): number {
  const roomPx = cardWidthPx - textPaddingPx;
  const nameWidth = isCompact ? widthsPx.compactTarget : widthsPx.target;
  const all = [
    ...rows.map(({ figures }) => [nameWidth, ...figures.map((figure) => widthsPx[figure])]),
    ...(branches.length > 0 ? [branches.map(() => widthsPx.branch)] : []),
  ];
  return all.reduce((lines, widths) => lines + wrap(widths, roomPx), 0);
}

function wrap(widths: readonly number[], roomPx: number): number {
  let lines = 1;
  let usedPx = 0;
  for (const width of widths) {
    if (usedPx > 0 && usedPx + betweenPx + width > roomPx) {
      lines += 1;
      usedPx = width;
    } else usedPx += (usedPx > 0 ? betweenPx : 0) + width;
  }
  return lines;
}
