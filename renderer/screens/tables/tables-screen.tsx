/** The tables screen: MOS sets that come in and go out, and the scores as a table. */
import { Button, Group, Stack, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconFileExport, IconFolderDown, IconTableImport } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { MosSet, ScaleEnds } from '../../../contract/mos.ts';
import { orpc } from '../../api/client.ts';
import { ExportDialog } from '../../shared/export/export-dialog.tsx';
import { mosSetSource, studySource } from '../../shared/export/export-sources.ts';
import { ExportLink } from '../../shared/export-link.tsx';
import { formatCount, formatTime } from '../../shared/format.ts';
import { Keys } from '../../shared/keys.tsx';
import { Card, Page } from '../../shared/page.tsx';
import { QueryGate } from '../../shared/query-gate.tsx';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { DatasetDialog } from './dataset-dialog.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { ScaleDialog } from './scale-dialog.tsx';
import { ScoresCard } from './scores-card.tsx';

/** A MOS table goes out whole first. */
const ofMos = { presetId: 'mos', format: 'csv' } as const;

export function TablesScreen() {
  const sets = useQuery(orpc.mos.sets.queryOptions());
  const [isImporting, importing] = useDisclosure(false);
  const [isTaking, taking] = useDisclosure(false);
  const [exported, setExported] = useState<string | null>(null);
  const [rescaled, setRescaled] = useState<MosSet | null>(null);
  useShortcuts([
    ...[
      { keys: 'I', label: 'Import a table', run: importing.open },
      { keys: 'D', label: 'Import a data set', run: taking.open },
      { keys: 'mod+E', label: 'Export images', run: () => setExported('all') },
    ].map((shortcut) => ({
      ...shortcut,
      group: 'Tables',
      disabled: isImporting || isTaking || exported !== null || rescaled !== null,
    })),
  ]);
  return (
    <Page
      title="Tables"
      note="Opinion scores and scores, in and out, as tables that other tools read."
      actions={
        <>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconFileExport size={16} stroke={1.7} />}
            rightSection={<Keys keys="mod+E" />}
            onClick={() => setExported('all')}
          >
            Export images…
          </Button>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconFolderDown size={16} stroke={1.7} />}
            rightSection={<Keys keys="D" />}
            onClick={taking.open}
          >
            Import a data set…
          </Button>
          <Button
            size="xs"
            leftSection={<IconTableImport size={16} stroke={1.7} />}
            rightSection={<Keys keys="I" />}
            onClick={importing.open}
          >
            Import a table…
          </Button>
        </>
      }
    >
      <Stack>
        <Card title="MOS sets" note="Of your studies, and imported.">
          <QueryGate query={sets}>
            {(all) => <MosSets sets={all} onExport={setExported} onScale={setRescaled} />}
          </QueryGate>
        </Card>
        <ScoresCard />
      </Stack>
      <ImportDialog opened={isImporting} onClose={importing.close} />
      <DatasetDialog opened={isTaking} onClose={taking.close} />
      <ScaleDialog set={rescaled} onClose={() => setRescaled(null)} />
      <ExportDialog
        opened={exported !== null}
        onClose={() => setExported(null)}
        {...(exported === null || exported === 'all' ? {} : { source: exported, preset: ofMos })}
      />
    </Page>
  );
}

interface MosSetsProps {
  sets: MosSet[];
  onExport: (source: string) => void;
  /** A person wants to say on which scale a set was rated. */
  onScale: (set: MosSet) => void;
}

function MosSets({ sets, ...on }: MosSetsProps) {
  if (sets.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        None yet. A study makes one with its first vote; a table such as AGIQA-3K’s data.csv can be imported.
      </Text>
    );
  }
  return (
    <Table aria-label="MOS sets" verticalSpacing={6}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th>Dimensions and scales</Table.Th>
          <Table.Th ta="right">Images</Table.Th>
          <Table.Th ta="right">With files</Table.Th>
          <Table.Th>How the means were made</Table.Th>
          <Table.Th>Created</Table.Th>
          <Table.Th />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody className="numbers">
        {sets.map((set) => (
          <MosSetRow key={set.id} set={set} {...on} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function MosSetRow({ set, onExport, onScale }: Omit<MosSetsProps, 'sets'> & { set: MosSet }) {
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={500}>
          {set.name}
        </Text>
        <Text size="xs" c="dimmed">
          {set.kind === 'study' ? 'study' : 'imported'}
        </Text>
      </Table.Td>
      <Table.Td>
        <Scales set={set} onScale={onScale} />
      </Table.Td>
      <Table.Td ta="right">{formatCount(set.images)}</Table.Td>
      <Table.Td ta="right">{formatCount(set.withFiles)}</Table.Td>
      <Table.Td>{set.method}</Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>{formatTime(set.createdAt)}</Table.Td>
      <Table.Td>
        <Group gap={6} justify="flex-end" wrap="nowrap">
          <ExportLink request={{ kind: 'mos', mosSetId: set.id }} label="MOS CSV" about={set.name} />
          {set.studyId === null ? null : (
            <ExportLink
              request={{ kind: 'votes', studyId: set.studyId }}
              label="Votes CSV"
              about={set.name}
            />
          )}
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`Export with the images: ${set.name}`}
            onClick={() => onExport(set.studyId === null ? mosSetSource(set.id) : studySource(set.studyId))}
          >
            Export…
          </Button>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

/** Dimensions that share a scale stand together. A study's scale is that of its design, so only imported sets have a button. */
function Scales({ set, onScale }: Omit<MosSetsProps, 'sets' | 'onExport'> & { set: MosSet }) {
  const byScale = Map.groupBy(set.scales, ({ scale, lowerIsBetter }) => describeScale(scale, lowerIsBetter));
  return (
    <>
      {[...byScale].map(([told, some]) => (
        <Text key={told} size="sm">
          {some.map(({ dimension }) => dimension).join(', ')}{' '}
          <Text span size="xs" c="dimmed">
            {told}
          </Text>
        </Text>
      ))}
      {set.kind === 'study' ? (
        <Text size="xs" c="dimmed">
          by its design, so it stays
        </Text>
      ) : (
        <Button
          size="compact-xs"
          variant="subtle"
          ml={-8}
          aria-label={`Change the scale: ${set.name}`}
          onClick={() => onScale(set)}
        >
          Change the scale…
        </Button>
      )}
    </>
  );
}

function describeScale(scale: ScaleEnds | null, lowerIsBetter: boolean): string {
  if (scale === null) return 'scale not known';
  return `${scale[0]} to ${scale[1]}${lowerIsBetter ? ', turned round' : ''}`;
}
