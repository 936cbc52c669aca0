/** The end of a study for a rater: thanks, what was given, what can be done now. */
import { useSyncExternalStore } from 'react';
import { formatCount } from '../../shared/format.ts';
import { Keys } from '../../shared/keys.tsx';
import type { RatingController } from './rating-controller.ts';
import classes from './sheet.module.css';
import type { VoteQueue } from './vote-queue.ts';

interface ThanksProps {
  controller: RatingController;
  queue: VoteQueue;
  /** Whether leaving leads to the study's page, which raters over the network do not see. */
  isOwner: boolean;
  /** The rater's own key of an action, by its default key. */
  keyOf: (key: string) => string;
  onLeave: () => void;
}

export function Thanks({ controller, queue, isOwner, keyOf, onLeave }: ThanksProps) {
  const { given } = useSyncExternalStore(controller.subscribe, controller.read);
  const { pending } = useSyncExternalStore(queue.subscribe, queue.read);
  const { unshowable, isPairs } = controller;
  const { done, total } = controller.countItems();
  return (
    <div className={classes['sheet']} data-testid="thanks">
      <h1>Thank you, {controller.session.raterName}</h1>
      <p>
        {formatCount(done)} of {formatCount(total)} {isPairs ? 'pairs' : 'images'} have all your answers.
        {given === 0 ? '' : ` You gave ${formatCount(given)} votes in this sitting.`}
      </p>
      {unshowable === 0 ? null : (
        <p>
          {unshowable === 1 ? 'One image' : `${unshowable} images`} could not be shown. Open the study again
          once the files are back.
        </p>
      )}
      <p aria-live="polite">
        {pending.length === 0 ? 'Every vote is stored.' : 'The last votes are being stored…'}
      </p>
      <div className={classes['buttons']}>
        {/* biome-ignore lint/a11y/noAutofocus: the next step */}
        <button type="button" className={classes['button']} autoFocus onClick={onLeave}>
          {isOwner ? 'To the study' : 'Done'} <Keys keys="Enter" />
        </button>
        <button type="button" className={classes['button']} onClick={() => controller.goBack()}>
          Correct the last vote <Keys keys={keyOf('Backspace')} />
        </button>
      </div>
    </div>
  );
}
