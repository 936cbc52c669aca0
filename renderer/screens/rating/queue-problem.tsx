/** Rating has stopped because a vote could not be stored: says why, keeps everything, offers to try again. */
import { useState, useSyncExternalStore } from 'react';
import classes from './sheet.module.css';
import type { VoteQueue } from './vote-queue.ts';

export function QueueProblem({ queue, problem }: { queue: VoteQueue; problem: string }) {
  const { pending } = useSyncExternalStore(queue.subscribe, queue.read);
  const [isAsking, setIsAsking] = useState(false);
  const votes = pending.length === 1 ? 'The last vote is' : `The last ${pending.length} votes are`;
  return (
    <div className={classes['cover']}>
      <div
        className={classes['sheet']}
        role="alertdialog"
        aria-modal="true"
        aria-label="Votes are not stored"
      >
        <h1>{votes} not stored yet</h1>
        <p>{problem}</p>
        <p>
          Nothing is lost: they are kept in this browser and are sent again, each once, when you try again or
          open the study later.
        </p>
        <div className={classes['buttons']}>
          {/* biome-ignore lint/a11y/noAutofocus: the next step */}
          <button type="button" className={classes['button']} autoFocus onClick={() => void queue.flush()}>
            Try again
          </button>
          {isAsking ? (
            <button
              type="button"
              className={classes['button']}
              onClick={() => {
                queue.discard();
                window.location.reload();
              }}
            >
              Yes, discard {pending.length === 1 ? 'it' : 'them'}
            </button>
          ) : (
            <button type="button" className={classes['button']} onClick={() => setIsAsking(true)}>
              Discard and rate again…
            </button>
          )}
        </div>
      </div>
    </div>
  );
}
