/** Averages several heads into a new one. */
import { Button, Checkbox, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Head } from '../../../contract/heads.ts';
import { orpc } from '../../api/client.ts';
import { Notice } from '../../shared/notice.tsx';
import { errorMessage } from '../../shared/show-error.ts';
import { listPartners } from './judge-heads.ts';

interface EnsembleDialogProps {
  heads: Head[];
  opened: boolean;
  onClose: () => void;
}

export function EnsembleDialog({ heads, opened, onClose }: EnsembleDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Average heads into one" size={560}>
      <EnsembleForm heads={heads} onClose={onClose} />
    </Modal>
  );
}

function EnsembleForm({ heads, onClose }: Omit<EnsembleDialogProps, 'opened'>) {
  const [chosen, setChosen] = useState<string[]>([]);
  const [name, setName] = useState('');
  const ensemble = useMutation(orpc.heads.ensemble.mutationOptions({ onSuccess: onClose }));
  const headIds = chosen.map(Number);
  const partners = new Set(listPartners(heads, headIds[0]).map(({ id }) => id));
  const trimmed = name.trim();
  return (
    <Stack>
      <Checkbox.Group
        label="Heads"
        description="Of one target, one pack and the same inputs. Their spread then says how sure a value is."
        value={chosen}
        onChange={setChosen}
      >
        <Stack gap={6} mt={8}>
          {heads.map(({ id, name: headName, target, inputs }, at) => (
            <Checkbox
              key={id}
              data-autofocus={at === 0 ? true : undefined}
              value={String(id)}
              disabled={!partners.has(id)}
              label={`${headName} · ${target}, on ${inputs}`}
            />
          ))}
        </Stack>
      </Checkbox.Group>
      <TextInput
        label="Name"
        placeholder="made from the heads"
        maxLength={120}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {ensemble.error === null ? null : (
        <Notice tone="problem" title="They could not be averaged" role="alert">
          {errorMessage(ensemble.error)}
        </Notice>
      )}
      <Group justify="space-between">
        <Text size="xs" c="dimmed">
          The new head is kept beside them; nothing is put to use.
        </Text>
        <Button
          loading={ensemble.isPending}
          disabled={headIds.length < 2}
          onClick={() => ensemble.mutate({ headIds, ...(trimmed === '' ? {} : { name: trimmed }) })}
        >
          Average {headIds.length < 2 ? '' : headIds.length} heads
        </Button>
      </Group>
    </Stack>
  );
}
