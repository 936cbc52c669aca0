/** Colour plates: which digit is seen? */
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { digitOf } from '../scale-keys.ts';
import classes from '../sheet.module.css';
import { type CheckResult, judgeColour } from './check-result.ts';
import { drawPlate, type Plate } from './colour-plate.ts';

/** Digits that are not mistaken for each other when some dots are missed. */
const digits = [2, 3, 4, 5, 6, 7, 8, 9];
const kinds: Plate['kind'][] = ['control', 'protan', 'deutan', 'protan', 'deutan', 'tritan'];
const sidePx = 340;

function drawLots(): Plate[] {
  return kinds.map((kind) => ({
    kind,
    digit: digits[Math.floor(Math.random() * digits.length)]!,
    seed: Math.floor(Math.random() * 2 ** 32),
  }));
}

export function ColourStep({ onDone }: { onDone: (result: CheckResult) => void }) {
  const [plates] = useState(drawLots);
  const [answers, setAnswers] = useState<{ kind: string; isRight: boolean }[]>([]);
  const plate = plates[answers.length];
  function answer(digit: number | null): void {
    if (plate === undefined) return;
    const given = [...answers, { kind: plate.kind, isRight: digit === plate.digit }];
    if (given.length === plates.length) onDone(judgeColour(given));
    setAnswers(given);
  }
  useDigitKeys(answer);
  if (plate === undefined) return null;
  return (
    <>
      <h1>Colour vision</h1>
      <p>
        Which digit do you see? Plate {answers.length + 1} of {plates.length}.
      </p>
      <PlateCanvas plate={plate} />
      <div className={classes['buttons']}>
        {digits.map((digit) => (
          <button key={digit} type="button" className={classes['button']} onClick={() => answer(digit)}>
            {digit}
          </button>
        ))}
        <button type="button" className={classes['button']} onClick={() => answer(null)}>
          none
        </button>
      </div>
    </>
  );
}

function PlateCanvas({ plate }: { plate: Plate }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context != null) drawPlate(context, sidePx, plate);
  }, [plate]);
  return (
    <canvas
      ref={canvas}
      className={classes['plate']}
      width={sidePx}
      height={sidePx}
      role="img"
      aria-label="A plate of coloured dots"
    />
  );
}

function useDigitKeys(answer: (digit: number | null) => void): void {
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      const digit = digitOf(event);
      if (digit === null || event.repeat) return;
      event.preventDefault();
      answer(Number(digit));
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });
}
