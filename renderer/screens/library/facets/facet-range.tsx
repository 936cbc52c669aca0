/** How the matching images spread over one word that takes numbers, with two handles that narrow it. */
import { RangeSlider } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import type { RangeFacet } from '../../../../contract/images.ts';
import { formatCount } from '../../../shared/format.ts';
import classes from './facets.module.css';

const titles: Record<RangeFacet['word'], string> = {
  ...{ mos: 'MOS', score: 'Score', gap: 'Gap', ci: 'CI width', votes: 'Votes' },
  ...{ q: 'Q, quality branch', s: 'S, picture against prompt' },
};

interface Bounds {
  low: number | null;
  high: number | null;
}

interface FacetRangeProps {
  range: RangeFacet;
  /** What the query asks of it; null: nothing. */
  asked: Bounds | null;
  onAsk: (bounds: Bounds) => void;
}

export function FacetRange({ range, asked, onAsk }: FacetRangeProps) {
  const titleId = useId();
  const { min, max, step, digits } = scaleOf(range);
  const low = clamp(asked?.low ?? min, min, max);
  const high = clamp(asked?.high ?? max, min, max);
  const [held, setHeld] = useState<[number, number]>([low, high]);
  useEffect(() => setHeld([low, high]), [low, high]);
  const ask = useDebouncedCallback(([from, to]: [number, number]) => {
    const rounded = (value: number) => Number(value.toFixed(digits));
    onAsk({ low: from <= min ? null : rounded(from), high: to >= max ? null : rounded(to) });
  }, 150);
  function leap(event: KeyboardEvent): void {
    const thumbs = [...event.currentTarget.querySelectorAll('[role="slider"]')];
    const thumb = thumbs.indexOf(event.target as Element);
    const leaps: Record<string, number> = {
      PageUp: 10 * step,
      PageDown: -10 * step,
      Home: min - max,
      End: max - min,
    };
    const by = leaps[event.key];
    if (thumb === -1 || by === undefined) return;
    event.preventDefault();
    const [from, to] = held;
    const next: [number, number] =
      thumb === 0 ? [clamp(from + by, min, to), to] : [from, clamp(to + by, from, max)];
    setHeld(next);
    ask(next);
  }
  const title = range.target === null ? titles[range.word] : `${titles[range.word]}: ${range.target}`;
  const images = range.counts.reduce((sum, count) => sum + count, 0);
  return (
    <section className={classes['facet']} aria-labelledby={titleId} onKeyDown={leap}>
      <h3 className={classes['title']} id={titleId}>
        {title}
        <span className={classes['bounds']}>
          {held[0].toFixed(digits)} – {held[1].toFixed(digits)}
        </span>
      </h3>
      <Columns range={range} held={held} label={`${title}: ${formatCount(images)} images`} />
      <RangeSlider
        className={classes['slider']}
        size={2}
        thumbSize={14}
        label={null}
        {...{ min, max, step }}
        minRange={0}
        value={held}
        onChange={setHeld}
        onChangeEnd={ask}
        thumbFromLabel={`${title}: at least`}
        thumbToLabel={`${title}: at most`}
      />
    </section>
  );
}

/** Columns within the handles are strong, the others faint. */
function Columns({ range, held, label }: { range: RangeFacet; held: [number, number]; label: string }) {
  const { counts, low, high } = range;
  const most = Math.max(...counts);
  const width = 100 / counts.length;
  const valueAt = (column: number) => low + ((high - low) * (column + 0.5)) / counts.length;
  return (
    <svg
      className={classes['columns']}
      viewBox="0 0 100 28"
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {counts.map((count, column) => {
        const height = count === 0 ? 0 : Math.max(1, (27 * count) / most);
        const isWithin = valueAt(column) >= held[0] && valueAt(column) <= held[1];
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
            key={column}
            x={column * width}
            y={28 - height}
            width={width * 0.9}
            height={height}
            data-within={isWithin || undefined}
          />
        );
      })}
    </svg>
  );
}

/** Bounds that hold all values, and a step of about a hundredth, on numbers that people read. */
function scaleOf({ word, low, high }: RangeFacet) {
  if (word === 'votes') return { min: low, max: high, step: 1, digits: 0 };
  const digits = Math.max(0, Math.ceil(-Math.log10((high - low) / 100)));
  const step = 10 ** -digits;
  return { min: Math.floor(low / step) * step, max: Math.ceil(high / step) * step, step, digits };
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
