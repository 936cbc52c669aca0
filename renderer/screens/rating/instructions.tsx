/** What a rater reads before the first image of a sitting. */
import type { Dimension } from '../../../contract/studies.ts';
import { formatCount } from '../../shared/format.ts';
import { Keys } from '../../shared/keys.tsx';
import classes from './rating.module.css';
import type { RatingController } from './rating-controller.ts';

interface InstructionsProps {
  controller: RatingController;
  onLeave: () => void;
}

export function Instructions({ controller, onLeave }: InstructionsProps) {
  const { studyName, raterName, design, presentations } = controller.session;
  const done = controller.countDone();
  const total = formatCount(presentations.length);
  return (
    <div className={classes['sheet']}>
      <h1>{studyName}</h1>
      <p>
        {done === 0
          ? `${raterName}, you will see ${total} images, one after another.`
          : `${raterName}, welcome back. ${formatCount(done)} of ${total} images are done; you go on with the next.`}{' '}
        There is no right or wrong answer: give your own impression. A vote can be corrected with Backspace.
      </p>
      {design.instructions === '' ? null : <p className={classes['words']}>{design.instructions}</p>}
      {design.dimensions.map((dimension) => (
        <DimensionWords key={dimension.key} dimension={dimension} />
      ))}
      <div className={classes['buttons']}>
        {/* biome-ignore lint/a11y/noAutofocus: Enter begins; nothing else is to be done here */}
        <button type="button" className={classes['button']} autoFocus onClick={() => controller.begin()}>
          {done === 0 ? 'Begin' : 'Go on'} <Keys keys="Enter" />
        </button>
        <button type="button" className={classes['button']} onClick={onLeave}>
          Leave <Keys keys="Escape" />
        </button>
      </div>
    </div>
  );
}

function DimensionWords({ dimension }: { dimension: Dimension }) {
  const { label, question, scale, showsPrompt } = dimension;
  return (
    <>
      <h2>{label}</h2>
      <p>
        {question}
        {showsPrompt ? ' The text the image was made from is shown below it.' : ''}
        <br />
        {scale.kind === 'acr'
          ? scale.words.map((word, at) => `${at + 1} ${word}`).join(' · ')
          : `${scale.min} (worst) to ${scale.max} (best): type two digits, 3 7 for 3.7, or use ↑ ↓ and Enter.`}
      </p>
    </>
  );
}
