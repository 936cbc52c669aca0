/** The heads screen: every head that is kept, what it is worth, which one is used, and a way to train another. */
import { Button, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { Head } from '../../../contract/heads.ts';
import { orpc } from '../../api/client.ts';
import { useJobs } from '../../api/jobs.ts';
import { EmptyState } from '../../shared/empty-state.tsx';
import { Keys } from '../../shared/keys.tsx';
import { Page } from '../../shared/page.tsx';
import { QueryGate } from '../../shared/query-gate.tsx';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { HeadTable } from './head-table.tsx';
import { groupByTarget } from './judge-heads.ts';
import { TrainDialog } from './train-dialog.tsx';
import { TrainingCard } from './training-card.tsx';

export function HeadsScreen() {
  const heads = useQuery(orpc.heads.list.queryOptions());
  const [isTraining, training] = useDisclosure(false);
  useShortcuts([
    { keys: 'N', label: 'Train a head', group: 'Heads', run: training.open, disabled: isTraining },
  ]);
  return (
    <Page
      title="Heads"
      note="Small functions from stored features to a score. Every head is kept; one for each target is active."
      actions={
        <Button size="xs" onClick={training.open} rightSection={<Keys keys="N" />}>
          Train head…
        </Button>
      }
    >
      <QueryGate query={heads}>{(all) => <AllHeads heads={all} />}</QueryGate>
      <TrainDialog opened={isTraining} onClose={training.close} />
    </Page>
  );
}

function AllHeads({ heads }: { heads: Head[] }) {
  const training = useJobs().find(({ kind }) => kind === 'train');
  const made = heads.find(({ id }) => id === training?.summary?.headId);
  if (heads.length === 0) {
    return <EmptyState title="No heads" text="The packs of this studio bring none." />;
  }
  return (
    <Stack>
      {training === undefined ? null : <TrainingCard job={training} head={made} heads={heads} />}
      {groupByTarget(heads).map(({ target, heads: group }) => (
        <HeadTable key={target} target={target} heads={group} all={heads} />
      ))}
    </Stack>
  );
}
