/** Below the image: the prompt where the question is about it, the question, the scale, and how far the sitting is. */
import { useSyncExternalStore } from 'react';
import { formatCount } from '../../shared/format.ts';
import { Keys } from '../../shared/keys.tsx';
import classes from './foot.module.css';
import { PairButtons } from './pair-buttons.tsx';
import type { RatingController } from './rating-controller.ts';
import { releaseFocus } from './release-focus.ts';
import { ScaleButtons } from './scale-buttons.tsx';
import { formatTimeLeft } from './time-left.ts';
import type { RatingActions } from './use-rating-keys.ts';
import { mostPending, type VoteQueue } from './vote-queue.ts';
import type { Zoom } from './zoom.ts';

interface RatingFootProps {
  controller: RatingController;
  queue: VoteQueue;
  zoom: Zoom;
  actions: RatingActions;
  /** The key that an action has now, by its default key. */
  keyOf: (key: string) => string;
}

export function RatingFoot({ controller, queue, zoom, actions, keyOf }: RatingFootProps) {
  const state = useSyncExternalStore(controller.subscribe, controller.read);
  const { dimension, item, session } = controller;
  if (dimension === null || item === null) return <div className={classes['foot']} />;
  const asksAboutPrompts = session.design.dimensions.some(({ showsPrompt }) => showsPrompt);
  return (
    <div className={classes['foot']}>
      {asksAboutPrompts ? (
        <PromptLine text={dimension.showsPrompt ? (item.prompt ?? 'No prompt is known.') : null} />
      ) : null}
      <div className={classes['where']}>
        <div className={classes['status']} data-testid="progress">
          <Progress controller={controller} timeLeftMs={state.timeLeftMs} isTraining={state.isTraining} />
        </div>
        <SavedState queue={queue} isWaiting={state.isWaiting} isTraining={state.isTraining} />
      </div>
      <div className={classes['centre']}>
        <p className={classes['question']} aria-live="polite" data-testid="question">
          {dimension.question === '' ? dimension.label : dimension.question}
        </p>
        <AnswerButtons controller={controller} keyOf={keyOf} />
      </div>
      <Tools zoom={zoom} actions={actions} keyOf={keyOf} onBack={() => controller.goBack()} />
    </div>
  );
}

interface ProgressProps {
  controller: RatingController;
  timeLeftMs: number | null;
  isTraining: boolean;
}

function Progress({ controller, timeLeftMs, isTraining }: ProgressProps) {
  const { at, of } = controller.readProgress();
  const parts = [
    `${isTraining ? 'Training ' : ''}${formatCount(at)} of ${formatCount(of)}`,
    ...(timeLeftMs === null ? [] : [formatTimeLeft(timeLeftMs)]),
  ];
  return parts.join(' · ');
}

function AnswerButtons({ controller, keyOf }: Pick<RatingFootProps, 'controller' | 'keyOf'>) {
  const { entry } = useSyncExternalStore(controller.subscribe, controller.read);
  const dimension = controller.dimension!;
  const given = controller.item!.votes[dimension.key] ?? null;
  if (controller.isPairs) {
    return (
      <PairButtons
        label={dimension.label}
        rules={controller.session.rules}
        given={typeof given === 'string' ? given : null}
        keyOf={keyOf}
        onChoose={(choice) => controller.vote(choice)}
      />
    );
  }
  return (
    <ScaleButtons
      dimension={dimension}
      entry={entry}
      given={typeof given === 'number' ? given : null}
      keyOf={keyOf}
      onVote={(value) => controller.vote(value)}
      onMove={(value) => controller.move(value)}
    />
  );
}

/** Keeps its place while it is empty, so that the image does not move between questions. */
function PromptLine({ text }: { text: string | null }) {
  return (
    <div className={classes['prompt']} data-testid="prompt" tabIndex={text === null ? undefined : 0}>
      {text}
    </div>
  );
}

interface SavedStateProps {
  queue: VoteQueue;
  isWaiting: boolean;
  isTraining: boolean;
}

function SavedState({ queue, isWaiting, isTraining }: SavedStateProps) {
  const { pending, saved } = useSyncExternalStore(queue.subscribe, queue.read);
  return (
    <div className={classes['saved']} data-testid="saved" data-pending={pending.length} data-saved={saved}>
      {isTraining ? 'nothing is stored' : describeSaved(pending.length, saved)}
      {isWaiting ? ' · next image on its way' : ''}
    </div>
  );
}

function describeSaved(pending: number, saved: number): string {
  if (pending >= mostPending) return 'Waiting until the votes are stored…';
  if (pending > 1) return `${pending} votes are being stored…`;
  if (pending === 1) return 'storing…';
  return saved > 0 ? 'all votes stored' : '';
}

interface ToolsProps extends Pick<RatingFootProps, 'zoom' | 'actions' | 'keyOf'> {
  onBack: () => void;
}

function Tools({ zoom, actions, keyOf, onBack }: ToolsProps) {
  const tools = [
    { label: 'Back', key: 'Backspace', run: onBack },
    ...(actions.toggleZoom === null
      ? []
      : [{ label: zoom === 'fit' ? 'True pixels' : 'Fit', key: 'Z', run: actions.toggleZoom }]),
    { label: 'Keys', key: '?', run: actions.help },
    { label: 'Leave', key: 'Escape', run: actions.leave },
  ];
  return (
    <div className={classes['tools']}>
      {tools.map(({ label, key, run }) => (
        <button
          key={key}
          type="button"
          className={classes['tool']}
          onClick={(event) => {
            releaseFocus(event.currentTarget, event.detail);
            run();
          }}
        >
          {label} <Keys keys={keyOf(key)} />
        </button>
      ))}
    </div>
  );
}
