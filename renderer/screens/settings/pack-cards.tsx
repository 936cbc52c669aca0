/** The models the studio can score with: what each knows and does not, its figures, signals, sources and licences. */
import { Badge, Button, Group, List, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { PackInfo } from '../../../contract/pack.ts';
import { orpc } from '../../api/client.ts';
import { PackFigures } from '../../shared/pack-figures.tsx';
import { Card } from './card.tsx';
import { useSettings } from './use-settings.ts';

export function PackCards() {
  const packs = useQuery(orpc.packs.list.queryOptions()).data ?? [];
  return packs.map((pack) => <PackCard key={pack.id} pack={pack} />);
}

function PackCard({ pack }: { pack: PackInfo }) {
  const [settings, change] = useSettings();
  const isUsed = settings?.packId === pack.id;
  return (
    <Card title={`Model: ${pack.title}`} text={pack.summary}>
      <Group gap="xs">
        {isUsed ? (
          <Badge variant="outline">its scores are shown</Badge>
        ) : (
          <Button size="compact-sm" variant="default" onClick={() => change({ packId: pack.id })}>
            Show its scores
          </Button>
        )}
        <Badge variant="light" color="gray" tt="none">
          {pack.licence}
        </Badge>
      </Group>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
        <Part title="What it knows">
          <Facts facts={pack.knows} />
        </Part>
        <Part title="What it does not know">
          <Facts facts={pack.doesNotKnow} />
        </Part>
      </SimpleGrid>
      <Part title="How well it agrees with people">
        <PackFigures heads={pack.heads} />
      </Part>
      <Part title="Signals">
        <Signals pack={pack} />
      </Part>
      <Part title="How an image is read">
        <Text size="sm">{pack.inputRecipe}</Text>
      </Part>
      <Part title="Sources and licences">
        <Stack gap={6}>
          {pack.sources.map(({ title, citation, licence }) => (
            <Text size="sm" key={title}>
              <b>{title}</b> ({licence}).{' '}
              <Text span c="dimmed">
                {citation}
              </Text>
            </Text>
          ))}
        </Stack>
      </Part>
    </Card>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <Title order={3} size="h6" mb={4}>
        {title}
      </Title>
      {children}
    </div>
  );
}

function Facts({ facts }: { facts: string[] }) {
  return (
    <List size="sm" spacing={4}>
      {facts.map((fact) => (
        <List.Item key={fact}>{fact}</List.Item>
      ))}
    </List>
  );
}

/** Those it gives, with their meaning; those it cannot give, with the reason and the way to have them. */
function Signals({ pack: { signals, absent } }: { pack: PackInfo }) {
  return (
    <Table fz="sm" verticalSpacing={5}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Signal</Table.Th>
          <Table.Th>Meaning</Table.Th>
          <Table.Th>Better</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {signals.map(({ name, label, description, higherIsBetter }) => (
          <Table.Tr key={name}>
            <Table.Td>{label}</Table.Td>
            <Table.Td>{description}</Table.Td>
            <Table.Td>{higherIsBetter === null ? 'neither' : higherIsBetter ? 'higher' : 'lower'}</Table.Td>
          </Table.Tr>
        ))}
        {absent.map(({ name, reason }) => (
          <Table.Tr key={name} data-testid={`absent-${name}`}>
            <Table.Td>{name.toUpperCase()}</Table.Td>
            <Table.Td>{reason}</Table.Td>
            <Table.Td>
              <b>absent</b>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
