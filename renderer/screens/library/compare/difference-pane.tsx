/** Where two pictures differ, channel by channel, made brighter by the gain; black where they are equal. */
import { useEffect, useRef, useState } from 'react';
import { formatScore } from '../../../shared/format.ts';
import { errorMessage } from '../../../shared/show-error.ts';
import type { Placement } from '../viewer/zoom.ts';
import classes from './compare-view.module.css';
import type { PairProps } from './compare-view.tsx';
import { type DifferenceFigures, measureDifference, paintDifference } from './difference.ts';
import { PairFrame, type ReadyPair } from './pair-frame.tsx';

type Told = { figures: DifferenceFigures } | { problem: string } | null;

export function DifferencePane(props: PairProps) {
  const [told, setTold] = useState<Told>(null);
  return (
    <PairFrame {...props} roles={['against', '']} told={<Figures told={told} />}>
      {(placement, ready) => (
        <DifferenceCanvas placement={placement} ready={ready} gain={props.state.gain} onTold={setTold} />
      )}
    </PairFrame>
  );
}

interface DifferenceCanvasProps {
  placement: Placement;
  ready: ReadyPair;
  gain: number;
  onTold: (told: Told) => void;
}

function DifferenceCanvas({ placement, ready, gain, onTold }: DifferenceCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [a, b] = ready.ids;
  const { width, height } = ready.size;
  useEffect(() => {
    let isWanted = true;
    async function paint(onto: HTMLCanvasElement): Promise<void> {
      onTold(null);
      try {
        await paintDifference(onto, [a, b], { width, height });
        const figures = await measureDifference(onto, () => isWanted);
        if (figures !== null && isWanted) onTold({ figures });
      } catch (error) {
        if (isWanted) onTold({ problem: errorMessage(error) });
      }
    }
    if (canvas.current !== null) void paint(canvas.current);
    return () => {
      isWanted = false;
    };
  }, [a, b, width, height, onTold]);
  const { left, top, scale, ...size } = placement;
  return (
    <canvas
      ref={canvas}
      className={classes['difference']}
      data-testid="difference"
      style={{
        ...size,
        transform: `translate(${left}px, ${top}px)`,
        // A multiplication of the channels, as they are stored (CSS Filter Effects, brightness).
        filter: `brightness(${gain})`,
        imageRendering: scale * window.devicePixelRatio >= 3 ? 'pixelated' : undefined,
      }}
    />
  );
}

function Figures({ told }: { told: Told }) {
  if (told === null) return <span>Comparing…</span>;
  if ('problem' in told) return <b role="alert">{told.problem}</b>;
  const { mean, largest, equalShare } = told.figures;
  if (largest === 0) return <b data-testid="difference-figures">The pixels are all equal</b>;
  return (
    <span className="numbers" data-testid="difference-figures">
      mean difference <b>{formatScore(mean)}</b> of 255, largest <b>{largest}</b>,{' '}
      {formatScore(equalShare * 100, 1)} % of the pixels equal
    </span>
  );
}
