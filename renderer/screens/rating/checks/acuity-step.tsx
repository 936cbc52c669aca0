/** Landolt rings at the finest size that the screen can show: where is the gap? */
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Keys } from '../../../shared/keys.tsx';
import classes from '../sheet.module.css';
import { acuityLimit, type CheckResult, judgeAcuity, ringsShown } from './check-result.ts';
import { drawRing, finestStep, type Gap, gapPixels, gaps, type Viewing } from './optotype.ts';

interface AcuityStepProps {
  viewing: Viewing;
  onDone: (result: CheckResult) => void;
}

const words: Record<Gap, string> = {
  ArrowUp: 'up',
  ArrowRight: 'right',
  ArrowDown: 'down',
  ArrowLeft: 'left',
};

export function AcuityStep({ viewing, onDone }: AcuityStepProps) {
  const logMar = chooseStep(viewing);
  const [rings] = useState(() =>
    Array.from({ length: ringsShown }, () => gaps[Math.floor(Math.random() * 4)]!),
  );
  const [at, setAt] = useState(0);
  const [correct, setCorrect] = useState(0);
  const gap = rings[at]!;
  function answer(given: Gap): void {
    const right = correct + (given === gap ? 1 : 0);
    setCorrect(right);
    if (at + 1 === rings.length) onDone(judgeAcuity(right, logMar));
    else setAt(at + 1);
  }
  useGapKeys(answer);
  return (
    <>
      <h1>Acuity</h1>
      <p>
        With the glasses you rate with: on which side is the gap of the ring? Guess where you cannot tell.
        {` Ring ${at + 1} of ${rings.length}.`}
      </p>
      <Ring gap={gap} gapPx={gapPixels(logMar, viewing)} />
      <div className={classes['buttons']}>
        {gaps.map((one) => (
          <button key={one} type="button" className={classes['button']} onClick={() => answer(one)}>
            {words[one]} <Keys keys={one} />
          </button>
        ))}
      </div>
    </>
  );
}

/** At the limit of ITU-T P.913 where the screen can show it, else at the finest that it can. */
function chooseStep(viewing: Viewing): number {
  const finest = finestStep(viewing) ?? 0.5;
  return Math.max(finest, acuityLimit);
}

function Ring({ gap, gapPx }: { gap: Gap; gapPx: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const ratio = window.devicePixelRatio;
  const side = Math.max(Math.round(120 * ratio), Math.ceil(gapPx * 8));
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context != null) drawRing(context, side, { gap, gapPx });
  }, [gap, gapPx, side]);
  return (
    <canvas
      ref={canvas}
      width={side}
      height={side}
      style={{ width: side / ratio, height: side / ratio }}
      role="img"
      aria-label="A ring with a gap"
    />
  );
}

function useGapKeys(answer: (gap: Gap) => void): void {
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      const gap = gaps.find((one) => one === event.key);
      if (gap === undefined || event.repeat) return;
      event.preventDefault();
      answer(gap);
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });
}
