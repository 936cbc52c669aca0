/** What else can be done with a head: export it as a file, discard it. */
import { ActionIcon, Button, Group, Menu, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { ExportedHead, Head } from '../../../contract/heads.ts';
import { orpc } from '../../api/client.ts';
import { saveFile } from '../../shared/save-file.ts';
import { showError } from '../../shared/show-error.ts';

export function HeadMenu({ head }: { head: Head }) {
  const [isAsking, asking] = useDisclosure(false);
  const exported = useMutation(
    orpc.heads.export.mutationOptions({
      onSuccess: saveHead,
      onError: (error) => showError('The head could not be exported', error),
    }),
  );
  return (
    <>
      <Menu position="bottom-end" transitionProps={{ duration: 0 }}>
        <Menu.Target>
          <ActionIcon loading={exported.isPending} aria-label={`More for “${head.name}”`}>
            <IconDots size={16} stroke={1.7} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => exported.mutate({ id: head.id, format: 'json' })}>
            Export as JSON: weights and figures as text
          </Menu.Item>
          <Menu.Item onClick={() => exported.mutate({ id: head.id, format: 'onnx' })}>
            Export as ONNX: runs in other programs, too
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item disabled={head.isActive || head.isShipped} onClick={asking.open}>
            {head.isActive ? 'Discard: it is in use' : 'Discard…'}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <DiscardDialog head={head} opened={isAsking} onClose={asking.close} />
    </>
  );
}

function saveHead({ fileName, mediaType, text, base64 }: ExportedHead): void {
  if (text !== null) saveFile(fileName, mediaType, text);
  else if (base64 !== null) saveFile(fileName, mediaType, bytesOf(base64));
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function DiscardDialog({ head, opened, onClose }: { head: Head; opened: boolean; onClose: () => void }) {
  const discard = useMutation(
    orpc.heads.discard.mutationOptions({
      onSuccess: onClose,
      onError: (error) => showError('The head could not be discarded', error),
    }),
  );
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={`Discard “${head.name}”`}
      transitionProps={{ duration: 0 }}
    >
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
