/** One image of the grid: thumbnail on neutral grey, name, prompt, scores, MOS. */
import { IconPhotoOff } from '@tabler/icons-react';
import { memo, useState } from 'react';
import type { ImageCard } from '../../../contract/images.ts';
import { formatCount, formatScore } from '../../shared/format.ts';
import { thumbnailSet } from '../../shared/image-url.ts';
import { MarkBadge } from './curate/mark-badge.tsx';
import { FileBadge } from './file-badge.tsx';
import classes from './image-card.module.css';
import type { ShownScores } from './shown-scores.ts';

interface ImageCardViewProps {
  id: number;
  index: number;
  count: number;
  /** Undefined until its answer came. */
  card: ImageCard | undefined;
  isSelected: boolean;
  isActive: boolean;
  showsPrompt: boolean;
  /** What is scored or was rated, in the order of its rows. */
  targets: readonly string[];
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
  const { id, index, card, isSelected, isActive, showsPrompt, targets, shown, x, y, width, height } = props;
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
      className={classes['card']}
      style={{ transform: `translate(${x}px, ${y}px)`, width, height }}
    >
      <div className={classes['picture']} style={{ height: width - 4 }}>
        {card !== undefined &&
          (card.fileState === 'none' ? <NoFile /> : <Thumbnail id={id} widthPx={width - 4} />)}
        {card !== undefined && <FileBadge fileState={card.fileState} files={card.files} />}
        {card !== undefined && <MarkBadge flag={card.flag} label={card.label} />}
        {card !== undefined && card.votes > 0 && (
          <span className={classes['votes']}>
            {formatCount(card.votes)} {card.votes === 1 ? 'vote' : 'votes'}
          </span>
        )}
      </div>
      <div className={classes['text']}>
        <div className={classes['name']} title={card?.name}>
          {card?.name ?? '…'}
        </div>
        {showsPrompt && (
          <div className={classes['prompt']} title={card?.prompt ?? undefined}>
            {card === undefined ? ' ' : (card.prompt ?? <i>no prompt</i>)}
          </div>
        )}
        {targets.map((target) => (
          <Numbers key={target} target={target} card={card} shown={shown} />
        ))}
        {shown !== null && shown.branches.length > 0 && <Branches card={card} shown={shown} />}
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
  card: ImageCard | undefined;
  shown: ShownScores | null;
}

/** One target: the model's score, and the MOS where there is one. P is the overall score of a pack that has Q or S. */
function Numbers({ target, card, shown }: NumbersProps) {
  const score = card?.scores[target];
  const mos = card?.mos.find(({ dimension }) => dimension === target);
  const isFused = target === 'overall' && shown !== null && shown.branches.length > 0;
  return (
    <div className={classes['numbers']}>
      <span className={classes['target']}>{isFused ? 'P overall' : target}</span>
      {score !== undefined && shown !== null && (
        <b title={`${shown.packTitle}, head “${shown.heads[target] ?? ''}”: ${target}`}>
          {formatScore(score)}
        </b>
      )}
      {mos !== undefined && (
        <span title={`MOS: ${target}`}>
          MOS <b>{formatScore(mos.mean)}</b>
        </span>
      )}
    </div>
  );
}

const branchNames = { q: 'quality branch', s: 'picture against prompt' } as const;

/** Q and S; an en dash where the image has none, which the viewer explains. */
function Branches({ card, shown }: { card: ImageCard | undefined; shown: ShownScores }) {
  return (
    <div className={classes['numbers']}>
      {shown.branches.map((name) => (
        <span key={name} title={`${shown.packTitle}, ${name.toUpperCase()}: ${branchNames[name]}`}>
          {name.toUpperCase()} <b>{formatScore(card?.branches[name])}</b>
        </span>
      ))}
    </div>
  );
}
