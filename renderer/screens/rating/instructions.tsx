/** What a rater reads before the first image of a sitting. */
import { useState } from 'react';
import type { Dimension } from '../../../contract/studies.ts';
import { formatCount } from '../../shared/format.ts';
import { Keys } from '../../shared/keys.tsx';
import { ViewingChecks } from './checks/viewing-checks.tsx';
import type { RatingController } from './rating-controller.ts';
import classes from './sheet.module.css';
import type { Zoom } from './zoom.ts';

interface InstructionsProps {
  controller: RatingController;
  zoom: Zoom;
  /** Null where the study says how images are shown. */
  onZoom: ((zoom: Zoom) => void) | null;
  /** The rater's own key of an action, by its default key. */
  keyOf: (key: string) => string;
  onLeave: () => void;
}

export function Instructions({ controller, zoom, onZoom, keyOf, onLeave }: InstructionsProps) {
  const { design } = controller.session;
  const [isChecking, setIsChecking] = useState(false);
  const { done } = controller.countItems();
  if (isChecking) return <ViewingChecks controller={controller} onDone={() => setIsChecking(false)} />;
  return (
    <div className={classes['sheet']}>
      <h1>{controller.isPairs ? 'Compare images' : 'Rate images'}</h1>
      <p>{describeTask(controller)} There is no right or wrong answer: give your own impression.</p>
      <p>{describeSitting(controller, keyOf('Backspace'))}</p>
      {design.instructions === '' ? null : <p className={classes['words']}>{design.instructions}</p>}
      {design.dimensions.map((dimension) => (
        <DimensionWords key={dimension.key} dimension={dimension} isPairs={controller.isPairs} />
      ))}
      {onZoom === null ? <p>{fixedWords[zoom]}</p> : <ZoomChoice zoom={zoom} onZoom={onZoom} keyOf={keyOf} />}
      <div className={classes['buttons']}>
        {/* biome-ignore lint/a11y/noAutofocus: Enter begins; nothing else is to be done here */}
        <button type="button" className={classes['button']} autoFocus onClick={() => controller.begin()}>
          {done === 0 ? 'Begin' : 'Go on'} <Keys keys="Enter" />
        </button>
        <button type="button" className={classes['button']} onClick={() => setIsChecking(true)}>
          Check screen and eyes
        </button>
        <button type="button" className={classes['button']} onClick={onLeave}>
          Leave <Keys keys={keyOf('Escape')} />
        </button>
      </div>
    </div>
  );
}

function describeTask(controller: RatingController): string {
  const { raterName } = controller.session;
  const { done, total } = controller.countItems();
  const what = controller.isPairs ? 'pairs of images' : 'images';
  if (done === 0) return `${raterName}, you will see ${formatCount(total)} ${what}, one after another.`;
  return `${raterName}, welcome back. ${formatCount(done)} of ${formatCount(total)} ${what} are done; you go on with the next.`;
}

function describeSitting(controller: RatingController, backKey: string): string {
  const { rules } = controller.session;
  const { trainingItems } = controller;
  return [
    trainingItems > 0
      ? `The first ${trainingItems === 1 ? 'one is' : `${trainingItems} are`} for practice and not stored.`
      : '',
    rules === undefined
      ? ''
      : `A sitting lasts ${Math.round(rules.capMs / 60_000)} minutes at most, breaks and pauses included.`,
    `Any answer can be corrected: Back (${backKey}) leads to it.`,
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

function DimensionWords({ dimension, isPairs }: { dimension: Dimension; isPairs: boolean }) {
  const { label, question, scale, showsPrompt } = dimension;
  return (
    <>
      <h2>{label}</h2>
      <p>
        {question}
        {showsPrompt ? ' The text the image was made from is shown below it.' : ''}
        <br />
        {isPairs
          ? 'Choose A, the left one, or B, the right one; on a narrow screen A is above.'
          : scale.kind === 'acr'
            ? scale.words
                .map((word, at) => (word === String(at + 1) ? word : `${at + 1} ${word}`))
                .join(' · ')
            : `${scale.min} (worst) to ${scale.max} (best): ${scale.max === 5 ? 'type two digits, 3 7 for 3.7' : 'type the number'}, use ↑ ↓ and Enter, or press the scale.`}
      </p>
    </>
  );
}

const zooms: { zoom: Zoom; label: string }[] = [
  { zoom: 'fit', label: 'Fitted to the window' },
  { zoom: 'pixels', label: 'True pixels' },
];

const fixedWords: Record<Zoom, string> = {
  fit: 'Images are shown whole, made smaller where the window is. Make the window as large as you can.',
  pixels:
    'Images are shown pixel by pixel. Make the window as large as you can; one that is larger can be moved.',
};

interface ZoomChoiceProps {
  zoom: Zoom;
  onZoom: (zoom: Zoom) => void;
  keyOf: (key: string) => string;
}

function ZoomChoice({ zoom, onZoom, keyOf }: ZoomChoiceProps) {
  return (
    <fieldset className={classes['choice']}>
      <legend>Images are shown</legend>
      {zooms.map((one) => (
        <label key={one.zoom}>
          <input type="radio" name="zoom" checked={zoom === one.zoom} onChange={() => onZoom(one.zoom)} />
          {one.label}
        </label>
      ))}
      <p>
        While one is fitted: hold <Keys keys={keyOf('Space')} /> for true pixels at the pointer,{' '}
        <Keys keys={keyOf('Z')} /> changes it.
      </p>
    </fieldset>
  );
}
