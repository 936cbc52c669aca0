/** In place of an image that cannot be shown: why, and the way on. Nobody votes on what they have not seen. */

import type { RatingController } from './rating-controller.ts';
import classes from './sheet.module.css';

export function UnshowableImage({ controller, problem }: { controller: RatingController; problem: string }) {
  return (
    <div className={classes['cover']}>
      <div className={classes['sheet']} role="alertdialog" aria-label="This image cannot be shown">
        <h1>This image cannot be shown</h1>
        <p>{problem}</p>
        <div className={classes['buttons']}>
          <button type="button" className={classes['button']} onClick={() => controller.retryImage()}>
            Try again
          </button>
          {/* biome-ignore lint/a11y/noAutofocus: the next step */}
          <button type="button" className={classes['button']} autoFocus onClick={() => controller.skip()}>
            Go on without it
          </button>
        </div>
      </div>
    </div>
  );
}
