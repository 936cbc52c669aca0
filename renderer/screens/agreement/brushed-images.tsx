/** The images in a region of the scatter as thumbnails; the region is drawn with the pointer or typed. */
import { Button, Group, NumberInput, Text } from '@mantine/core';
import type { AgreementPoints } from '../../../contract/agreement.ts';
import { formatCount } from '../../shared/format.ts';
import { findInRegion, type Region, wholeRegion } from './region.ts';
import { mostThumbnails, ThumbnailList } from './thumbnail-list.tsx';

interface BrushedImagesProps {
  points: AgreementPoints;
  region: Region | null;
  onRegion: (region: Region | null) => void;
  onSelect: (imageId: number) => void;
}

export function BrushedImages({ points, region, onRegion, onSelect }: BrushedImagesProps) {
  if (region === null) {
    return (
      <Group gap="xs">
        <Button size="compact-sm" variant="default" onClick={() => onRegion(wholeRegion(points))}>
          Choose a region by numbers
        </Button>
        <Text size="xs" c="dimmed">
          or drag over the points; what lies in it is shown here.
        </Text>
      </Group>
    );
  }
  const ids = findInRegion(points, region);
  return (
    <div data-testid="brushed" data-images={ids.length}>
      <Group gap="md" align="end" mb="xs">
        <RangeFields
          label="Prediction"
          range={region.predicted}
          onRange={(predicted) => onRegion({ ...region, predicted })}
        />
        <RangeFields label="MOS" range={region.mos} onRange={(mos) => onRegion({ ...region, mos })} />
        <Text size="sm" className="numbers" role="status">
          {formatCount(ids.length)} images
          {ids.length > mostThumbnails ? `; the ${mostThumbnails} that differ most` : ''}
        </Text>
        <Button size="compact-sm" variant="default" onClick={() => onRegion(null)}>
          Clear
        </Button>
      </Group>
      <ThumbnailList label="Images in the region" ids={ids} onSelect={onSelect} />
    </div>
  );
}

interface RangeFieldsProps {
  label: string;
  range: [number, number];
  onRange: (range: [number, number]) => void;
}

function RangeFields({ label, range: [low, high], onRange }: RangeFieldsProps) {
  const step = Number(((high - low) / 20 || 0.1).toPrecision(1));
  const field = { size: 'xs', w: 96, step, decimalScale: 3 } as const;
  return (
    <Group gap={4} align="end">
      <NumberInput
        {...field}
        label={`${label} from`}
        value={low}
        onChange={(value) => typeof value === 'number' && onRange([value, high])}
      />
      <NumberInput
        {...field}
        label={`${label} to`}
        value={high}
        onChange={(value) => typeof value === 'number' && onRange([low, value])}
      />
    </Group>
  );
}
