/** The scale as buttons with their keys: for the eye, for the mouse and for touch. */
import { Kbd } from '@mantine/core';
import type { Dimension, Scale } from '../../../contract/studies.ts';
import classes from './rating.module.css';
import { releaseFocus } from './release-focus.ts';
import { type Entry, formatEntry, formatVote, valueOfEntry } from './scale-keys.ts';

interface ScaleButtonsProps {
  dimension: Dimension;
  entry: Entry;
  /** The rater's own vote, where there is one already: never a proposal. */
  given: number | null;
  onVote: (value: number) => void;
}

export function ScaleButtons({ dimension, entry, given, onVote }: ScaleButtonsProps) {
  const { scale, label } = dimension;
  return (
    <fieldset className={classes['scale']} aria-label={label}>
      {scale.kind === 'acr' ? (
        <Levels words={scale.words} given={given} onVote={onVote} />
      ) : (
        <Continuous scale={scale} entry={entry} given={given} onVote={onVote} />
      )}
    </fieldset>
  );
}

function Levels({ words, given, onVote }: Pick<ScaleButtonsProps, 'given' | 'onVote'> & { words: string[] }) {
  return words.map((word, at) => (
    <button
      key={word}
      type="button"
      className={classes['level']}
      aria-pressed={given === at + 1}
      aria-keyshortcuts={String(at + 1)}
      onClick={(event) => {
        releaseFocus(event.currentTarget, event.detail);
        onVote(at + 1);
      }}
    >
      <b>{at + 1}</b>
      {word}
    </button>
  ));
}

interface ContinuousProps extends Pick<ScaleButtonsProps, 'entry' | 'given' | 'onVote'> {
  scale: Extract<Scale, { kind: 'continuous' }>;
}

function Continuous({ scale, entry, given, onVote }: ContinuousProps) {
  const value = valueOfEntry(scale, entry);
  const shown =
    entry === null ? (given === null ? '–' : formatVote(scale, given)) : formatEntry(scale, entry);
  return (
    <>
      <Track scale={scale} value={value ?? given} onVote={onVote} />
      <output className={classes['entry']} data-testid="entry">
        {shown}
      </output>
      <span className={classes['hint']}>
        {value === null ? (
          `two digits, ${scale.min} to ${scale.max}`
        ) : (
          <Kbd>↵ gives {formatVote(scale, value)}</Kbd>
        )}
      </span>
    </>
  );
}

interface TrackProps {
  scale: Extract<Scale, { kind: 'continuous' }>;
  value: number | null;
  onVote: (value: number) => void;
}

/** A line to point at: a click or touch gives the vote at that place. Keys do the same by typing, so it takes no focus. */
function Track({ scale, value, onVote }: TrackProps) {
  const range = scale.max - scale.min;
  const marks = Array.from({ length: Math.min(11, Math.floor(range) + 1) }, (_, at) => scale.min + at);
  function voteAt(track: HTMLElement, clientX: number): void {
    const box = track.querySelector('span')!.getBoundingClientRect();
    const part = Math.min(1, Math.max(0, (clientX - box.left) / box.width));
    const steps = Math.round((part * range) / scale.step);
    onVote(Number((scale.min + steps * scale.step).toFixed(6)));
  }
  return (
    <button
      type="button"
      tabIndex={-1}
      className={classes['track']}
      aria-label={`Scale from ${scale.min} to ${scale.max}: press where the vote lies`}
      onClick={(event) => {
        releaseFocus(event.currentTarget, event.detail);
        if (event.detail > 0) voteAt(event.currentTarget, event.clientX);
      }}
    >
      <span className={classes['line']}>
        {marks.map((mark) => (
          <span
            key={mark}
            className={classes['mark']}
            style={{ left: `${((mark - scale.min) / range) * 100}%` }}
          >
            {mark}
          </span>
        ))}
        {value === null ? null : (
          <span className={classes['marker']} style={{ left: `${((value - scale.min) / range) * 100}%` }} />
        )}
      </span>
    </button>
  );
}
