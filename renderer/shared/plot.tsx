/** A small drawing with two axes, for what has few marks; it scales with its place and prints. */
import type { ReactNode } from 'react';
import { formatScore } from './format.ts';
import classes from './plot.module.css';

export interface Axis {
  low: number;
  high: number;
  label: string;
  /** What the ticks say; evenly spaced numbers where absent. */
  ticks?: { at: number; text: string }[];
}

export type Place = (value: number) => number;

interface PlotProps {
  /** What it shows, for those who cannot see it. */
  label: string;
  x: Axis;
  y: Axis;
  children: (px: Place, py: Place) => ReactNode;
}

const size = { width: 480, height: 300 };
const frame = { left: 46, right: 12, top: 10, bottom: 40 };

export function Plot({ label, x, y, children }: PlotProps) {
  const px = placeOn(x, frame.left, size.width - frame.right);
  const py = placeOn(y, size.height - frame.bottom, frame.top);
  return (
    <svg
      className={classes['plot']}
      viewBox={`0 0 ${size.width} ${size.height}`}
      role="img"
      aria-label={label}
    >
      {ticksOf(y).map(({ at, text }) => (
        <g key={at}>
          <line
            className={classes['rule']}
            x1={frame.left}
            x2={size.width - frame.right}
            y1={py(at)}
            y2={py(at)}
          />
          <text x={frame.left - 6} y={py(at) + 4} textAnchor="end">
            {text}
          </text>
        </g>
      ))}
      {ticksOf(x).map(({ at, text }) => (
        <text key={at} x={px(at)} y={size.height - frame.bottom + 15} textAnchor="middle">
          {text}
        </text>
      ))}
      <text x={(frame.left + size.width - frame.right) / 2} y={size.height - 6} textAnchor="middle">
        {x.label}
      </text>
      <text
        transform={`translate(11 ${(frame.top + size.height - frame.bottom) / 2}) rotate(-90)`}
        textAnchor="middle"
      >
        {y.label}
      </text>
      {children(px, py)}
    </svg>
  );
}

function placeOn({ low, high }: Axis, from: number, to: number): Place {
  return (value) => from + ((to - from) * (value - low)) / (high - low || 1);
}

/** Steps of 1, 2 or 5 times a power of ten, about five of them. */
function ticksOf({ low, high, ticks }: Axis): { at: number; text: string }[] {
  if (ticks !== undefined) return ticks;
  const rough = (high - low) / 5;
  if (!(rough > 0)) return [{ at: low, text: formatScore(low) }];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? rough;
  const decimals = Math.max(0, -Math.floor(Math.log10(step)));
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, at) => {
    const value = (first + at) * step;
    return { at: value, text: formatScore(value, decimals) };
  });
}
