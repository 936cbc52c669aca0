/** All studies of the library in a table, the newest first. */
import { Anchor, Button, Group, Table } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import type { Study } from '../../../contract/studies.ts';
import { EmptyState } from '../../shared/empty-state.tsx';
import { formatCount, formatTime } from '../../shared/format.ts';
import { Page } from '../../shared/page.tsx';
import { ImportVotesDialog } from './import-votes-dialog.tsx';
import { NewStudyDialog } from './new-study-dialog.tsx';
import { TakePackDialog } from './take-pack-dialog.tsx';

type Open = 'study' | 'votes' | 'pack' | null;

export function StudyList({ studies }: { studies: Study[] }) {
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const actions = (
    <>
      <Button variant="default" size="compact-sm" onClick={() => setOpen('study')}>
        New study from a table…
      </Button>
      <Button variant="default" size="compact-sm" onClick={() => setOpen('votes')}>
        Import votes…
      </Button>
      <Button variant="default" size="compact-sm" onClick={() => setOpen('pack')}>
        Take a study pack in…
      </Button>
      <NewStudyDialog imageIds={[]} opened={open === 'study'} onClose={close} />
      <ImportVotesDialog opened={open === 'votes'} onClose={close} />
      <TakePackDialog opened={open === 'pack'} onClose={close} />
    </>
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
        <Group gap="xs">{actions}</Group>
      </EmptyState>
    );
  }
  return (
    <Page title="Studies" note="To make another, select images in the library." actions={actions}>
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
