/** How large the screen's pixels are, measured with a bank card, and how far away the eyes are. */
import { type FormEvent, useState } from 'react';
import classes from '../sheet.module.css';
import { type CheckResult, judgeDistance } from './check-result.ts';
import { cardHeightMm, cardWidthMm, type Viewing } from './optotype.ts';

/** CSS pixels in a millimetre, by the definition of the pixel. */
const usualPxPerMm = 96 / 25.4;
/** Beside the frame, where the window is narrow. */
const sheetMarginsPx = 120;

export function DistanceStep({ onDone }: { onDone: (viewing: Viewing, result: CheckResult) => void }) {
  // A phone is narrower than the card is long, and a frame must not be cut where it is measured by.
  const [isUpright] = useState(() => window.innerWidth < 480);
  const sideMm = isUpright ? cardHeightMm : cardWidthMm;
  const [cardPx, setCardPx] = useState(() => Math.round(usualPxPerMm * sideMm));
  const [distanceCm, setDistanceCm] = useState('');
  const distance = Number(distanceCm.replace(',', '.'));
  const isNumber = distanceCm !== '' && distance > 0;
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!isNumber) return;
    const pixelsPerMm = (cardPx / sideMm) * window.devicePixelRatio;
    const distanceMm = distance * 10;
    onDone({ pixelsPerMm, distanceMm }, judgeDistance(distanceMm, pixelsPerMm));
  }
  return (
    <form onSubmit={submit}>
      <h1>Distance</h1>
      <p>
        {isUpright
          ? 'Hold a bank card upright to the screen and make the frame as wide as its short side.'
          : 'Hold a bank card to the screen and make the frame as wide as the card.'}
      </p>
      <div className={classes['card']} style={{ width: cardPx }} />
      <label>
        Width of the frame
        <input
          type="range"
          className={classes['range']}
          min={120}
          max={Math.min(600, window.innerWidth - sheetMarginsPx)}
          value={cardPx}
          onChange={(event) => setCardPx(Number(event.currentTarget.value))}
        />
      </label>
      <label>
        Distance from your eyes to the screen, in centimetres
        <input
          className={classes['field']}
          inputMode="decimal"
          value={distanceCm}
          // biome-ignore lint/a11y/noAutofocus: the only field to fill
          autoFocus
          onChange={(event) => setDistanceCm(event.currentTarget.value)}
        />
      </label>
      <div className={classes['buttons']}>
        <button type="submit" className={classes['button']} disabled={!isNumber}>
          Go on
        </button>
      </div>
    </form>
  );
}
