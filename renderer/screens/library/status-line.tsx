/** The line under the toolbar: how many images match and failed, or what can be done with a selection. */
import { Anchor, CloseButton, Tooltip } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { countOf, formatCount } from '../../shared/format.ts';
import { SelectionBar, type SelectionBarProps } from './selection-bar.tsx';
import { ShownMos } from './shown-mos.tsx';
import { nameShown, type ShownScores } from './shown-scores.ts';
import { TextButton } from './text-button.tsx';
import classes from './toolbar.module.css';

interface StatusLineProps extends Omit<SelectionBarProps, 'onOpen'> {
  /** null: the list is not read yet. */
  matching: number | null;
  failed: number;
  /** What the list is narrowed to beyond the toolbar's own fields, in words. */
  narrowedTo: { label: string; onRemove: () => void }[];
  /** Whose scores the cards show; null where there are none. */
  shown: ShownScores | null;
  /** How many images with a file it has not scored. */
  unscored: number;
  onOpen: (what: 'score' | 'failures' | 'study' | 'export') => void;
  /** The way to the queue of rejected images, and what is done while it is looked through. */
  queue: ReactNode;
  review: ReactNode;
  /** How the list is drawn. */
  view: ReactNode;
}

/** Both lie in one place, whichever is shown: the list below does not move when something is selected. */
export function StatusLine(props: StatusLineProps) {
  const isSelecting = props.selected > 0;
  return (
    <div className={classes['status']} data-selecting={isSelecting || undefined} role="status">
      <div className={classes['layers']}>
        <Facts {...props} isShown={!isSelecting} />
        <SelectionBar {...props} />
      </div>
      {props.review}
      <div className={classes['group']}>{props.view}</div>
    </div>
  );
}

function Facts({ isShown, ...props }: StatusLineProps & { isShown: boolean }) {
  const { matching, images, failed, narrowedTo } = props;
  return (
    <div className={classes['layer']} data-shown={isShown}>
      <span data-testid="image-count">{countImages(matching, images)}</span>
      {failed > 0 && (
        <>
          <span aria-hidden="true">·</span>
          <TextButton onClick={() => props.onOpen('failures')}>{formatCount(failed)} failed</TextButton>
        </>
      )}
      {narrowedTo.map(({ label, onRemove }) => (
        <span key={label}>
          · {label}{' '}
          <CloseButton size="xs" display="inline-flex" aria-label={`Remove: ${label}`} onClick={onRemove} />
        </span>
      ))}
      {props.shown !== null && (
        <Whose shown={props.shown} unscored={props.unscored} onScore={() => props.onOpen('score')} />
      )}
      <ShownMos />
      {props.queue}
    </div>
  );
}

function countImages(matching: number | null, images: number): string {
  const all = countOf(images, 'image');
  if (matching === null) return `Reading ${all}…`;
  // While images are scored the list may be ahead of the count.
  return matching >= images
    ? countOf(matching, 'image')
    : `${formatCount(matching)} of ${formatCount(images)} images`;
}

interface WhoseProps extends Pick<StatusLineProps, 'unscored'> {
  onScore: () => void;
  shown: ShownScores;
}

/** The pack and the heads of the numbers on the cards, and what is wrong with them. */
function Whose({ shown, unscored, onScore }: WhoseProps) {
  return (
    <>
      <span aria-hidden="true">·</span>
      <span className={classes['whose']} title={nameShown(shown)} data-testid="shown-scores">
        scores: {nameShown(shown)}
      </span>
      {unscored > 0 && <TextButton onClick={onScore}>{formatCount(unscored)} not scored by it…</TextButton>}
      {shown.warning !== null && (
        <Tooltip label={shown.warning} multiline maw={380}>
          <Anchor
            component={Link}
            href="/models"
            fz="inherit"
            underline="always"
            className={classes['warning']}
          >
            <IconAlertTriangle size={14} aria-hidden="true" /> precision not good enough
          </Anchor>
        </Tooltip>
      )}
    </>
  );
}
