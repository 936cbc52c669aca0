/** Takes a pack out of the library, after asking. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { PackInfo } from '../../../contract/pack.ts';
import { orpc, queryClient } from '../../api/client.ts';
import { Notice } from '../../shared/notice.tsx';
import { errorMessage } from '../../shared/show-error.ts';

interface RemoveDialogProps {
  pack: PackInfo;
  opened: boolean;
  onClose: () => void;
}

export function RemoveDialog({ pack, opened, onClose }: RemoveDialogProps) {
  const remove = useMutation(
    orpc.packs.remove.mutationOptions({
      onSuccess: () => {
        onClose();
        void queryClient.invalidateQueries({ queryKey: orpc.packs.key() });
        void queryClient.invalidateQueries({ queryKey: orpc.settings.key() });
      },
    }),
  );
  return (
    <Modal opened={opened} onClose={onClose} title={`Remove ${pack.title}?`}>
      <Stack>
        <Text size="sm">
          The studio forgets how to score with it. Your checkpoint files stay where they are; scores, heads
          and everything rated stay in the library and come back when the same model is added again.
        </Text>
        {remove.error !== null && (
          <Notice tone="problem" title="It was not removed" role="alert">
            {errorMessage(remove.error)}
          </Notice>
        )}
        <Group justify="end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep it
          </Button>
          <Button color="red" loading={remove.isPending} onClick={() => remove.mutate({ id: pack.id })}>
            Remove
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
