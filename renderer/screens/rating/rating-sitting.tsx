/** One sitting from the instructions to the thanks, and the keys that drive it. */
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { useLocation } from 'wouter';
import type { RatingSession } from '../../../contract/studies.ts';
import { client } from '../../api/client.ts';
import { ShortcutOverlay } from '../../shell/shortcut-overlay.tsx';
import { useListedShortcuts } from '../../shell/shortcuts.ts';
import { DecodeAhead } from './decode-ahead.ts';
import { Instructions } from './instructions.tsx';
import { QueueProblem } from './queue-problem.tsx';
import classes from './rating.module.css';
import { RatingController } from './rating-controller.ts';
import { RatingFoot } from './rating-foot.tsx';
import { listKeys } from './rating-keys.ts';
import { openQueue } from './send-votes.ts';
import { Stage, type Zoom } from './stage.tsx';
import { Thanks } from './thanks.tsx';
import { UnshowableImage } from './unshowable-image.tsx';
import { useRatingKeys } from './use-rating-keys.ts';
import type { VoteQueue } from './vote-queue.ts';

interface Sitting {
  controller: RatingController;
  queue: VoteQueue;
  images: DecodeAhead;
}

function openSitting(session: RatingSession): Sitting {
  const images = new DecodeAhead();
  const queue = openQueue(session.studyId, session.raterName);
  const tools = { images, queue, now: () => performance.now(), newKey: () => crypto.randomUUID() };
  return { images, queue, controller: new RatingController(session, tools) };
}

export function RatingSitting({ session }: { session: RatingSession }) {
  const [{ controller, queue, images }] = useState(() => openSitting(session));
  const state = useSyncExternalStore(controller.subscribe, controller.read);
  const { problem } = useSyncExternalStore(queue.subscribe, queue.read);
  const [zoom, setZoom] = useState<Zoom>('fit');
  const [helpIsOpen, setHelpIsOpen] = useState(false);
  const leave = useLeave(session, queue);
  const onPainted = useCallback((imageId: number) => controller.notePainted(imageId), [controller]);
  useEffect(() => () => images.close(), [images]);
  const actions = {
    leave,
    toggleZoom: () => setZoom((known) => (known === 'fit' ? 'actual' : 'fit')),
    help: () => setHelpIsOpen(true),
  };
  useRatingKeys(controller, actions, helpIsOpen || problem !== null);
  useListedShortcuts(listKeys(session.design));
  return (
    <main className={classes['surface']}>
      {state.phase === 'instructions' ? <Instructions controller={controller} onLeave={leave} /> : null}
      {state.phase === 'done' ? <Thanks controller={controller} queue={queue} onLeave={leave} /> : null}
      {state.phase === 'rating' ? (
        <>
          <Stage
            bitmap={state.bitmap}
            imageId={controller.presentation?.imageId ?? null}
            zoom={zoom}
            onPainted={onPainted}
          />
          <RatingFoot controller={controller} queue={queue} zoom={zoom} actions={actions} />
        </>
      ) : null}
      {state.imageProblem === null ? null : (
        <UnshowableImage controller={controller} problem={state.imageProblem} />
      )}
      {problem === null ? null : <QueueProblem queue={queue} problem={problem} />}
      {/* Closed after the key press is over, so that the Escape that closes it does not leave the sitting as well. */}
      <ShortcutOverlay opened={helpIsOpen} onClose={() => setTimeout(() => setHelpIsOpen(false))} />
    </main>
  );
}

/** Leaves once every vote is stored; where one is not, the rater is told and stays. */
function useLeave(session: RatingSession, queue: VoteQueue): () => void {
  const [, navigate] = useLocation();
  async function leave(): Promise<void> {
    if (!(await queue.flush())) return;
    // A sitting that cannot be closed is only one without an end time; its votes are stored.
    await client.rating.close({ sessionId: session.sessionId }).catch(() => undefined);
    navigate(`/studies/${session.studyId}`);
  }
  return () => void leave();
}
