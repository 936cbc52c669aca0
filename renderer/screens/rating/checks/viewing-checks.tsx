/** The optional checks before a sitting, one after another: distance, acuity, colour vision, brightness. Results are kept, nobody is sent away. */
import { useState } from 'react';
import { Keys } from '../../../shared/keys.tsx';
import type { RatingController } from '../rating-controller.ts';
import classes from '../sheet.module.css';
import { AcuityStep } from './acuity-step.tsx';
import { BrightnessStep } from './brightness-step.tsx';
import type { CheckResult } from './check-result.ts';
import { ColourStep } from './colour-step.tsx';
import { DistanceStep } from './distance-step.tsx';
import type { Viewing } from './optotype.ts';

interface ViewingChecksProps {
  controller: RatingController;
  onDone: () => void;
}

const steps = ['distance', 'acuity', 'colour', 'brightness', 'end'] as const;

export function ViewingChecks({ controller, onDone }: ViewingChecksProps) {
  const [at, setAt] = useState(0);
  const [viewing, setViewing] = useState<Viewing | null>(null);
  const [results, setResults] = useState<CheckResult[]>([]);
  function keep(result: CheckResult): void {
    controller.note({ kind: 'check', at: Date.now(), durationMs: 0, detail: result });
    setResults((known) => [...known, result]);
    setAt((known) => known + 1);
  }
  const step = steps[at]!;
  return (
    <div className={classes['sheet']} data-testid={`check-${step}`}>
      {step === 'distance' ? (
        <DistanceStep
          onDone={(measured, result) => {
            setViewing(measured);
            keep(result);
          }}
        />
      ) : null}
      {step === 'acuity' && viewing !== null ? <AcuityStep viewing={viewing} onDone={keep} /> : null}
      {step === 'colour' ? <ColourStep onDone={keep} /> : null}
      {step === 'brightness' ? <BrightnessStep onDone={keep} /> : null}
      {step === 'end' ? <Results results={results} /> : null}
      <div className={classes['buttons']}>
        <button
          key={step}
          type="button"
          className={classes['button']}
          // biome-ignore lint/a11y/noAutofocus: the next step
          autoFocus={step === 'end'}
          onClick={onDone}
        >
          {step === 'end' ? 'To the instructions' : 'Without the checks'}{' '}
          {step === 'end' ? <Keys keys="Enter" /> : null}
        </button>
      </div>
    </div>
  );
}

const names: Record<CheckResult['check'], string> = {
  distance: 'Distance',
  acuity: 'Acuity',
  colour: 'Colour vision',
  brightness: 'Brightness',
};

function Results({ results }: { results: CheckResult[] }) {
  return (
    <>
      <h1>Thank you</h1>
      <p>What was found is kept with your votes. You can rate whatever it is.</p>
      <ul>
        {results.map(({ check, passed }) => (
          <li key={check}>
            {names[check]}: {passed ? 'passed' : 'not passed'}
          </li>
        ))}
      </ul>
    </>
  );
}
