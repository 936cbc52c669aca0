/** The `?` overlay: every key that works on the screen behind it. */
import { Group, Modal, SimpleGrid, Stack, Text } from '@mantine/core';
import { Keys } from '../shared/keys.tsx';
import { type ListedShortcut, useRegisteredShortcuts } from './shortcuts.ts';

export function ShortcutOverlay({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const groups = Object.entries(Object.groupBy(useRegisteredShortcuts(), ({ group }) => group));
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard" size="lg">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl" verticalSpacing="lg">
        {groups.map(([group, shortcuts]) => (
          <ShortcutGroup key={group} title={group} shortcuts={shortcuts ?? []} />
        ))}
      </SimpleGrid>
    </Modal>
  );
}

function ShortcutGroup({ title, shortcuts }: { title: string; shortcuts: ListedShortcut[] }) {
  return (
    <Stack gap={6}>
      <Text fw={600} size="sm">
        {title}
      </Text>
      {shortcuts.map(({ keys, label }) => (
        <Group key={`${keys} ${label}`} justify="space-between" wrap="nowrap">
          <Text size="sm">{label}</Text>
          <Keys keys={keys} />
        </Group>
      ))}
    </Stack>
  );
}
