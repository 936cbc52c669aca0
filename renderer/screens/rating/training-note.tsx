/** During the training: that nothing counts, and what the last answer was. */
import type { PairChoice } from '../../../contract/studies.ts';
import classes from './rating.module.css';
import type { RatingState } from './rating-controller.ts';
import { formatVote } from './scale-keys.ts';

const choiceWords: Record<PairChoice, string> = {
  left: 'A, the left one',
  right: 'B, the right one',
  tie: 'a tie',
  skip: 'skip',
};

export function TrainingNote({ practised }: Pick<RatingState, 'practised'>) {
  return (
    <p className={classes['training']} role="status" data-testid="training">
      <b>Training: answers do not count.</b> {practised === null ? '' : describe(practised)}
    </p>
  );
}

function describe({ dimension, answer }: NonNullable<RatingState['practised']>): string {
  const said = typeof answer === 'string' ? choiceWords[answer] : formatVote(dimension.scale, answer);
  return `Your last answer on ${dimension.label.toLowerCase()} was ${said}.`;
}
