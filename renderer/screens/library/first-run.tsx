/** An empty library: what this program does, the next step, and what the built-in model is good for. */
import { Anchor, Button, Group, List, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconFolderPlus, IconTableImport } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { PackInfo } from '../../../contract/pack.ts';
import { orpc } from '../../api/client.ts';
import { Keys } from '../../shared/keys.tsx';
import { PackFigures } from '../../shared/pack-figures.tsx';

export function FirstRun({ onAdd }: { onAdd: () => void }) {
  const packs = useQuery(orpc.packs.list.queryOptions()).data ?? [];
  return (
    <Stack maw={1040} mx="auto" px="xl" py={48} gap={36} data-testid="first-run">
      <Stack gap="xs">
        <Title order={1} size="h2">
          Add a folder of images
        </Title>
        <Text c="dimmed" maw={680}>
          The studio reads PNG, JPEG, WebP, AVIF, TIFF and GIF where they lie, takes prompts from their
          metadata, and scores them on this computer. Then rate them, see how far model and people agree, and
          retrain the model on your own scores.
        </Text>
        <Group mt="sm">
          <Button
            size="md"
            leftSection={<IconFolderPlus size={18} />}
            rightSection={<Keys keys="F" />}
            onClick={onAdd}
          >
            Add folder…
          </Button>
          <Button
            size="md"
            variant="default"
            component={Link}
            href="/tables"
            leftSection={<IconTableImport size={18} />}
          >
            Import a MOS table…
          </Button>
          <Text size="sm" c="dimmed">
            or drop images and folders anywhere on this window
          </Text>
        </Group>
      </Stack>
      {packs
        .filter(({ isUntrained }) => !isUntrained)
        .map((pack) => (
          <AboutPack key={pack.id} pack={pack} />
        ))}
    </Stack>
  );
}

function AboutPack({ pack }: { pack: PackInfo }) {
  return (
    <Paper withBorder p="lg" component="section" aria-label={`The model ${pack.title}`}>
      <Stack gap="md">
        <div>
          <Title order={2} size="h4">
            {pack.title}
          </Title>
          <Text size="sm" c="dimmed">
            {pack.summary}
          </Text>
        </div>
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
          <Facts title="What it knows" facts={pack.knows} />
          <Facts title="What it does not know" facts={pack.doesNotKnow} />
        </SimpleGrid>
        <PackFigures heads={pack.heads} />
        <Text size="sm">
          <Anchor component={Link} href="/models">
            More about the model, and adding others
          </Anchor>
        </Text>
      </Stack>
    </Paper>
  );
}

function Facts({ title, facts }: { title: string; facts: string[] }) {
  return (
    <div>
      <Text fw={600} size="sm" mb={4}>
        {title}
      </Text>
      <List size="sm" spacing={4}>
        {facts.map((fact) => (
          <List.Item key={fact}>{fact}</List.Item>
        ))}
      </List>
    </div>
  );
}
