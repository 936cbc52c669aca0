/** Below the image: the prompt where the question is about it, the question, the scale, and how far the sitting is. */
import { useSyncExternalStore } from 'react';
import { formatCount } from '../../shared/format.ts';
import { Keys } from '../../shared/keys.tsx';
import classes from './rating.module.css';
import type { RatingController } from './rating-controller.ts';
import { releaseFocus } from './release-focus.ts';
import { ScaleButtons } from './scale-buttons.tsx';
import type { Zoom } from './stage.tsx';
import { formatTimeLeft } from './time-left.ts';
import type { RatingActions } from './use-rating-keys.ts';
import { mostPending, type VoteQueue } from './vote-queue.ts';

interface RatingFootProps {
  controller: RatingController;
  queue: VoteQueue;
  zoom: Zoom;
  actions: RatingActions;
}

export function RatingFoot({ controller, queue, zoom, actions }: RatingFootProps) {
  const { place, entry, timeLeftMs, isWaiting } = useSyncExternalStore(controller.subscribe, controller.read);
  const { dimension, presentation, session } = controller;
  if (place === null || dimension === null || presentation === null)
    return <div className={classes['foot']} />;
  const parts = [
    `${formatCount(place.item + 1)} of ${formatCount(session.presentations.length)}`,
    ...(timeLeftMs === null ? [] : [formatTimeLeft(timeLeftMs)]),
  ];
  const asksAboutPrompts = session.design.dimensions.some(({ showsPrompt }) => showsPrompt);
  return (
    <div className={classes['foot']}>
      {asksAboutPrompts ? (
        <PromptLine text={dimension.showsPrompt ? (presentation.prompt ?? 'No prompt is known.') : null} />
      ) : null}
      <div>
        <div className={classes['status']} data-testid="progress">
          {parts.join(' · ')}
        </div>
        <SavedState queue={queue} isWaiting={isWaiting} />
      </div>
      <div className={classes['centre']}>
        <p className={classes['question']} aria-live="polite" data-testid="question">
          {dimension.question === '' ? dimension.label : dimension.question}
        </p>
        <ScaleButtons
          dimension={dimension}
          entry={entry}
          given={presentation.votes[dimension.key] ?? null}
          onVote={(value) => controller.vote(value)}
        />
      </div>
      <Tools zoom={zoom} actions={actions} onBack={() => controller.goBack()} />
    </div>
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

function SavedState({ queue, isWaiting }: { queue: VoteQueue; isWaiting: boolean }) {
  const { pending, saved } = useSyncExternalStore(queue.subscribe, queue.read);
  return (
    <div className={classes['saved']} data-testid="saved" data-pending={pending.length} data-saved={saved}>
      {describeSaved(pending.length, saved)}
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

interface ToolsProps {
  zoom: Zoom;
  actions: RatingActions;
  onBack: () => void;
}

function Tools({ zoom, actions, onBack }: ToolsProps) {
  const tools = [
    { label: 'Back', keys: 'Backspace', run: onBack },
    { label: zoom === 'fit' ? 'True pixels' : 'Fit', keys: 'Z', run: actions.toggleZoom },
    { label: 'Keys', keys: '?', run: actions.help },
    { label: 'Leave', keys: 'Escape', run: actions.leave },
  ];
  return (
    <div className={classes['tools']}>
      {tools.map(({ label, keys, run }) => (
        <button
          key={keys}
          type="button"
          className={classes['tool']}
          onClick={(event) => {
            releaseFocus(event.currentTarget, event.detail);
            run();
          }}
        >
          {label} <Keys keys={keys} />
        </button>
      ))}
    </div>
  );
}
