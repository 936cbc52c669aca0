/** One image of the grid: thumbnail on neutral grey, name, prompt, scores, MOS. */
import { IconPhotoOff } from '@tabler/icons-react';
import { memo, useState } from 'react';
import type { ImageCard } from '../../../contract/images.ts';
import { formatCount, formatScore } from '../../shared/format.ts';
import { thumbnailUrl } from '../../shared/image-url.ts';
import classes from './image-card.module.css';

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
  /** Where it lies, in CSS px. */
  x: number;
  y: number;
  width: number;
  height: number;
}

/** An option of the grid's list box; clicks are handled by the grid. */
export const ImageCardView = memo(function ImageCardView(props: ImageCardViewProps) {
  const { id, index, card, isSelected, isActive, showsPrompt, targets, x, y, width, height } = props;
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
        {card?.hasFile === true && <Thumbnail id={id} />}
        {card?.hasFile === false && <NoFile />}
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
          <Numbers key={target} target={target} card={card} />
        ))}
      </div>
    </div>
  );
});

/** The DOM id of an image's option, for `aria-activedescendant`. */
export function optionId(imageId: number): string {
  return `image-${imageId}`;
}

function Thumbnail({ id }: { id: number }) {
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
    <img src={thumbnailUrl(id)} alt="" draggable={false} decoding="async" onError={() => setBroken(true)} />
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

/** One target: the model's score, and the MOS where there is one. */
function Numbers({ target, card }: { target: string; card: ImageCard | undefined }) {
  const score = card?.scores[target];
  const mos = card?.mos.find(({ dimension }) => dimension === target);
  return (
    <div className={classes['numbers']}>
      <span className={classes['target']}>{target}</span>
      {score !== undefined && <b title={`Model: ${target}`}>{formatScore(score)}</b>}
      {mos !== undefined && (
        <span title={`MOS: ${target}`}>
          MOS <b>{formatScore(mos.mean)}</b>
        </span>
      )}
    </div>
  );
}
