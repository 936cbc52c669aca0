/** The doctor's report: what runs, with which versions, and why something is not usable. */
import { Button, CopyButton, Group, Loader, Table, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { DoctorLine, DoctorReport } from '../../../contract/doctor.ts';
import { orpc } from '../../api/client.ts';
import { errorMessage } from '../../shared/show-error.ts';
import { Card } from './card.tsx';

const states = {
  ok: { label: 'fine', icon: IconCircleCheck, colour: 'jade' },
  note: { label: 'works without it', icon: IconInfoCircle, colour: 'gray' },
  problem: { label: 'problem', icon: IconAlertTriangle, colour: 'red' },
} as const;

export function DoctorCard() {
  const { data, error, isFetching, refetch } = useQuery(orpc.doctor.report.queryOptions());
  return (
    <Card title="Doctor" text="The same as `npx sfiqa doctor` on the command line.">
      {data === undefined && error === null && <Loader size="sm" aria-label="Looking" />}
      {error !== null && <Text size="sm">{errorMessage(error)}</Text>}
      {data?.sections.map(({ title, lines }) => (
        <div key={title}>
          <Title order={3} size="h6">
            {title}
          </Title>
          <Table fz="sm" verticalSpacing={4} layout="fixed">
            <Table.Tbody>
              {lines.map((line) => (
                <Line key={line.name} line={line} />
              ))}
            </Table.Tbody>
          </Table>
        </div>
      ))}
      <Group>
        <Button size="compact-sm" variant="default" loading={isFetching} onClick={() => void refetch()}>
          Look again
        </Button>
        {data !== undefined && (
          <CopyButton value={asText(data)}>
            {({ copied, copy }) => (
              <Button size="compact-sm" variant="default" onClick={copy}>
                {copied ? 'Copied' : 'Copy the report'}
              </Button>
            )}
          </CopyButton>
        )}
      </Group>
    </Card>
  );
}

function Line({ line: { name, state, value, advice } }: { line: DoctorLine }) {
  const { label, icon: Icon, colour } = states[state];
  return (
    <Table.Tr data-state={state}>
      <Table.Td w={200}>{name}</Table.Td>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        {value}
        {advice !== null && (
          <Text size="xs" c="dimmed">
            {advice}
          </Text>
        )}
      </Table.Td>
      <Table.Td w={150}>
        <Group gap={6} wrap="nowrap">
          <Icon
            size={16}
            color={`var(--mantine-color-${colour}-${colour === 'gray' ? 6 : 7})`}
            aria-hidden="true"
          />
          <Text size="xs">{label}</Text>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function asText({ sections }: DoctorReport): string {
  return sections
    .map(({ title, lines }) =>
      [
        title,
        ...lines.map(
          ({ name, state, value, advice }) =>
            `  ${state}\t${name}\t${value}${advice === null ? '' : `\t${advice}`}`,
        ),
      ].join('\n'),
    )
    .join('\n\n');
}
