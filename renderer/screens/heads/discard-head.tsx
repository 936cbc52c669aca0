/** Forgets a head after a question: labels stay, so that it can be trained again. */
import { Button, Group, Modal, Text, VisuallyHidden } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import type { Head } from '../../../contract/heads.ts';
import { orpc } from '../../api/client.ts';
import { showError } from '../../shared/show-error.ts';

export function DiscardButton({ head }: { head: Head }) {
  const [isAsking, asking] = useDisclosure(false);
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={asking.open}>
        <span>
          Discard<VisuallyHidden> “{head.name}”</VisuallyHidden>…
        </span>
      </Button>
      <DiscardDialog head={head} opened={isAsking} onClose={asking.close} />
    </>
  );
}

export function DiscardDialog({
  head,
  opened,
  onClose,
}: {
  head: Head;
  opened: boolean;
  onClose: () => void;
}) {
  const discard = useMutation(
    orpc.heads.discard.mutationOptions({
      onSuccess: onClose,
      onError: (error) => showError('The head could not be discarded', error),
    }),
  );
  return (
    <Modal opened={opened} onClose={onClose} title={`Discard “${head.name}”`}>
      <Text size="sm">
        The head and its scores are forgotten. Labels and images stay; training again with the same labels and
        seed gives the same head.
      </Text>
      <Group mt="md" justify="flex-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          Keep
        </Button>
        <Button color="red" loading={discard.isPending} onClick={() => discard.mutate({ id: head.id })}>
          Discard
        </Button>
      </Group>
    </Modal>
  );
}
