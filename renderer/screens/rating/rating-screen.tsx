/** The rating surface at `/rate/:studyId?rater=…`: asks who rates, sends what an earlier page left, opens the sitting. */
import { useEffect, useState } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import type { RatingSession } from '../../../contract/studies.ts';
import { client } from '../../api/client.ts';
import { readRaterName, rememberRaterName } from '../../shared/rater-name.ts';
import { errorMessage } from '../../shared/show-error.ts';
import { JoinScreen } from './join-screen.tsx';
import classes from './rating.module.css';
import { RatingSitting } from './rating-sitting.tsx';
import { countLeft, discardLeft, sendLeft } from './send-votes.ts';
import sheet from './sheet.module.css';
import { useWho } from './who.ts';
import { readStartZoom } from './zoom.ts';

export function RatingScreen({ studyId }: { studyId: number }) {
  const [search, setSearch] = useSearchParams();
  const who = useWho();
  const rater = who?.raterName ?? search.get('rater')?.trim() ?? '';
  if (who === undefined) return <main className={classes['surface']} aria-busy="true" aria-label="Opening" />;
  if (who?.role === 'guest') return <JoinScreen code="" />;
  if (rater === '') {
    return (
      <AskName
        onName={(name) => {
          rememberRaterName(name);
          setSearch({ rater: name }, { replace: true });
        }}
      />
    );
  }
  const isOwner = who?.role !== 'rater';
  return <Opening key={`${studyId} ${rater}`} studyId={studyId} rater={rater} isOwner={isOwner} />;
}

function AskName({ onName }: { onName: (name: string) => void }) {
  const [name, setName] = useState(readRaterName);
  return (
    <main className={classes['surface']}>
      <form
        className={sheet['sheet']}
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') onName(name.trim());
        }}
      >
        <h1>Who rates?</h1>
        <p>Your votes are stored under this name. The same name goes on where it stopped.</p>
        <label>
          Your name
          <input
            className={sheet['field']}
            maxLength={120}
            value={name}
            // biome-ignore lint/a11y/noAutofocus: the only thing to do here
            autoFocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
        </label>
        <div className={sheet['buttons']}>
          <button type="submit" className={sheet['button']} disabled={name.trim() === ''}>
            Go on
          </button>
        </div>
      </form>
    </main>
  );
}

interface OpeningProps {
  studyId: number;
  rater: string;
  /** Else a rater over the network, who sees this surface only. */
  isOwner: boolean;
}

type Opened = { session: RatingSession } | { problem: string };

function Opening({ studyId, rater, isOwner }: OpeningProps) {
  const [, navigate] = useLocation();
  const [hasLeft, setHasLeft] = useState(false);
  const [opened, setOpened] = useState<Opened | null>(null);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt opens again
  useEffect(() => {
    let isGone = false;
    setOpened(null);
    void open(studyId, rater).then((answer) => {
      if (!isGone) setOpened(answer);
    });
    return () => {
      isGone = true;
    };
  }, [studyId, rater, attempt]);
  if (opened === null) return <main className={classes['surface']} aria-busy="true" aria-label="Opening" />;
  if (hasLeft) return <Left onAgain={() => window.location.reload()} />;
  const leave = () => (isOwner ? navigate(`/studies/${studyId}`) : setHasLeft(true));
  if ('session' in opened) return <RatingSitting session={opened.session} isOwner={isOwner} onLeft={leave} />;
  return (
    <CannotOpen
      studyId={studyId}
      rater={rater}
      isOwner={isOwner}
      problem={opened.problem}
      onRetry={() => setAttempt((known) => known + 1)}
    />
  );
}

async function open(studyId: number, rater: string): Promise<Opened> {
  const problem = await sendLeft(studyId, rater);
  if (problem !== null) return { problem };
  try {
    const session = await client.rating.open({
      studyId,
      raterName: rater,
      client: {
        windowWidth: window.innerWidth,
        windowHeight: window.innerHeight,
        devicePixelRatio: window.devicePixelRatio,
        userAgent: navigator.userAgent.slice(0, 400),
        zoom: readStartZoom(),
        screenWidth: window.screen.width,
        screenHeight: window.screen.height,
      },
    });
    return { session };
  } catch (thrown) {
    return { problem: errorMessage(thrown) };
  }
}

interface CannotOpenProps extends OpeningProps {
  problem: string;
  onRetry: () => void;
}

function CannotOpen({ studyId, rater, isOwner, problem, onRetry }: CannotOpenProps) {
  const [, navigate] = useLocation();
  const left = countLeft(studyId, rater);
  return (
    <main className={classes['surface']}>
      <div className={sheet['sheet']} role="alert">
        <h1>Rating cannot begin</h1>
        <p>{problem}</p>
        {left === 0 ? null : (
          <p>
            {left === 1 ? 'One vote' : `${left} votes`} of an earlier sitting could not be stored and are kept
            in this browser.
          </p>
        )}
        <div className={sheet['buttons']}>
          <button type="button" className={sheet['button']} onClick={onRetry}>
            Try again
          </button>
          {left === 0 ? null : (
            <button
              type="button"
              className={sheet['button']}
              onClick={() => {
                discardLeft(studyId, rater);
                onRetry();
              }}
            >
              Discard them and rate these images again
            </button>
          )}
          {isOwner ? (
            <button type="button" className={sheet['button']} onClick={() => navigate('/studies')}>
              Leave
            </button>
          ) : null}
        </div>
      </div>
    </main>
  );
}

/** A rater over the network has nowhere else to go. */
function Left({ onAgain }: { onAgain: () => void }) {
  return (
    <main className={classes['surface']}>
      <div className={sheet['sheet']} data-testid="left">
        <h1>Everything is stored</h1>
        <p>You can close this page. The same browser, or your code, goes on where you stopped.</p>
        <div className={sheet['buttons']}>
          <button type="button" className={sheet['button']} onClick={onAgain}>
            Go on rating
          </button>
        </div>
      </div>
    </main>
  );
}
