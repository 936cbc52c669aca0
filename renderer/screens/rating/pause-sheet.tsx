/** Between two items: the training is over, a break is offered, or the sitting has reached its cap. */
import { Keys } from '../../shared/keys.tsx';
import type { Phase, RatingController } from './rating-controller.ts';
import classes from './sheet.module.css';

interface PauseSheetProps {
  controller: RatingController;
  phase: Extract<Phase, 'trained' | 'break' | 'over'>;
  /** The rater's own key of an action, by its default key. */
  keyOf: (key: string) => string;
  onLeave: () => void;
}

export function PauseSheet({ controller, phase, keyOf, onLeave }: PauseSheetProps) {
  const { title, words } = describe(controller, phase);
  const isOver = phase === 'over';
  return (
    <div className={classes['sheet']} data-testid={`pause-${phase}`}>
      <h1>{title}</h1>
      {words.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <div className={classes['buttons']}>
        {isOver ? null : (
          // biome-ignore lint/a11y/noAutofocus: the next step
          <button type="button" className={classes['button']} autoFocus onClick={() => controller.begin()}>
            {phase === 'trained' ? 'Begin' : 'Go on'} <Keys keys="Enter" />
          </button>
        )}
        {/* biome-ignore lint/a11y/noAutofocus: the only step */}
        <button type="button" className={classes['button']} autoFocus={isOver} onClick={onLeave}>
          Leave <Keys keys={isOver ? 'Enter' : keyOf('Escape')} />
        </button>
      </div>
    </div>
  );
}

function describe(
  controller: RatingController,
  phase: PauseSheetProps['phase'],
): { title: string; words: string[] } {
  const { done, total } = controller.countItems();
  const progress = `${done} of ${total} are done; every answer is kept.`;
  switch (phase) {
    case 'trained':
      return {
        title: 'The training is over',
        words: ['None of those answers was stored. From now on your answers count.'],
      };
    case 'break':
      return {
        title: 'Time for a break',
        words: [progress, 'Look into the distance for a while. No viewing time is counted until you go on.'],
      };
    case 'over':
      return {
        title: 'This sitting is over',
        words: [progress, 'Tired eyes judge differently. Open the study again after a rest to go on.'],
      };
  }
}
