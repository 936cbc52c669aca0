/** One image of the comparison with what is known of it. */
import { Drawer, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Fragment } from 'react';
import type { ImageDetail, ImageMos } from '../../../contract/images.ts';
import { orpc } from '../../api/client.ts';
import facts from '../../shared/facts.module.css';
import { formatScore } from '../../shared/format.ts';
import { imageUrl } from '../../shared/image-url.ts';
import { QueryGate } from '../../shared/query-gate.tsx';
import { useUncertainty } from '../../shared/uncertainty.tsx';
import classes from './agreement.module.css';

/** Closed where there is no image. */
export function ImagePanel({ imageId, onClose }: { imageId: number | null; onClose: () => void }) {
  return (
    <Drawer
      opened={imageId !== null}
      onClose={onClose}
      position="right"
      size="lg"
      title="Image"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {imageId === null ? null : <Details imageId={imageId} />}
    </Drawer>
  );
}

function Details({ imageId }: { imageId: number }) {
  const detail = useQuery(orpc.images.detail.queryOptions({ input: { id: imageId } }));
  return (
    <QueryGate query={detail}>
      {(image) => (
        <Stack data-testid="image-panel">
          <div className={classes['picture']}>
            {image.hasFile ? (
              <img src={imageUrl(imageId)} alt={image.prompt ?? image.name} />
            ) : (
              'This image has no file here.'
            )}
          </div>
          <Facts image={image} />
        </Stack>
      )}
    </QueryGate>
  );
}

function Facts({ image }: { image: ImageDetail }) {
  const uncertainty = useUncertainty(image.id, Object.keys(image.scores));
  return (
    <dl className={facts['facts']}>
      {factsOf(image, uncertainty).map(({ term, text }) => (
        <Fragment key={term}>
          <dt>{term}</dt>
          <dd className="numbers">{text}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

function factsOf(
  image: ImageDetail,
  uncertainty: ReadonlyMap<string, string[]>,
): { term: string; text: string }[] {
  return [
    { term: 'Name', text: image.name },
    { term: 'Prompt', text: image.prompt ?? 'not known' },
    { term: 'Generator', text: image.generator ?? 'not known' },
    ...Object.entries(image.scores).map(([target, value]) => ({
      term: `Score, ${target}`,
      text: [formatScore(value), ...(uncertainty.get(target) ?? [])].join(' · '),
    })),
    ...image.mos.map((mos) => ({ term: `MOS, ${mos.dimension}`, text: describeMos(mos) })),
    ...image.signals.map(({ name, value }) => ({ term: name, text: formatScore(value, 3) })),
  ];
}

function describeMos({ mean, sd, n, low, high }: ImageMos): string {
  const parts = [
    formatScore(mean),
    ...(low === null || high === null ? [] : [`95 % ${formatScore(low)} to ${formatScore(high)}`]),
    ...(sd === null ? [] : [`SD ${formatScore(sd)}`]),
    ...(n === null ? [] : [`N ${n}`]),
  ];
  return parts.join(' · ');
}
