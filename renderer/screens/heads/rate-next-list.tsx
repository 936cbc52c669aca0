/** The images to rate next, each with why it stands there. */
import { Text } from '@mantine/core';
import type { RateNextItem } from '../../../contract/rate-next.ts';
import { formatScore } from '../../shared/format.ts';
import { thumbnailUrl } from '../../shared/image-url.ts';
import classes from './heads.module.css';

export function RateNextList({ items }: { items: RateNextItem[] }) {
  return (
    <ol className={classes['queue']} aria-label="Images to rate next">
      {items.map(({ imageId, name, generator, prompt, gain, why }, at) => (
        <li key={imageId}>
          <span className={classes['thumb']}>
            <img src={thumbnailUrl(imageId)} alt="" loading="lazy" />
          </span>
          <span className={classes['about']}>
            <Text size="sm" fw={600} truncate title={name}>
              {at + 1}. {name}
            </Text>
            <Text size="xs">{why}</Text>
            <Text size="xs" c="dimmed" className="numbers">
              takes away {formatScore(100 * gain, 1)} % of what is not known
            </Text>
            <Text size="xs" c="dimmed" lineClamp={1}>
              {[generator, prompt].filter((part) => part !== null).join(' · ')}
            </Text>
          </span>
        </li>
      ))}
    </ol>
  );
}
