/** What else can be done with a head: export it as a file, discard it. */
import { ActionIcon, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { ExportedHead, Head } from '../../../contract/heads.ts';
import { orpc } from '../../api/client.ts';
import { saveFile } from '../../shared/save-file.ts';
import { showError } from '../../shared/show-error.ts';
import { useMenuTarget } from '../../shared/use-menu-target.ts';
import { DiscardDialog } from './discard-head.tsx';

export function HeadMenu({ head }: { head: Head }) {
  const [isAsking, asking] = useDisclosure(false);
  const { target, opening } = useMenuTarget();
  const exported = useMutation(
    orpc.heads.export.mutationOptions({
      onSuccess: saveHead,
      onError: (error) => showError('The head could not be exported', error),
    }),
  );
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon ref={target} loading={exported.isPending} aria-label={`More for “${head.name}”`}>
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
          <Menu.Item disabled={head.isActive || head.isShipped} onClick={opening(asking.open)}>
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
