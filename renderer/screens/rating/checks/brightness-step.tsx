/** Whether the screen shows the darkest and the brightest greys apart: how many patches are seen on black and on white? */
import { type FormEvent, useState } from 'react';
import classes from '../sheet.module.css';
import { type CheckResult, judgeBrightness } from './check-result.ts';

const patches = [4, 8, 12, 16, 20];

export function BrightnessStep({ onDone }: { onDone: (result: CheckResult) => void }) {
  const [dark, setDark] = useState<number | null>(null);
  const [bright, setBright] = useState<number | null>(null);
  const isComplete = dark !== null && bright !== null;
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (isComplete) onDone(judgeBrightness(dark, bright));
  }
  return (
    <form onSubmit={submit}>
      <h1>Brightness</h1>
      <p>Count the squares that you can tell from the ground they lie on.</p>
      <Patches label="Squares on black" ground={0} levels={patches} count={dark} onCount={setDark} />
      <Patches
        label="Squares on white"
        ground={255}
        levels={patches.map((level) => 255 - level)}
        count={bright}
        onCount={setBright}
      />
      <div className={classes['buttons']}>
        <button type="submit" className={classes['button']} disabled={!isComplete}>
          Go on
        </button>
      </div>
    </form>
  );
}

interface PatchesProps {
  label: string;
  ground: number;
  levels: number[];
  count: number | null;
  onCount: (count: number) => void;
}

function Patches({ label, ground, levels, count, onCount }: PatchesProps) {
  return (
    <fieldset className={classes['choice']}>
      <legend>{label}</legend>
      <div className={classes['patches']} style={{ background: greyOf(ground) }}>
        {levels.map((level) => (
          <span key={level} style={{ background: greyOf(level) }} />
        ))}
      </div>
      {Array.from({ length: levels.length + 1 }, (_, seen) => seen).map((seen) => (
        <label key={seen}>
          <input type="radio" name={label} checked={count === seen} onChange={() => onCount(seen)} />
          {seen}
        </label>
      ))}
    </fieldset>
  );
}

function greyOf(level: number): string {
  return `rgb(${level} ${level} ${level})`;
}
