/** One image of the grid: thumbnail on neutral grey, name, prompt, scores, MOS. */
import { IconChecklist, IconPhotoOff } from '@tabler/icons-react';
import { memo, useState } from 'react';
import type { ImageCard } from '../../../contract/images.ts';
import { formatCount, formatScore } from '../../shared/format.ts';
import { thumbnailSet } from '../../shared/image-url.ts';
import type { CardFace, Figure } from './card-face.ts';
import { MarkBadge } from './curate/mark-badge.tsx';
import { FileBadge } from './file-badge.tsx';
import classes from './image-card.module.css';
import { isFused, nameBranch, nameScore, whyAbsent } from './score-names.ts';
import type { Branch, ShownScores } from './shown-scores.ts';
import { formatGap } from './table/columns.ts';

interface ImageCardViewProps {
  id: number;
  index: number;
  count: number;
  /** Undefined until its answer came. */
  card: ImageCard | undefined;
  isSelected: boolean;
  isActive: boolean;
  face: CardFace;
  /** Whose numbers these are. */
  shown: ShownScores | null;
  /** Where it lies, in CSS px. */
  x: number;
  y: number;
  width: number;
  height: number;
}

/** An option of the grid's list box; clicks are handled by the grid. */
export const ImageCardView = memo(function ImageCardView(props: ImageCardViewProps) {
  const { id, index, card, isSelected, isActive, face, shown, x, y, width, height } = props;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the list box keeps the focus and names its active option
    <div
      id={optionId(id)}
      role="option"
      aria-selected={isSelected}
      aria-posinset={index + 1}
      aria-setsize={props.count}
      data-index={index}
      data-active={isActive || undefined}
      data-compact={face.isCompact || undefined}
      className={classes['card']}
      style={{ left: x, top: y, width, height }}
    >
      <div className={classes['picture']} style={{ height: width - 4 }}>
        {card !== undefined &&
          (card.fileState === 'none' ? <NoFile /> : <Thumbnail id={id} widthPx={width - 4} />)}
        {card !== undefined && <FileBadge fileState={card.fileState} files={card.files} />}
        {card !== undefined && face.showsMarks && <MarkBadge flag={card.flag} label={card.label} />}
        {card !== undefined && face.showsVotes && <VotesBadge votes={card.votes} />}
      </div>
      <div className={classes['text']}>
        <div className={classes['name']} title={card?.name}>
          {card?.name ?? '…'}
        </div>
        {face.showsPrompt && (
          <div className={classes['prompt']} title={card?.prompt ?? undefined}>
            {card === undefined ? ' ' : (card.prompt ?? <i>no prompt</i>)}
          </div>
        )}
        {face.rows.map((row) => (
          <Numbers key={row.target} {...row} card={card} shown={shown} />
        ))}
        {shown !== null && face.branches.length > 0 && (
          <Branches branches={face.branches} card={card} shown={shown} />
        )}
      </div>
    </div>
  );
});

/** The DOM id of an image's option, for `aria-activedescendant`. */
export function optionId(imageId: number): string {
  return `image-${imageId}`;
}

function Thumbnail({ id, widthPx }: { id: number; widthPx: number }) {
  const [isBroken, setBroken] = useState(false);
  if (isBroken) {
    return (
      <div className={classes['absent']}>
        <IconPhotoOff size={28} stroke={1.3} />
        <span>cannot be shown</span>
      </div>
    );
  }
  return (
    <img
      sizes={`${widthPx}px`}
      srcSet={thumbnailSet(id)}
      alt=""
      draggable={false}
      decoding="async"
      onError={() => setBroken(true)}
    />
  );
}

function NoFile() {
  return (
    <div className={classes['absent']}>
      <IconPhotoOff size={28} stroke={1.3} />
      <span>known from a table, no file yet</span>
    </div>
  );
}

interface NumbersProps {
  target: string;
  figures: readonly Figure[];
  card: ImageCard | undefined;
  shown: ShownScores | null;
}

/** One target: the model's score, the MOS and how far they are apart. P is the overall score of a pack that has Q or S. */
function Numbers({ target, figures, card, shown }: NumbersProps) {
  const score = card?.scores[target];
  const mean = card?.mos.find(({ dimension }) => dimension === target)?.mean;
  const gap = figures.includes('gap') ? formatGap(card?.gaps[target]) : null;
  return (
    <div className={classes['numbers']}>
      <span className={classes['target']} title={target}>
        {shown !== null && isFused(target, shown) ? 'P overall' : target}
      </span>
      {score !== undefined && shown !== null && figures.includes('score') && (
        <b title={nameScore(target, shown)}>{formatScore(score)}</b>
      )}
      {mean !== undefined && figures.includes('mos') && (
        <span title={`MOS: ${target}`}>
          MOS <b>{formatScore(mean)}</b>
        </span>
      )}
      {gap !== null && (
        <span
          title={`Gap of score and MOS, on the scale of the MOS: the model is ${gap.endsWith('↑') ? 'above' : 'below'} the raters`}
        >
          gap <b>{gap}</b>
        </span>
      )}
    </div>
  );
}

interface BranchesProps {
  branches: CardFace['branches'];
  card: ImageCard | undefined;
  shown: ShownScores;
}

/** Q and S; an en dash where the image has none, with the reason as far as it is known here. */
function Branches({ branches, card, shown }: BranchesProps) {
  const titleOf = (name: Branch) => {
    const isAbsent = card !== undefined && card.branches[name] === null;
    return isAbsent ? `${nameBranch(name, shown)} – ${whyAbsent(name, card)}` : nameBranch(name, shown);
  };
  return (
    <div className={classes['numbers']}>
      {branches.map((name) => (
        <span key={name} title={titleOf(name)}>
          {name.toUpperCase()} <b>{formatScore(card?.branches[name])}</b>
        </span>
      ))}
    </div>
  );
}

/** Nothing where nobody voted. */
function VotesBadge({ votes }: { votes: number }) {
  if (votes === 0) return null;
  const word = votes === 1 ? 'vote' : 'votes';
  return (
    <span className={classes['votes']} title={`${formatCount(votes)} ${word} cast here`}>
      <IconChecklist size={12} />
      {formatCount(votes)} <span data-word>{word}</span>
    </span>
  );
}
