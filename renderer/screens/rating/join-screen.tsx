/** The way in over the network: a code, a name where the code is for everybody, and on to the study. */
import { type FormEvent, useState } from 'react';
import { useLocation } from 'wouter';
import type { Joined } from '../../../contract/access.ts';
import { client, queryClient } from '../../api/client.ts';
import { errorMessage } from '../../shared/show-error.ts';
import classes from './rating.module.css';
import sheet from './sheet.module.css';

export function JoinScreen({ code: given }: { code: string }) {
  const [joined, setJoined] = useState<Joined | null>(null);
  const [, navigate] = useLocation();
  function enter({ role, studyId }: Joined): void {
    // Everything that was asked as a guest is asked again.
    queryClient.clear();
    navigate(role === 'owner' ? '/' : `/rate/${studyId}`);
  }
  return (
    <main className={classes['surface']}>
      {joined === null ? (
        <JoinForm
          given={given}
          onJoined={(answer, wasNamed) => {
            if (wasNamed && answer.ownCode !== null) setJoined(answer);
            else enter(answer);
          }}
        />
      ) : (
        <OwnCode joined={joined} onGoOn={() => enter(joined)} />
      )}
    </main>
  );
}

interface JoinFormProps {
  given: string;
  onJoined: (joined: Joined, wasNamed: boolean) => void;
}

function JoinForm({ given, onJoined }: JoinFormProps) {
  const [code, setCode] = useState(given);
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  async function join(): Promise<void> {
    setIsBusy(true);
    try {
      const raterName = name.trim();
      const joined = await client.access.join({ code, ...(raterName === '' ? {} : { raterName }) });
      onJoined(joined, raterName !== '');
    } catch (thrown) {
      setProblem(errorMessage(thrown));
    }
    setIsBusy(false);
  }
  function submit(event: FormEvent): void {
    event.preventDefault();
    void join();
  }
  return (
    <form className={sheet['sheet']} onSubmit={submit}>
      <h1>Join a study</h1>
      <label>
        Your code
        <input
          className={sheet['field']}
          value={code}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          // biome-ignore lint/a11y/noAutofocus: the only thing to do here
          autoFocus={given === ''}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
      </label>
      <label className={sheet['gap']}>
        Your name, where the code is for everybody
        <input
          className={sheet['field']}
          value={name}
          maxLength={120}
          autoComplete="nickname"
          onChange={(event) => setName(event.currentTarget.value)}
        />
      </label>
      {problem === null ? null : (
        <p className={sheet['gap']} role="alert">
          {problem}
        </p>
      )}
      <div className={sheet['buttons']}>
        <button type="submit" className={sheet['button']} disabled={isBusy || code.trim() === ''}>
          Join
        </button>
      </div>
    </form>
  );
}

function OwnCode({ joined, onGoOn }: { joined: Joined; onGoOn: () => void }) {
  return (
    <div className={sheet['sheet']} data-testid="own-code">
      <h1>Welcome, {joined.raterName}</h1>
      <p>With this code of your own you can go on later, or in another browser. Write it down:</p>
      <p className={sheet['code']}>{joined.ownCode}</p>
      <div className={sheet['buttons']}>
        {/* biome-ignore lint/a11y/noAutofocus: the next step */}
        <button type="button" className={sheet['button']} autoFocus onClick={onGoOn}>
          Go on
        </button>
      </div>
    </div>
  );
}
