/** The models screen: every pack with what it is worth and what can be done with it, and the way to add another. */
import { Button, Stack } from '@mantine/core';
import { IconPackageImport } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { orpc } from '../../api/client.ts';
import { Keys } from '../../shared/keys.tsx';
import { Page } from '../../shared/page.tsx';
import { QueryGate } from '../../shared/query-gate.tsx';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { AddModelDialog } from './add/add-model-dialog.tsx';
import { FetchCard } from './fetch-offer.tsx';
import classes from './models.module.css';
import { PackCard } from './pack-card.tsx';
import { PackJobCard } from './pack-job-card.tsx';
import { type Dropped, useFileDrop } from './use-file-drop.ts';

export function ModelsScreen() {
  const packs = useQuery(orpc.packs.list.queryOptions());
  const [isAdding, setAdding] = useState(false);
  const [dropped, setDropped] = useState<Dropped | null>(null);
  const isOver = useFileDrop((drop) => {
    setDropped(drop);
    setAdding(true);
  });
  useShortcuts([
    { keys: 'N', label: 'Add a model', group: 'Models', run: () => setAdding(true), disabled: isAdding },
  ]);
  function close(): void {
    setAdding(false);
    setDropped(null);
  }
  return (
    <Page
      title="Models"
      note="What the studio can score with. Checkpoints of your own are read where they lie; nothing leaves this computer."
      actions={
        <Button
          size="xs"
          leftSection={<IconPackageImport size={16} stroke={1.7} />}
          rightSection={<Keys keys="N" />}
          onClick={() => setAdding(true)}
        >
          Add model…
        </Button>
      }
    >
      <Stack className={isOver ? classes['over'] : undefined}>
        <PackJobCard />
        <QueryGate query={packs}>
          {(all) => (
            <>
              <div className={classes['packs']}>
                {all.map((pack) => (
                  <PackCard key={pack.id} pack={pack} />
                ))}
              </div>
              <FetchCard />
            </>
          )}
        </QueryGate>
      </Stack>
      <AddModelDialog opened={isAdding} dropped={dropped} onClose={close} />
    </Page>
  );
}
