/** The choice between two images as buttons with their keys. */
import type { PairChoice, RatingSession } from '../../../contract/studies.ts';
import { Keys } from '../../shared/keys.tsx';
import classes from './foot.module.css';
import { allowsChoice, pairKeys } from './pair-keys.ts';
import { releaseFocus } from './release-focus.ts';

interface PairButtonsProps {
  label: string;
  rules: RatingSession['rules'];
  /** The rater's own choice, where there is one already. */
  given: PairChoice | null;
  keyOf: (key: string) => string;
  onChoose: (choice: PairChoice) => void;
}

export function PairButtons({ label, rules, given, keyOf, onChoose }: PairButtonsProps) {
  return (
    <fieldset className={classes['scale']} aria-label={label}>
      {pairKeys
        .filter(({ choice }) => allowsChoice(choice, rules))
        .map(({ key, choice, label: word }) => (
          <button
            key={choice}
            type="button"
            className={classes['level']}
            data-levels={4}
            aria-pressed={given === choice}
            aria-keyshortcuts={keyOf(key)}
            onClick={(event) => {
              releaseFocus(event.currentTarget, event.detail);
              onChoose(choice);
            }}
          >
            {word} <Keys keys={keyOf(key)} />
          </button>
        ))}
    </fieldset>
  );
}
