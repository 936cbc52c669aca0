/** The line under the toolbar: how many images match and failed; with a selection, what can be done with it. */
import { Anchor, Button, CloseButton, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconClipboardPlus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { formatCount } from '../../shared/format.ts';
import { Keys } from '../../shared/keys.tsx';
import { ShownMos } from './shown-mos.tsx';
import { nameShown, type ShownScores } from './shown-scores.ts';
import { TextButton } from './text-button.tsx';
import classes from './toolbar.module.css';

interface StatusLineProps {
  /** null: the list is not read yet. */
  matching: number | null;
  images: number;
  failed: number;
  selected: number;
  /** How many of the selected the list does not show. */
  selectedElsewhere: number;
  /** What the list is narrowed to beyond the toolbar's own fields, in words. */
  narrowedTo: { label: string; onRemove: () => void }[];
  /** Whose scores the cards show; null where there are none. */
  shown: ShownScores | null;
  /** How many images with a file it has not scored. */
  unscored: number;
  onOpen: (what: 'score' | 'failures' | 'study' | 'export') => void;
  /** The queue of rejected images. */
  rejected: ReactNode;
  /** How the list is drawn. */
  view: ReactNode;
  onCompare: () => void;
  onClear: () => void;
}

export function StatusLine(props: StatusLineProps) {
  const { matching, images, failed, selected, selectedElsewhere, narrowedTo } = props;
  return (
    <div className={classes['status']} data-selecting={selected > 0 || undefined} role="status">
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
      {props.rejected}
      <div className={classes['spring']} />
      {selected > 0 && (
        <div className={classes['group']}>
          <b data-testid="selected-count">{formatCount(selected)} selected</b>
          {selectedElsewhere > 0 && <span>({formatCount(selectedElsewhere)} not in this view)</span>}
          <Button
            size="compact-xs"
            leftSection={<IconClipboardPlus size={14} />}
            rightSection={<Keys keys="C" />}
            onClick={() => props.onOpen('study')}
          >
            Create study… ({formatCount(selected)})
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            rightSection={<Keys keys="mod+E" />}
            onClick={() => props.onOpen('export')}
          >
            Export…
          </Button>
          {selected > 1 && (
            <Button
              size="compact-xs"
              variant="default"
              rightSection={<Keys keys="V" />}
              onClick={props.onCompare}
            >
              Compare
            </Button>
          )}
          <Button
            size="compact-xs"
            variant="default"
            rightSection={<Keys keys="Escape" />}
            onClick={props.onClear}
          >
            Clear
          </Button>
        </div>
      )}
      <div className={classes['group']}>{props.view}</div>
    </div>
  );
}

function countImages(matching: number | null, images: number): string {
  const all = `${formatCount(images)} ${images === 1 ? 'image' : 'images'}`;
  if (matching === null) return `Reading ${all}…`;
  // While images are scored the list may be ahead of the count.
  return matching >= images ? all : `${formatCount(matching)} of ${formatCount(images)} images`;
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
