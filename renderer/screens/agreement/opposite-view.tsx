/** Pairs of images that the score and the raters order oppositely, the clearest first. */
import { SegmentedControl, Text, UnstyledButton } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Comparison, Disagreement } from '../../../contract/agreement.ts';
import type { OppositePair } from '../../../contract/agreement-views.ts';
import { orpc } from '../../api/client.ts';
import { formatScore } from '../../shared/format.ts';
import { thumbnailUrl } from '../../shared/image-url.ts';
import { Card } from '../../shared/page.tsx';
import { QueryGate } from '../../shared/query-gate.tsx';
import classes from './agreement.module.css';

interface OppositeViewProps {
  comparison: Comparison;
  onSelect: (imageId: number) => void;
}

export function OppositeView({ comparison, onSelect }: OppositeViewProps) {
  const [within, setWithin] = useState<'all' | 'prompt'>('all');
  const pairs = useQuery(
    orpc.agreement.oppositePairs.queryOptions({
      input: { ...comparison, within },
      placeholderData: keepPreviousData,
    }),
  );
  return (
    <Card
      title="Ordered oppositely"
      note="The score prefers the left image, the raters the right one. The clearest pairs stand first."
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Pairs"
          value={within}
          onChange={setWithin}
          data={[
            { value: 'all', label: 'Any two images' },
            { value: 'prompt', label: 'Of one prompt' },
          ]}
        />
      }
    >
      <QueryGate query={pairs}>
        {(all) =>
          all.length === 0 ? (
            <Text size="sm">No two images {within === 'prompt' ? 'of one prompt ' : ''}are.</Text>
          ) : (
            <ul className={classes['pairs']} aria-label="Pairs ordered oppositely">
              {all.map((pair) => (
                <li key={`${pair.model.imageId} ${pair.humans.imageId}`}>
                  <Pair pair={pair} onSelect={onSelect} />
                </li>
              ))}
            </ul>
          )
        }
      </QueryGate>
    </Card>
  );
}

function Pair({ pair, onSelect }: { pair: OppositePair; onSelect: (imageId: number) => void }) {
  const { model, humans, predictedGap, mosGap, isBeyondVotes } = pair;
  return (
    <>
      <div className={classes['two']}>
        <Side image={model} title="Score prefers" onSelect={onSelect} />
        <Side image={humans} title="Raters prefer" onSelect={onSelect} />
      </div>
      <Text size="xs" mt={4} className="numbers">
        Score: left by {formatScore(predictedGap)} · raters: right by {formatScore(mosGap)}
      </Text>
      <Text size="xs" c="dimmed">
        {isBeyondVotes === null
          ? 'The MOS have no intervals.'
          : isBeyondVotes
            ? 'The intervals of the two MOS do not overlap.'
            : 'The intervals of the two MOS overlap: the raters may be undecided.'}
      </Text>
    </>
  );
}

interface SideProps {
  image: Disagreement;
  title: string;
  onSelect: (imageId: number) => void;
}

function Side({ image: { imageId, name, hasFile, mapped, mos }, title, onSelect }: SideProps) {
  return (
    <UnstyledButton className={classes['side']} onClick={() => onSelect(imageId)}>
      <Text size="xs" fw={600}>
        {title}
      </Text>
      <span className={classes['large']}>
        {hasFile ? <img src={thumbnailUrl(imageId)} alt="" loading="lazy" /> : 'no file'}
      </span>
      <Text size="xs" truncate>
        {name}
      </Text>
      <Text size="xs" c="dimmed" className="numbers">
        score {formatScore(mapped)} · MOS {formatScore(mos)}
      </Text>
    </UnstyledButton>
  );
}
