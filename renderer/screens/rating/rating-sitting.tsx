/** One sitting from the instructions to the thanks, and the keys that drive it. */
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { RatingSession } from '../../../contract/studies.ts';
import { client } from '../../api/client.ts';
import { DecodeAhead } from './decode-ahead.ts';
import { Instructions } from './instructions.tsx';
import { actionsOf, type KeyBindings, keepBindings, keyOfAction, readBindings } from './key-bindings.ts';
import { KeysDialog } from './keys-dialog.tsx';
import { PauseSheet } from './pause-sheet.tsx';
import { QueueProblem } from './queue-problem.tsx';
import classes from './rating.module.css';
import { RatingController } from './rating-controller.ts';
import { RatingFoot } from './rating-foot.tsx';
import { openQueue } from './send-votes.ts';
import { SittingClock } from './sitting-clock.ts';
import { Stages } from './stages.tsx';
import { Thanks } from './thanks.tsx';
import { TrainingNote } from './training-note.tsx';
import { UnshowableImage } from './unshowable-image.tsx';
import { useAttention } from './use-attention.ts';
import { useRatingKeys } from './use-rating-keys.ts';
import type { VoteQueue } from './vote-queue.ts';
import { keepStartZoom, readStartZoom, useGroupZoom, type Zoom } from './zoom.ts';

interface Sitting {
  controller: RatingController;
  queue: VoteQueue;
  images: DecodeAhead;
  clock: SittingClock;
}

function openSitting(session: RatingSession): Sitting {
  const images = new DecodeAhead();
  const now = () => performance.now();
  const clock = new SittingClock({
    now,
    wallNow: () => Date.now(),
    onPause: (pause) => {
      const { phase } = controller.read();
      if (phase === 'rating' || pause.kind === 'break') controller.note({ ...pause, detail: {} });
    },
  });
  const queue = openQueue(session.studyId, session.raterName, (receipt) => {
    if (receipt.isSittingOver === true) controller.noteSittingOver();
  });
  const controller = new RatingController(session, {
    images,
    queue,
    now,
    pausedMs: () => clock.pausedMs(),
    newKey: () => crypto.randomUUID(),
  });
  return { images, queue, clock, controller };
}

interface RatingSittingProps {
  session: RatingSession;
  isOwner: boolean;
  onLeft: () => void;
}

export function RatingSitting({ session, isOwner, onLeft }: RatingSittingProps) {
  const [{ controller, queue, images, clock }] = useState(() => openSitting(session));
  const state = useSyncExternalStore(controller.subscribe, controller.read);
  const { problem } = useSyncExternalStore(queue.subscribe, queue.read);
  const [bindings, setBindings] = useState(readBindings);
  const [isInspecting, setIsInspecting] = useState(false);
  const [helpIsOpen, setHelpIsOpen] = useState(false);
  const [startZoom, setStartZoom] = useStartZoom(controller);
  const [zoom, setZoom] = useSittingZoom(controller, startZoom);
  const leave = useLeave(session, queue, onLeft);
  const onPainted = useCallback((imageId: number) => controller.notePainted(imageId), [controller]);
  useEffect(() => () => images.close(), [images]);
  useAttention(clock, controller);
  useBreak(clock, state.phase === 'break');
  const mayZoom = session.rules?.viewing.allowsZoom !== false;
  const surface = controller.isPairs ? 'pairs' : 'scale';
  const keyOf = (key: string) => keyFor(bindings, surface, key);
  const actions = {
    leave,
    toggleZoom: mayZoom ? () => setZoom(zoom === 'fit' ? 'pixels' : 'fit') : null,
    inspect: mayZoom ? setIsInspecting : null,
    help: () => setHelpIsOpen(true),
  };
  useRatingKeys(controller, { actions, bindings, isCovered: helpIsOpen || problem !== null });
  const { phase } = state;
  return (
    <main className={classes['surface']}>
      {phase === 'instructions' ? (
        <Instructions {...{ controller, keyOf }} zoom={startZoom} onZoom={setStartZoom} onLeave={leave} />
      ) : null}
      {phase === 'done' ? <Thanks {...{ controller, queue, keyOf, isOwner }} onLeave={leave} /> : null}
      {phase === 'trained' || phase === 'break' || phase === 'over' ? (
        <PauseSheet {...{ controller, phase, keyOf }} onLeave={leave} />
      ) : null}
      {phase === 'rating' ? (
        <>
          <Stages
            item={controller.item}
            state={state}
            zoom={zoom}
            isInspecting={isInspecting}
            mayInspect={mayZoom}
            onPainted={onPainted}
          />
          {state.isTraining ? <TrainingNote practised={state.practised} /> : null}
          <RatingFoot {...{ controller, queue, zoom, actions, keyOf }} />
        </>
      ) : null}
      {state.imageProblem === null ? null : (
        <UnshowableImage controller={controller} problem={state.imageProblem} />
      )}
      {problem === null ? null : <QueueProblem queue={queue} problem={problem} />}
      <KeysDialog
        opened={helpIsOpen}
        // Closed after the key press is over, so that the Escape that closes it does not leave the sitting as well.
        onClose={() => setTimeout(() => setHelpIsOpen(false))}
        surface={surface}
        mayZoom={mayZoom}
        dimensions={session.design.dimensions}
        bindings={bindings}
        onChange={(changed) => {
          keepBindings(changed);
          setBindings(changed);
        }}
      />
    </main>
  );
}

/** The key that an action of a surface has now, by its default key. */
function keyFor(bindings: KeyBindings, surface: 'scale' | 'pairs', key: string): string {
  const action = actionsOf(surface).find((one) => one.key === key);
  return action === undefined ? key : keyOfAction(bindings, action);
}

/** How the sitting begins: as the plan says, else as the rater chooses. Null in place of a setter where it is the plan's. */
function useStartZoom(controller: RatingController): [Zoom, ((zoom: Zoom) => void) | null] {
  const [zoom, setZoom] = useState(readStartZoom);
  const size = controller.session.rules?.viewing.size ?? 'chosen';
  if (size !== 'chosen') return [size, null];
  return [
    zoom,
    (to) => {
      keepStartZoom(to);
      setZoom(to);
      controller.note({ kind: 'zoom', at: Date.now(), durationMs: 0, detail: { zoom: to, all: true } });
    },
  ];
}

/** The zoom of what is shown; a change is kept with the sitting. */
function useSittingZoom(controller: RatingController, start: Zoom): [Zoom, (zoom: Zoom) => void] {
  const { item } = controller;
  const [zoom, setZoom] = useGroupZoom(item, start);
  return [
    zoom,
    (to) => {
      setZoom(to);
      const detail = { zoom: to, ...(item?.id == null ? {} : { presentationId: item.id }) };
      controller.note({ kind: 'zoom', at: Date.now(), durationMs: 0, detail });
    },
  ];
}

function useBreak(clock: SittingClock, isBreak: boolean): void {
  useEffect(() => {
    if (!isBreak) return;
    clock.stop('break');
    return () => clock.goOn('break');
  }, [clock, isBreak]);
}

/** Leaves once every vote is stored; where one is not, the rater is told and stays. */
function useLeave(session: RatingSession, queue: VoteQueue, onLeft: () => void): () => void {
  async function leave(): Promise<void> {
    if (!(await queue.flush())) return;
    // A sitting that cannot be closed is only one without an end time; its votes are stored.
    await client.rating.close({ sessionId: session.sessionId }).catch(() => undefined);
    onLeft();
  }
  return () => void leave();
}
