/** The images on which model and raters differ most. */
import { Text, UnstyledButton } from '@mantine/core';
import type { Disagreement } from '../../../contract/agreement.ts';
import { formatScore } from '../../shared/format.ts';
import { thumbnailUrl } from '../../shared/image-url.ts';
import classes from './agreement.module.css';

interface DisagreementListProps {
  all: Disagreement[];
  onSelect: (imageId: number) => void;
}

export function DisagreementList({ all, onSelect }: DisagreementListProps) {
  return (
    <ul className={classes['worst']} aria-label="Largest disagreements">
      {all.map((disagreement) => (
        <li key={disagreement.imageId}>
          <Row disagreement={disagreement} onSelect={onSelect} />
        </li>
      ))}
    </ul>
  );
}

function Row({
  disagreement,
  onSelect,
}: {
  disagreement: Disagreement;
  onSelect: (imageId: number) => void;
}) {
  const { imageId, name, hasFile, prompt, generator, mapped, mos, gap } = disagreement;
  return (
    <UnstyledButton className={classes['disagreement']} onClick={() => onSelect(imageId)}>
      <span className={classes['thumb']}>
        {hasFile ? <img src={thumbnailUrl(imageId)} alt="" loading="lazy" /> : 'no file'}
      </span>
      <span style={{ minWidth: 0 }}>
        <Text size="sm" fw={600} className="numbers">
          {gap > 0 ? 'over-rated by ' : 'under-rated by '}
          {formatScore(Math.abs(gap))}
        </Text>
        <Text size="xs" className="numbers">
          model {formatScore(mapped)} · raters {formatScore(mos)}
        </Text>
        <Text size="xs" truncate>
          {name}
        </Text>
        <Text size="xs" c="dimmed" lineClamp={2}>
          {[generator, prompt].filter((part) => part !== null).join(' · ')}
        </Text>
      </span>
    </UnstyledButton>
  );
}
