/** The study beside ITU-T P.910 and ITU-R BT.500, item by item, and what a paper says of it. */
import { Badge, SegmentedControl, Stack, Table, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Study } from '../../../contract/studies.ts';
import type { Checklist } from '../../../contract/study-quality.ts';
import { orpc } from '../../api/client.ts';
import { CopyValue } from '../../shared/copy-value.tsx';
import { Card } from '../../shared/page.tsx';
import { QueryGate } from '../../shared/query-gate.tsx';

type Environment = 'any' | 'controlled';

export function StandardPanel({ study }: { study: Study }) {
  const [environment, setEnvironment] = useState<Environment>('any');
  const checklist = useQuery({
    ...orpc.studies.checklist.queryOptions({ input: { studyId: study.id, environment } }),
    placeholderData: keepPreviousData,
  });
  const methods = useQuery(orpc.studies.methods.queryOptions({ input: { studyId: study.id } }));
  return (
    <Stack>
      <Card
        title="By the book"
        note="What ITU-T P.910 and ITU-R BT.500 ask of a subjective study."
        actions={
          <SegmentedControl
            aria-label="Where raters sit"
            size="xs"
            value={environment}
            onChange={setEnvironment}
            data={[
              { value: 'any' as const, label: 'Raters sit anywhere' },
              { value: 'controlled' as const, label: 'In a controlled room' },
            ]}
          />
        }
      >
        <QueryGate query={checklist}>{(known) => <Items checklist={known} />}</QueryGate>
      </Card>
      <Card title="For a paper" note="Follows the design and what has happened so far.">
        <QueryGate query={methods}>
          {({ paragraph, table }) => (
            <Stack data-testid="methods">
              <CopyValue label="paragraph" value={paragraph} isProse />
              <CopyValue label="table" value={table} />
            </Stack>
          )}
        </QueryGate>
      </Card>
    </Stack>
  );
}

const states: Record<Checklist['items'][number]['state'], { word: string; mark: string }> = {
  met: { word: 'met', mark: '✓' },
  notMet: { word: 'not met', mark: '✗' },
  notApplicable: { word: 'not applicable', mark: '–' },
};

const standings: Record<Checklist['standing'], string> = {
  formal: 'formal',
  informal: 'informal',
  preTest: 'pre-test',
  tooFew: 'too few raters',
};

function Items({ checklist }: { checklist: Checklist }) {
  return (
    <>
      <Text size="sm" mb="xs" data-testid="standing">
        <Badge variant="default" mr={8}>
          {standings[checklist.standing]}
        </Badge>
        {checklist.sentence}
      </Text>
      <Table aria-label="Checklist" verticalSpacing={5}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Item</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Here</Table.Th>
            <Table.Th>Clause</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {checklist.items.map(({ id, title, clause, state, sentence }) => (
            <Table.Tr key={id} data-state={state}>
              <Table.Td fw={500}>{title}</Table.Td>
              <Table.Td style={{ whiteSpace: 'nowrap' }} fw={state === 'notMet' ? 600 : 400}>
                {states[state].mark} {states[state].word}
              </Table.Td>
              <Table.Td>{sentence}</Table.Td>
              <Table.Td>
                <Text size="xs" c="dimmed">
                  {clause}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  );
}
