/** The scale as buttons with their keys: for the eye, for the mouse and for touch. */
import type { PointerEvent } from 'react';
import type { Dimension, Scale } from '../../../contract/studies.ts';
import { Keys } from '../../shared/keys.tsx';
import classes from './foot.module.css';
import { releaseFocus } from './release-focus.ts';
import { type Entry, formatEntry, formatVote, moveEntry, valueOfEntry } from './scale-keys.ts';

interface ScaleButtonsProps {
  dimension: Dimension;
  entry: Entry;
  /** The rater's own vote, where there is one already: never a proposal. */
  given: number | null;
  /** The key that an action has now, by its default key. */
  keyOf: (key: string) => string;
  onVote: (value: number) => void;
  /** Sets a value that is still to be given. */
  onMove: (value: number) => void;
}

export function ScaleButtons({ dimension, ...rest }: ScaleButtonsProps) {
  const { scale, label } = dimension;
  return (
    <fieldset className={classes['scale']} aria-label={label}>
      {scale.kind === 'acr' ? (
        <Levels words={scale.words} {...rest} />
      ) : (
        <Continuous scale={scale} {...rest} />
      )}
    </fieldset>
  );
}

function Levels({
  words,
  given,
  keyOf,
  onVote,
}: Pick<ScaleButtonsProps, 'given' | 'keyOf' | 'onVote'> & { words: string[] }) {
  return words.map((word, at) => {
    const level = String(at + 1);
    const key = keyOf(level);
    return (
      <button
        key={word}
        type="button"
        className={classes['level']}
        data-levels={words.length}
        aria-pressed={given === at + 1}
        aria-keyshortcuts={key}
        onClick={(event) => {
          releaseFocus(event.currentTarget, event.detail);
          onVote(at + 1);
        }}
      >
        <b>{level}</b>
        {word === level ? null : word}
        {key === level ? null : <Keys keys={key} />}
      </button>
    );
  });
}

interface ContinuousProps extends Omit<ScaleButtonsProps, 'dimension'> {
  scale: Extract<Scale, { kind: 'continuous' }>;
}

function Continuous({ scale, entry, given, keyOf, onVote, onMove }: ContinuousProps) {
  const value = valueOfEntry(scale, entry);
  const shown =
    entry === null ? (given === null ? '–' : formatVote(scale, given)) : formatEntry(scale, entry);
  return (
    <>
      <Track scale={scale} value={value ?? given} onVote={onVote} onMove={onMove} />
      <span className={classes['fine']}>
        <Step scale={scale} entry={entry} steps={-1} onMove={onMove} />
        <output className={classes['entry']} data-testid="entry">
          {shown}
        </output>
        <Step scale={scale} entry={entry} steps={1} onMove={onMove} />
      </span>
      {value === null ? (
        <span className={classes['hint']}>{`type it, ${scale.min} to ${scale.max}`}</span>
      ) : (
        <button
          type="button"
          className={classes['give']}
          onClick={(event) => {
            releaseFocus(event.currentTarget, event.detail);
            onVote(value);
          }}
        >
          Give {formatVote(scale, value)} <Keys keys={keyOf('Enter')} />
        </button>
      )}
    </>
  );
}

interface StepProps extends Pick<ContinuousProps, 'scale' | 'entry' | 'onMove'> {
  steps: 1 | -1;
}

/** For fingers; the arrow keys do the same. */
function Step({ scale, entry, steps, onMove }: StepProps) {
  return (
    <button
      type="button"
      tabIndex={-1}
      className={classes['step']}
      aria-label={steps > 0 ? 'One step more' : 'One step less'}
      onClick={(event) => {
        releaseFocus(event.currentTarget, event.detail);
        onMove(moveEntry(scale, entry, steps));
      }}
    >
      {steps > 0 ? '+' : '−'}
    </button>
  );
}

interface TrackProps extends Pick<ContinuousProps, 'scale' | 'onVote' | 'onMove'> {
  value: number | null;
}

/**
 * A line to point at. A click of the mouse gives the vote at that place; a finger covers what it points at, so touch sets a value that
 * is then given with the button. Keys do the same by typing, so it takes no focus.
 */
function Track({ scale, value, onVote, onMove }: TrackProps) {
  const range = scale.max - scale.min;
  const marks = Array.from({ length: Math.min(11, Math.floor(range) + 1) }, (_, at) => at);
  const markStep = range / (marks.length - 1);
  const numbers = marks.map((at) => Number((scale.min + at * markStep).toFixed(1)));
  function valueAt(track: HTMLElement, clientX: number): number {
    const box = track.querySelector('span')!.getBoundingClientRect();
    const part = Math.min(1, Math.max(0, (clientX - box.left) / box.width));
    const steps = Math.round((part * range) / scale.step);
    return Number((scale.min + steps * scale.step).toFixed(6));
  }
  function drag(event: PointerEvent<HTMLElement>): void {
    const isFinger = event.pointerType !== 'mouse';
    if (isFinger && event.buttons > 0) onMove(valueAt(event.currentTarget, event.clientX));
  }
  return (
    <button
      type="button"
      tabIndex={-1}
      className={classes['track']}
      aria-label={`Scale ${numbers.join(' ')}: press where the vote lies`}
      onPointerDown={drag}
      onPointerMove={drag}
      onClick={(event) => {
        releaseFocus(event.currentTarget, event.detail);
        const isMouse = !('pointerType' in event.nativeEvent) || event.nativeEvent.pointerType === 'mouse';
        if (event.detail > 0 && isMouse) onVote(valueAt(event.currentTarget, event.clientX));
      }}
    >
      <span className={classes['line']}>
        {marks.map((at) => (
          <span key={at} className={classes['mark']} style={{ left: `${(at / (marks.length - 1)) * 100}%` }}>
            {numbers[at]}{' '}
          </span>
        ))}
        {value === null ? null : (
          <span className={classes['marker']} style={{ left: `${((value - scale.min) / range) * 100}%` }} />
        )}
      </span>
    </button>
  );
}
