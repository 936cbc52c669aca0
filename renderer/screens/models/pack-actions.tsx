/** What can be done with a pack: show its scores, score with it, make it again, verify, export, remove. */
import { Button, Group } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { PackInfo } from '../../../contract/pack.ts';
import { orpc } from '../../api/client.ts';
import { noteJob, useJobs } from '../../api/jobs.ts';
import { isRead } from '../../shared/pack-words.ts';
import { ScoreLibraryDialog } from '../../shared/score-library-dialog.tsx';
import { showError } from '../../shared/show-error.ts';
import { useSettings } from '../../shared/use-settings.ts';
import { ExportDialog } from './export-dialog.tsx';
import { RemoveDialog } from './remove-dialog.tsx';

type Open = 'score' | 'export' | 'remove' | null;

export function PackActions({ pack, isShown }: { pack: PackInfo; isShown: boolean }) {
  const [, change] = useSettings();
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const isUsable = pack.problem === null && !pack.isUntrained;
  // Scores stay in the library, whatever became of the pack that gave them.
  const mayHaveScores = !pack.isUntrained && (isRead(pack) || Object.keys(pack.activeHeads).length > 0);
  return (
    <Group gap={6}>
      {pack.canBeRemade && <RemakeButton pack={pack} />}
      {!isShown && mayHaveScores && (
        <Action label="Show its scores" pack={pack} onClick={() => change({ packId: pack.id })} />
      )}
      {!pack.isUntrained && isRead(pack) && (
        <Action
          label="Score the library…"
          pack={pack}
          disabled={!isUsable}
          onClick={() => setOpen('score')}
        />
      )}
      {pack.network !== null && pack.network.precision !== 'float32' && <VerifyButton pack={pack} />}
      {pack.network !== null && (
        <Action
          label="Export…"
          pack={pack}
          disabled={pack.problem !== null}
          onClick={() => setOpen('export')}
        />
      )}
      {!pack.isBuiltIn && <Action label="Remove…" pack={pack} onClick={() => setOpen('remove')} />}
      <ScoreLibraryDialog packId={pack.id} opened={open === 'score'} onClose={close} />
      <ExportDialog pack={pack} opened={open === 'export'} onClose={close} />
      <RemoveDialog pack={pack} opened={open === 'remove'} onClose={close} />
    </Group>
  );
}

interface ActionProps {
  label: string;
  pack: PackInfo;
  onClick: () => void;
  disabled?: boolean;
  loading?: boolean;
}

/** The pack's name is for those who do not see the card around it. */
function Action({ label, pack, ...rest }: ActionProps) {
  return (
    <Button size="compact-sm" variant="default" aria-label={`${label} ${pack.title}`} {...rest}>
      {label}
    </Button>
  );
}

/** From the same files, in its place. */
function RemakeButton({ pack }: { pack: PackInfo }) {
  const isBusy = useJobs().some(({ kind, state }) => kind === 'remakePack' && state === 'running');
  const remake = useMutation(
    orpc.packs.remake.mutationOptions({
      onSuccess: noteJob,
      onError: (error) => showError('It cannot be made again', error),
    }),
  );
  return (
    <Action
      label="Make again"
      pack={pack}
      disabled={isBusy}
      loading={remake.isPending}
      onClick={() => remake.mutate({ id: pack.id })}
    />
  );
}

function VerifyButton({ pack }: { pack: PackInfo }) {
  const isBusy = useJobs().some(({ kind, state }) => kind === 'verifyPack' && state === 'running');
  const verify = useMutation(
    orpc.packs.verify.mutationOptions({
      onSuccess: noteJob,
      onError: (error) => showError('The comparison could not be started', error),
    }),
  );
  return (
    <Action
      label="Verify"
      pack={pack}
      disabled={isBusy || pack.problem !== null}
      loading={verify.isPending}
      onClick={() => verify.mutate({ id: pack.id })}
    />
  );
}
