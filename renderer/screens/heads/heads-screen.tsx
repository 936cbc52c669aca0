/** The heads screen: every head that is kept, what it is worth, which one is used, and a way to train another. */
import { Button, Stack, Tabs } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useRef, useState } from 'react';
import { useSearchParams } from 'wouter';
import type { Head } from '../../../contract/heads.ts';
import { orpc } from '../../api/client.ts';
import { useJobs } from '../../api/jobs.ts';
import { EmptyState } from '../../shared/empty-state.tsx';
import { Keys } from '../../shared/keys.tsx';
import { Page } from '../../shared/page.tsx';
import { QueryGate } from '../../shared/query-gate.tsx';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { EnsembleDialog } from './ensemble-dialog.tsx';
import { HeadDetails } from './head-details.tsx';
import { HeadTable } from './head-table.tsx';
import { ImportHead } from './import-head.tsx';
import { groupByTarget } from './judge-heads.ts';
import { LineageTree } from './lineage-tree.tsx';
import { RateNextView } from './rate-next-view.tsx';
import { TrainDialog } from './train-dialog.tsx';
import { TrainingCard } from './training-card.tsx';

const views = { heads: 'Heads', lineage: 'Lineage', next: 'What to rate next' } as const;

export function HeadsScreen() {
  const heads = useQuery(orpc.heads.list.queryOptions());
  const [search, setSearch] = useSearchParams();
  const wanted = search.get('train');
  const [isTraining, training] = useDisclosure(wanted !== null);
  const trainButton = useRef<HTMLButtonElement>(null);
  const [isAveraging, averaging] = useDisclosure(false);
  useShortcuts([
    {
      keys: 'N',
      label: 'Train a head',
      group: 'Heads',
      // A dialog that is open keeps the person where they are.
      run: () => document.querySelector('[aria-modal="true"]') === null && training.open(),
      disabled: isTraining,
    },
  ]);
  return (
    <Page
      title="Heads"
      note="Small functions from stored features to a score. Every head is kept; one for each target is active."
      actions={
        <>
          <ImportHead />
          <Button size="xs" variant="default" onClick={averaging.open}>
            Average…
          </Button>
          <Button ref={trainButton} size="xs" onClick={training.open} rightSection={<Keys keys="N" />}>
            Train head…
          </Button>
        </>
      }
    >
      <QueryGate query={heads}>{(all) => <Views heads={all} />}</QueryGate>
      <TrainDialog
        opened={isTraining}
        wanted={wanted === null ? null : { mosSetId: Number(wanted), dimension: search.get('dimension') }}
        onClose={() => {
          training.close();
          if (wanted === null) return;
          // What the address asked for is done: loaded again, the page does not ask anew. The keyboard was nowhere before.
          setSearch({}, { replace: true });
          trainButton.current?.focus();
        }}
      />
      <EnsembleDialog heads={heads.data ?? []} opened={isAveraging} onClose={averaging.close} />
    </Page>
  );
}

function Views({ heads }: { heads: Head[] }) {
  const [search, setSearch] = useSearchParams();
  const [shownId, setShownId] = useState<number | null>(null);
  const wanted = search.get('view') ?? 'heads';
  const view = wanted in views ? wanted : 'heads';
  const show: Record<string, () => ReactNode> = {
    heads: () => <AllHeads heads={heads} onShow={setShownId} />,
    lineage: () => <LineageTree heads={heads} onShow={setShownId} />,
    next: () => <RateNextView />,
  };
  return (
    <>
      <Tabs
        value={view}
        onChange={(to) => to !== null && setSearch({ view: to }, { replace: true })}
        keepMounted={false}
        variant="outline"
      >
        <Tabs.List mb="md" aria-label="Parts of this screen">
          {Object.entries(views).map(([name, title]) => (
            <Tabs.Tab key={name} value={name}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={view}>{show[view]?.()}</Tabs.Panel>
      </Tabs>
      <HeadDetails
        head={heads.find(({ id }) => id === shownId) ?? null}
        heads={heads}
        onClose={() => setShownId(null)}
      />
    </>
  );
}

function AllHeads({ heads, onShow }: { heads: Head[]; onShow: (headId: number) => void }) {
  const training = useJobs().find(({ kind }) => kind === 'train');
  const made = heads.find(({ id }) => id === training?.summary?.headId);
  if (heads.length === 0) {
    return <EmptyState title="No heads" text="The packs of this studio bring none." />;
  }
  return (
    <Stack>
      {training === undefined ? null : <TrainingCard job={training} head={made} heads={heads} />}
      {groupByTarget(heads).map(({ target, heads: group }) => (
        <HeadTable key={target} target={target} heads={group} all={heads} onShow={onShow} />
      ))}
    </Stack>
  );
}
