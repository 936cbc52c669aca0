/** One image of the grid: thumbnail on neutral grey, name, prompt, scores, MOS. */
import { IconChecklist } from '@tabler/icons-react';
import { memo, useState } from 'react';
import type { ImageCard } from '../../../contract/images.ts';
import { formatCount, formatScore } from '../../shared/format.ts';
import { thumbnailSet } from '../../shared/image-url.ts';
import { AbsentPicture } from './absent-picture.tsx';
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
  /** Else picture and name are all it tells: it flies by. */
  isWhole: boolean;
  /** Its picture is asked for before its card is there. */
  isPictured: boolean;
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
  const { id, index, card, isSelected, isActive, isWhole, face, shown, x, y, width, height } = props;
  const hasPicture = card === undefined ? isWhole && props.isPictured : card.fileState !== 'none';
  // Titles are read by the pointer: a card that merely passes by has none made.
  const [isPointedAt, setPointedAt] = useState(false);
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
      onPointerEnter={() => setPointedAt(true)}
      className={classes['card']}
      style={{ left: x, top: y, width, height }}
    >
      <div className={classes['picture']} style={{ height: width - 4 }}>
        {hasPicture && <Thumbnail id={id} widthPx={width - 4} />}
        {card?.fileState === 'none' && <AbsentPicture why="known from a table, no file yet" />}
        {card !== undefined && <FileBadge fileState={card.fileState} files={card.files} />}
        {card !== undefined && face.showsMarks && <MarkBadge flag={card.flag} label={card.label} />}
        {card !== undefined && face.showsVotes && <VotesBadge votes={card.votes} />}
      </div>
      <div className={classes['text']}>
        <div className={classes['name']} title={isPointedAt ? card?.name : undefined}>
          {card?.name ?? '…'}
        </div>
        {isWhole && <Details {...{ card, face, shown, isPointedAt }} />}
      </div>
    </div>
  );
});

interface DetailsProps extends Pick<ImageCardViewProps, 'card' | 'face' | 'shown'> {
  isPointedAt: boolean;
}

/** What is below the name. */
function Details({ card, face, shown, isPointedAt }: DetailsProps) {
  return (
    <>
      {face.showsPrompt && (
        <div className={classes['prompt']} title={(isPointedAt && card?.prompt) || undefined}>
          {card === undefined ? ' ' : (card.prompt ?? <i>no prompt</i>)}
        </div>
      )}
      {face.rows.map((row) => (
        <Numbers key={row.target} {...row} {...{ card, shown, isPointedAt }} />
      ))}
      {shown !== null && face.branches.length > 0 && (
        <Branches branches={face.branches} {...{ card, shown, isPointedAt }} />
      )}
    </>
  );
}

/** The DOM id of an image's option, for `aria-activedescendant`. */
export function optionId(imageId: number): string {
  return `image-${imageId}`;
}

function Thumbnail({ id, widthPx }: { id: number; widthPx: number }) {
  const [isBroken, setBroken] = useState(false);
  if (isBroken) return <AbsentPicture why="cannot be shown" />;
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

interface NumbersProps {
  target: string;
  figures: readonly Figure[];
  card: ImageCard | undefined;
  shown: ShownScores | null;
  isPointedAt: boolean;
}

/** One target: the model's score, the MOS and how far they are apart. P is the overall score of a pack that has Q or S. */
function Numbers({ target, figures, card, shown, isPointedAt }: NumbersProps) {
  const score = card?.scores[target];
  const mean = card?.mos.find(({ dimension }) => dimension === target)?.mean;
  const gap = figures.includes('gap') ? formatGap(card?.gaps[target]) : null;
  const titleOf = (title: string) => (isPointedAt ? title : undefined);
  return (
    <div className={classes['numbers']}>
      <span className={classes['target']} title={titleOf(target)}>
        {shown !== null && isFused(target, shown) ? 'P overall' : target}
      </span>
      {score !== undefined && shown !== null && figures.includes('score') && (
        <b title={titleOf(nameScore(target, shown))}>{formatScore(score)}</b>
      )}
      {mean !== undefined && figures.includes('mos') && (
        <span title={titleOf(`MOS: ${target}`)}>
          MOS <b>{formatScore(mean)}</b>
        </span>
      )}
      {gap !== null && (
        <span
          title={titleOf(
            `Gap of score and MOS, on the scale of the MOS: the model is ${gap.endsWith('↑') ? 'above' : 'below'} the raters`,
          )}
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
  isPointedAt: boolean;
}

/** Q and S; an en dash where the image has none, with the reason as far as it is known here. */
function Branches({ branches, card, shown, isPointedAt }: BranchesProps) {
  const titleOf = (name: Branch) => {
    const isAbsent = card !== undefined && card.branches[name] === null;
    return isAbsent ? `${nameBranch(name, shown)} – ${whyAbsent(name, card)}` : nameBranch(name, shown);
  };
  return (
    <div className={classes['numbers']}>
      {branches.map((name) => (
        <span key={name} title={isPointedAt ? titleOf(name) : undefined}>
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
