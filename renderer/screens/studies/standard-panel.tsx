/** The study beside ITU-T P.910 and ITU-R BT.500, item by item, and what a paper says of it. */
import { SegmentedControl, Stack } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Study } from '../../../contract/studies.ts';
import { orpc } from '../../api/client.ts';
import { CopyValue } from '../../shared/copy-value.tsx';
import { Card } from '../../shared/page.tsx';
import { QueryGate } from '../../shared/query-gate.tsx';
import { ChecklistView } from './checklist-view.tsx';

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
        <QueryGate query={checklist}>{(known) => <ChecklistView checklist={known} />}</QueryGate>
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
