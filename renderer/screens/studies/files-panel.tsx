/** A study's files: tables for other tools, packs to rate elsewhere, and results that come back. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Study } from '../../../contract/studies.ts';
import type { Merged } from '../../../contract/study-files.ts';
import { orpc } from '../../api/client.ts';
import { ExportLink } from '../../shared/export-link.tsx';
import { formatCount } from '../../shared/format.ts';
import { Card } from '../../shared/page.tsx';
import { errorMessage } from '../../shared/show-error.ts';
import { ExportPackDialog } from './export-pack-dialog.tsx';
import { FileChoice } from './file-choice.tsx';

export function FilesPanel({ study }: { study: Study }) {
  return (
    <Stack>
      <TablesCard study={study} />
      <PackCard study={study} />
    </Stack>
  );
}

function TablesCard({ study }: { study: Study }) {
  const { id: studyId, mosSetId, design } = study;
  if (design.plan.method === 'pairs') {
    return (
      <Card
        title="Tables"
        note="Every choice between two images, and the scores by Bradley–Terry and Thurstone."
      >
        <Group gap="xs">
          <ExportLink request={{ kind: 'pairs', studyId }} label="Choices, one a row" />
          {design.dimensions.map(({ key: dimension, label }) => (
            <ExportLink
              key={dimension}
              request={{ kind: 'pairScores', studyId, dimension }}
              label={design.dimensions.length === 1 ? 'Scores' : `Scores: ${label}`}
            />
          ))}
        </Group>
      </Card>
    );
  }
  return (
    <Card title="Tables" note="For other tools. Those in a row with a question are of that question.">
      <Stack gap="xs">
        <Group gap="xs">
          <ExportLink request={{ kind: 'mos', mosSetId }} label="MOS, AGIQA-3K’s columns" />
          <ExportLink request={{ kind: 'votes', studyId }} label="Votes, one a row" />
        </Group>
        {design.dimensions.map(({ key: dimension, label }) => (
          <Group key={dimension} gap="xs">
            <Text size="sm" miw={110}>
              {label}
            </Text>
            <ExportLink
              request={{ kind: 'estimates', studyId, dimension }}
              label="MOS by method"
              about={label}
            />
            <ExportLink request={{ kind: 'comparison', studyId, dimension }} label="Methods" about={label} />
            <ExportLink request={{ kind: 'screening', studyId, dimension }} label="Screening" about={label} />
            <ExportLink request={{ kind: 'matrix', studyId, dimension }} label="Matrix" about={label} />
            <ExportLink request={{ kind: 'p910', studyId, dimension }} label="P.910 toolkit" about={label} />
            <ExportLink request={{ kind: 'sureal', studyId, dimension }} label="sureal JSON" about={label} />
          </Group>
        ))}
      </Stack>
    </Card>
  );
}

function PackCard({ study }: { study: Study }) {
  const [isExporting, setIsExporting] = useState(false);
  const { id: studyId, origin } = study;
  return (
    <Card
      title="Rating on other machines"
      note="A study pack carries images, design and what some raters are to see, in one file or a folder; results come back as one file."
    >
      <Group gap="xs">
        {origin === 'own' ? (
          <Button variant="default" size="compact-sm" onClick={() => setIsExporting(true)}>
            Export a study pack…
          </Button>
        ) : null}
        <ExportLink request={{ kind: 'results', studyId }} label="Results" />
        <ExportLink request={{ kind: 'design', studyId }} label="Design" />
        <MergeButton />
      </Group>
      <ExportPackDialog study={study} opened={isExporting} onClose={() => setIsExporting(false)} />
    </Card>
  );
}

/** Takes results of other machines in: in any order, any number of times the same. */
function MergeButton() {
  const merge = useMutation(orpc.studies.merge.mutationOptions());
  return (
    <>
      <FileChoice
        accept=".json,application/json"
        size="compact-sm"
        loading={merge.isPending}
        onFile={(file) => merge.mutate({ source: { fileName: file.name, file } })}
      >
        Merge results…
      </FileChoice>
      {merge.error === null ? null : (
        <Text size="sm" c="red" role="alert">
          {errorMessage(merge.error)}
        </Text>
      )}
      {merge.data === undefined ? null : (
        <Text size="sm" role="status" data-testid="merged">
          {describeMerged(merge.data)}
        </Text>
      )}
    </>
  );
}

function describeMerged({ votes, known, sessions }: Merged): string {
  return `${formatCount(votes)} new votes of ${formatCount(sessions)} sittings; ${formatCount(known)} were here already.`;
}
