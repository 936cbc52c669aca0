/** The rating surface at `/rate/:studyId?rater=…`: asks who rates, sends what an earlier page left, opens the sitting. */
import { useEffect, useState } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import type { RatingSession } from '../../../contract/studies.ts';
import { client } from '../../api/client.ts';
import { readRaterName, rememberRaterName } from '../../shared/rater-name.ts';
import { errorMessage } from '../../shared/show-error.ts';
import classes from './rating.module.css';
import { RatingSitting } from './rating-sitting.tsx';
import { countLeft, discardLeft, sendLeft } from './send-votes.ts';

export function RatingScreen({ studyId }: { studyId: number }) {
  const [search, setSearch] = useSearchParams();
  const rater = search.get('rater')?.trim() ?? '';
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
  return <Opening key={`${studyId} ${rater}`} studyId={studyId} rater={rater} />;
}

function AskName({ onName }: { onName: (name: string) => void }) {
  const [name, setName] = useState(readRaterName);
  return (
    <main className={classes['surface']}>
      <form
        className={classes['sheet']}
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
            className={classes['field']}
            maxLength={120}
            value={name}
            // biome-ignore lint/a11y/noAutofocus: the only thing to do here
            autoFocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
        </label>
        <div className={classes['buttons']}>
          <button type="submit" className={classes['button']} disabled={name.trim() === ''}>
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
}

type Opened = { session: RatingSession } | { problem: string };

function Opening({ studyId, rater }: OpeningProps) {
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
  if ('session' in opened) return <RatingSitting session={opened.session} />;
  return (
    <CannotOpen
      studyId={studyId}
      rater={rater}
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

function CannotOpen({ studyId, rater, problem, onRetry }: CannotOpenProps) {
  const [, navigate] = useLocation();
  const left = countLeft(studyId, rater);
  return (
    <main className={classes['surface']}>
      <div className={classes['sheet']} role="alert">
        <h1>Rating cannot begin</h1>
        <p>{problem}</p>
        {left === 0 ? null : (
          <p>
            {left === 1 ? 'One vote' : `${left} votes`} of an earlier sitting could not be stored and are kept
            in this browser.
          </p>
        )}
        <div className={classes['buttons']}>
          <button type="button" className={classes['button']} onClick={onRetry}>
            Try again
          </button>
          {left === 0 ? null : (
            <button
              type="button"
              className={classes['button']}
              onClick={() => {
                discardLeft(studyId, rater);
                onRetry();
              }}
            >
              Discard them and rate these images again
            </button>
          )}
          <button type="button" className={classes['button']} onClick={() => navigate('/studies')}>
            Leave
          </button>
        </div>
      </div>
    </main>
  );
}
