/** What to rate next: the images whose votes would teach a head most, made into a blind study with one click. */
import { Button, Group, NativeSelect, NumberInput, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { MosSet } from '../../../contract/mos.ts';
import type { PackInfo } from '../../../contract/pack.ts';
import type { RateNext, RateNextOrder } from '../../../contract/rate-next.ts';
import { orpc } from '../../api/client.ts';
import { formatCount } from '../../shared/format.ts';
import { Notice } from '../../shared/notice.tsx';
import { trainedOnly, useShownPack } from '../../shared/packs.ts';
import { Card } from '../../shared/page.tsx';
import { QueryGate } from '../../shared/query-gate.tsx';
import { errorMessage } from '../../shared/show-error.ts';
import { QueueReplayView } from './queue-replay.tsx';
import { RateNextList } from './rate-next-list.tsx';
import { StudyFromQueue } from './study-from-queue.tsx';

export function RateNextView() {
  const sets = useQuery(orpc.mos.sets.queryOptions());
  const packs = useQuery(orpc.packs.list.queryOptions());
  return (
    <QueryGate query={sets}>
      {(allSets) => (
        <QueryGate query={packs}>
          {(allPacks) => <Chosen sets={allSets} packs={trainedOnly(allPacks)} />}
        </QueryGate>
      )}
    </QueryGate>
  );
}

/** The dimensions that are asked of images where there is no MOS yet. */
const usualDimensions = ['quality', 'alignment', 'overall'];
const noSet = '';

function Chosen({ sets, packs }: { sets: MosSet[]; packs: PackInfo[] }) {
  const shownId = useShownPack()?.id;
  const usable = sets.filter(({ images }) => images > 0);
  const [packId, setPackId] = useState<string | null>(null);
  const [setId, setSetId] = useState(String(usable[0]?.id ?? noSet));
  const [wanted, setWanted] = useState('quality');
  const [limit, setLimit] = useState(50);
  const pack = packs.find(({ id }) => id === (packId ?? shownId)) ?? packs[0];
  const set = usable.find(({ id }) => String(id) === setId);
  const dimensions = set?.dimensions ?? usualDimensions;
  const dimension = dimensions.includes(wanted) ? wanted : (dimensions[0] ?? 'quality');
  if (pack === undefined)
    return <Text size="sm">There is no pack whose features could tell images apart.</Text>;
  const order = { packId: pack.id, dimension, limit, ...(set === undefined ? {} : { mosSetId: set.id }) };
  return (
    <Stack>
      <Card
        title="What to rate next"
        note="Images that stand for many others, more so where heads disagree, generators have few ratings, or votes are few."
      >
        <Group align="end">
          <NativeSelect
            label="Ratings so far"
            value={setId}
            onChange={(event) => setSetId(event.currentTarget.value)}
            data={[
              ...usable.map(({ id, name, images }) => ({
                value: String(id),
                label: `${name} (${formatCount(images)})`,
              })),
              { value: noSet, label: 'none yet' },
            ]}
          />
          <NativeSelect
            label="Dimension"
            value={dimension}
            onChange={(event) => setWanted(event.currentTarget.value)}
            data={dimensions}
          />
          <NativeSelect
            label="Pack"
            value={pack.id}
            onChange={(event) => setPackId(event.currentTarget.value)}
            data={packs.map((one) => ({ value: one.id, label: one.title }))}
          />
          <NumberInput
            label="Images"
            w={110}
            min={1}
            max={2000}
            allowDecimal={false}
            value={limit}
            onChange={(value) => typeof value === 'number' && value >= 1 && setLimit(value)}
          />
        </Group>
      </Card>
      <Queue order={order} set={set} />
      {set !== undefined && (
        <QueueReplayView
          key={`${pack.id} ${set.id} ${dimension}`}
          order={{ packId: pack.id, mosSetId: set.id, dimension }}
        />
      )}
    </Stack>
  );
}

type Order = Pick<RateNextOrder, 'packId' | 'dimension' | 'limit' | 'mosSetId'>;

function Queue({ order, set }: { order: Order; set: MosSet | undefined }) {
  const [asked, setAsked] = useState<string | null>(null);
  const isAsked = asked === JSON.stringify(order);
  const queue = useQuery({
    ...orpc.heads.rateNext.queryOptions({ input: order, retry: false }),
    enabled: isAsked,
  });
  if (!isAsked) {
    return (
      <Group>
        <Button onClick={() => setAsked(JSON.stringify(order))}>Find the images</Button>
      </Group>
    );
  }
  if (queue.error !== null) {
    return (
      <Notice tone="problem" title="There is no queue" role="alert">
        {errorMessage(queue.error)}
      </Notice>
    );
  }
  return (
    <QueryGate query={queue}>
      {({ items, candidates, rated, evidence }) =>
        items.length === 0 ? (
          <Notice tone="note" title="There is nothing to ask for" testId="queue-empty">
            Every image that this pack has features of is rated, and the ratings do not say by how many votes:
            none is known to need more. Score more images, or choose other ratings.
          </Notice>
        ) : (
          <Card
            title={`${formatCount(items.length)} images to rate`}
            note={describeQueue({ items, candidates, rated })}
            actions={
              <StudyFromQueue
                imageIds={items.map(({ imageId }) => imageId)}
                dimension={order.dimension}
                set={set}
              />
            }
          >
            <Notice
              tone={evidence.isShown ? 'note' : 'warning'}
              title={evidence.isShown ? 'What this order saves' : 'Not shown to save labels'}
              testId="queue-evidence"
            >
              {evidence.sentence}
            </Notice>
            <RateNextList items={items} />
          </Card>
        )
      }
    </QueryGate>
  );
}

function describeQueue({
  items,
  candidates,
  rated,
}: Pick<RateNext, 'items' | 'candidates' | 'rated'>): string {
  const counts = `Of ${formatCount(candidates)} that could be asked for; ${formatCount(rated)} are rated.`;
  const isAgain = items.every(({ votes }) => votes !== null);
  return isAgain ? `${counts} All of these have votes already: more would make their MOS surer.` : counts;
}
