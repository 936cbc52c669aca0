/** All studies of the library in a table, the newest first. */
import { Anchor, Button, Table } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import type { Study } from '../../../contract/studies.ts';
import { EmptyState } from '../../shared/empty-state.tsx';
import { formatCount, formatTime } from '../../shared/format.ts';
import { Page } from '../../shared/page.tsx';
import { NewStudyDialog } from './new-study-dialog.tsx';

export function StudyList({ studies }: { studies: Study[] }) {
  const [isNew, setIsNew] = useState(false);
  const dialog = <NewStudyDialog imageIds={[]} opened={isNew} onClose={() => setIsNew(false)} />;
  const fromTable = (
    <Button variant="default" size="compact-sm" onClick={() => setIsNew(true)}>
      New study from a table…
    </Button>
  );
  if (studies.length === 0) {
    return (
      <EmptyState
        title="No studies yet"
        text="A study asks people to rate images. Select the images in the library, then choose “Create study…”."
      >
        <Button component={Link} href="/">
          Select images in the library
        </Button>
        {fromTable}
        {dialog}
      </EmptyState>
    );
  }
  return (
    <Page title="Studies" note="To make another, select images in the library." actions={fromTable}>
      {dialog}
      <Table highlightOnHover stickyHeader aria-label="Studies">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>Questions</Table.Th>
            <Table.Th ta="right">Images</Table.Th>
            <Table.Th ta="right">Raters</Table.Th>
            <Table.Th ta="right">Votes</Table.Th>
            <Table.Th>Created</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody className="numbers">
          {studies.map((study) => (
            <Table.Tr key={study.id}>
              <Table.Td>
                <Anchor component={Link} href={`/studies/${study.id}`} size="sm" fw={500}>
                  {study.name}
                </Anchor>
              </Table.Td>
              <Table.Td>{study.design.dimensions.map(({ label }) => label).join(', ')}</Table.Td>
              <Table.Td ta="right">{formatCount(study.stimuli)}</Table.Td>
              <Table.Td ta="right">{formatCount(study.raters)}</Table.Td>
              <Table.Td ta="right">{formatCount(study.votes)}</Table.Td>
              <Table.Td>{formatTime(study.createdAt)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Page>
  );
}
