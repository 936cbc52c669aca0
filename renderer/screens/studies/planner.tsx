/** How narrow the intervals of a study will be: raters × sittings × seconds, with a pilot's or another study's spread. */
import { Fieldset, NativeSelect, NumberInput, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { MosSet } from '../../../contract/mos.ts';
import type { PlannedStudy } from '../../../contract/study-quality.ts';
import { orpc } from '../../api/client.ts';
import facts from '../../shared/facts.module.css';
import { formatCount, formatScore } from '../../shared/format.ts';
import { errorMessage } from '../../shared/show-error.ts';

interface PlannerProps {
  images: number;
  dimensions: number;
  sessionMinutes: number;
  uncountedPerSession: number;
}

interface PlannerNumbers {
  raters: number;
  sessionsPerRater: number;
  secondsPerVote: number;
  sd: number;
}

/** SD of votes on five levels in crowded studies of images is near this. */
const usualSd = 0.9;

export function Planner({ images, dimensions, sessionMinutes, uncountedPerSession }: PlannerProps) {
  const [numbers, setNumbers] = useState<PlannerNumbers>({
    raters: 15,
    sessionsPerRater: 1,
    secondsPerVote: 4,
    sd: usualSd,
  });
  const [spread, setSpread] = useState('said');
  const sets = useQuery(orpc.mos.sets.queryOptions()).data ?? [];
  const change = (part: Partial<PlannerNumbers>) => setNumbers((known) => ({ ...known, ...part }));
  const { sd, ...rest } = numbers;
  const planned = useQuery({
    ...orpc.studies.plan.queryOptions({
      input: {
        ...rest,
        images: Math.max(1, images),
        dimensions: Math.max(1, dimensions),
        sessionMinutes,
        uncountedPerSession,
        spread: spreadOf(spread, sets) ?? { sd },
      },
    }),
    placeholderData: (known) => known,
  });
  return (
    <Fieldset legend="Planner">
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 2, sm: 4 }}>
          <Positive
            label="Raters"
            value={rest.raters}
            most={10_000}
            onChange={(raters) => change({ raters })}
          />
          <Positive
            label="Sittings a rater"
            value={rest.sessionsPerRater}
            most={1000}
            onChange={(sessionsPerRater) => change({ sessionsPerRater })}
          />
          <Positive
            label="Seconds a vote"
            value={rest.secondsPerVote}
            most={600}
            isWhole={false}
            onChange={(secondsPerVote) => change({ secondsPerVote })}
          />
          {spread === 'said' ? (
            <Positive
              label="SD of votes"
              value={sd}
              most={100}
              isWhole={false}
              onChange={(said) => change({ sd: said })}
            />
          ) : null}
        </SimpleGrid>
        <NativeSelect
          label="Spread of votes on an image"
          value={spread}
          data={[{ value: 'said', label: 'as said' }, ...listSpreads(sets)]}
          onChange={(event) => setSpread(event.currentTarget.value)}
        />
        {planned.error === null ? null : (
          <Text size="sm" c="red" role="alert">
            {errorMessage(planned.error)}
          </Text>
        )}
        {planned.data === undefined ? null : <PlannedFigures planned={planned.data} images={images} />}
      </Stack>
    </Fieldset>
  );
}

/** MOS sets whose spread a plan can be made from: of studies, and imported ones. */
function listSpreads(sets: readonly MosSet[]): { value: string; label: string }[] {
  return sets.flatMap(({ id, name, dimensions }) =>
    dimensions.map((dimension) => ({ value: `${id} ${dimension}`, label: `${name}: ${dimension}` })),
  );
}

function spreadOf(value: string, sets: readonly MosSet[]): { mosSetId: number; dimension: string } | null {
  for (const { id, dimensions } of sets) {
    const dimension = dimensions.find((one) => `${id} ${one}` === value);
    if (dimension !== undefined) return { mosSetId: id, dimension };
  }
  return null;
}

function PlannedFigures({ planned, images }: { planned: PlannedStudy; images: number }) {
  const { halfWidth, votesPerImage, imagesPerRater, coverage, ratingHours, sd } = planned;
  return (
    <dl className={facts['facts']} data-testid="planned">
      <dt>Median 95 % interval</dt>
      <dd>
        <b>{'value' in halfWidth ? `± ${formatScore(halfWidth.value)}` : halfWidth.reason}</b>
        {'value' in sd ? ` with an SD of ${formatScore(sd.value)}` : ` (${sd.reason})`}
      </dd>
      <dt>Votes an image</dt>
      <dd>{formatScore(votesPerImage, 1)}</dd>
      <dt>Images a rater</dt>
      <dd>
        {formatCount(imagesPerRater)} of {formatCount(images)} ({Math.round(100 * coverage)} %)
      </dd>
      <dt>Work</dt>
      <dd>{formatScore(ratingHours, 1)} hours of all raters together</dd>
    </dl>
  );
}

interface PositiveProps {
  label: string;
  value: number;
  most: number;
  isWhole?: boolean;
  onChange: (value: number) => void;
}

function Positive({ label, value, most, isWhole = true, onChange }: PositiveProps) {
  return (
    <NumberInput
      label={label}
      defaultValue={value}
      min={isWhole ? 1 : 0.05}
      max={most}
      step={isWhole ? 1 : 0.1}
      allowDecimal={!isWhole}
      allowNegative={false}
      onChange={(typed) => {
        const number = Number(typed);
        if (typed !== '' && number > 0 && number <= most) onChange(number);
      }}
    />
  );
}
