/** How narrow the intervals of a study will be: raters × sittings × seconds, with a pilot's or another study's spread. */
import { Fieldset, NativeSelect, NumberInput, SimpleGrid, Stack, Text } from '@mantine/core';
import type { MosSet } from '../../../contract/mos.ts';
import type { Scale } from '../../../contract/studies.ts';
import type { PlannedStudy } from '../../../contract/study-quality.ts';
import facts from '../../shared/facts.module.css';
import { formatCount, formatScore } from '../../shared/format.ts';
import { errorMessage } from '../../shared/show-error.ts';

/** What a plan is made from beside the design. */
export interface Panel {
  raters: number;
  sessionsPerRater: number;
  secondsPerVote: number;
  /** SD of the votes on an image; null: as is usual on the scale. */
  sd: number | null;
  /** A MOS set and a dimension whose votes spread so, as `listSpreads` names them; null: `sd`. */
  spread: string | null;
}

export const firstPanel: Panel = {
  raters: 15,
  sessionsPerRater: 1,
  secondsPerVote: 4,
  sd: null,
  spread: null,
};

/** SD of the votes on an image in crowded studies, as a share of the scale: about 0.9 on five levels. */
const usualShare = 0.225;

/** The SD that is usual on a scale, to two digits. */
export function usualSd(scale: Scale): number {
  const width = scale.kind === 'acr' ? scale.words.length - 1 : scale.max - scale.min;
  return Number((usualShare * width).toPrecision(2));
}

interface PlannerProps {
  panel: Panel;
  scale: Scale;
  sets: readonly MosSet[];
  images: number;
  planned: PlannedStudy | undefined;
  error: Error | null;
  onChange: (part: Partial<Panel>) => void;
}

/** In a study of pairs only the raters are asked for: how narrow scores of pairs get depends on how close the images are. */
export function RatersField({ panel, onChange }: Pick<PlannerProps, 'panel' | 'onChange'>) {
  return (
    <Positive
      label="Raters"
      description="15 or more make a study formal"
      value={panel.raters}
      most={10_000}
      onChange={(raters) => onChange({ raters })}
    />
  );
}

export function Planner({ panel, scale, sets, images, planned, error, onChange }: PlannerProps) {
  return (
    <Fieldset legend="Planner">
      <Stack gap="sm">
        <SimpleGrid cols={2}>
          <RatersField panel={panel} onChange={onChange} />
          <Positive
            label="Sittings a rater"
            description="as long as step 3 says"
            value={panel.sessionsPerRater}
            most={1000}
            onChange={(sessionsPerRater) => onChange({ sessionsPerRater })}
          />
          <Positive
            label="Seconds a vote"
            description="on one question"
            value={panel.secondsPerVote}
            most={600}
            isWhole={false}
            onChange={(secondsPerVote) => onChange({ secondsPerVote })}
          />
          {panel.spread === null ? (
            <Positive
              key={usualSd(scale)}
              label="SD of votes"
              description="of raters on one image"
              value={panel.sd ?? usualSd(scale)}
              most={100}
              isWhole={false}
              onChange={(sd) => onChange({ sd })}
            />
          ) : null}
        </SimpleGrid>
        <NativeSelect
          label="Spread of votes on an image"
          description="A pilot’s or another study’s tells more than what is usual."
          value={panel.spread ?? 'said'}
          data={[
            { value: 'said', label: 'an SD, above (as is usual on this scale, or yours)' },
            ...listSpreads(sets),
          ]}
          onChange={({ currentTarget: { value } }) => onChange({ spread: value === 'said' ? null : value })}
        />
        {error === null ? null : (
          <Text size="sm" c="red" role="alert">
            {errorMessage(error)}
          </Text>
        )}
        {planned === undefined ? null : <PlannedFigures planned={planned} images={images} />}
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

/** The MOS set and dimension that a spread names; null where there is none of that name. */
export function spreadOf(
  value: string | null,
  sets: readonly MosSet[],
): { mosSetId: number; dimension: string } | null {
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
  description: string;
  value: number;
  most: number;
  isWhole?: boolean;
  onChange: (value: number) => void;
}

function Positive({ label, description, value, most, isWhole = true, onChange }: PositiveProps) {
  return (
    <NumberInput
      label={label}
      description={description}
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
