/** Takes a public data set in: its folder is chosen, what it holds is shown, one button imports it. */
import { Button, Group, Modal, Stack, Switch, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { DatasetPreview } from '../../../contract/datasets.ts';
import type { ScaleEnds } from '../../../contract/mos.ts';
import { orpc } from '../../api/client.ts';
import { useRunningJob } from '../../api/jobs.ts';
import { FirstRows } from '../../shared/first-rows.tsx';
import { FolderPicker } from '../../shared/folder-picker.tsx';
import { formatCount, formatScore } from '../../shared/format.ts';
import { Notice } from '../../shared/notice.tsx';
import { ScaleInputs } from '../../shared/scale-inputs.tsx';
import { startScoring } from '../../shared/score-folders.ts';
import { errorMessage, showError } from '../../shared/show-error.ts';
import { findScaleProblem, readScale, type TypedScale } from '../../shared/typed-scale.ts';

interface DatasetDialogProps {
  opened: boolean;
  onClose: () => void;
}

export function DatasetDialog({ opened, onClose }: DatasetDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Import a data set" size={860}>
      <DatasetForm onClose={onClose} />
    </Modal>
  );
}

function DatasetForm({ onClose }: { onClose: () => void }) {
  const [path, setPath] = useState<string | undefined>();
  const [folder, setFolder] = useState<string | null>(null);
  const [scores, setScores] = useState(true);
  const [typed, setTyped] = useState<TypedScale>(['', '']);
  const isScoring = useRunningJob('score') !== undefined;
  const note = useCallback((found: { path: string } | null) => setFolder(found?.path ?? null), []);
  // The folder that the picker begins in is nobody's choice: nothing is read before one is made.
  const isChosen = path !== undefined && folder !== null;
  const preview = useQuery({
    ...orpc.mos.previewDataset.queryOptions({ input: { path: folder ?? '' } }),
    ...{ enabled: isChosen, retry: false, staleTime: 0 },
  });
  const found = isChosen && preview.error === null ? preview.data : undefined;
  const importing = useMutation(
    orpc.mos.importDataset.mutationOptions({
      onSuccess: (set) => {
        notifications.show({
          message: `“${set.name}” is imported: ${formatCount(set.images)} images, ${formatCount(set.withFiles)} with files.`,
        });
        if (scores && !isScoring && found !== undefined) score(found.folder);
        onClose();
      },
    }),
  );
  const scaleProblem = found?.scale === null ? findScaleProblem(typed, found.title) : null;
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        AGIQA-1K, AGIQA-3K, AIGIQA-20K, AIGCIQA2023, PKU-I2IQA, ImageReward, HPD v2 and Pick-a-Pic are
        recognised by their files.
      </Text>
      <FolderPicker path={path} onPath={setPath} onFound={note} />
      {isChosen && preview.isFetching && <Text size="sm">Reading its tables…</Text>}
      {isChosen && preview.error !== null && !preview.isFetching && (
        <Notice tone="problem" title="Nothing to import here" role="alert">
          {errorMessage(preview.error)}
        </Notice>
      )}
      {found !== undefined && <Preview found={found} />}
      {found?.scale === null && <ScaleInputs name={found.title} scale={typed} onChange={setTyped} />}
      {importing.error !== null && (
        <Notice tone="problem" title="Nothing was imported" role="alert">
          {errorMessage(importing.error)}
        </Notice>
      )}
      {scaleProblem !== null && (
        <Text size="sm" c="dimmed" role="status">
          {scaleProblem}
        </Text>
      )}
      <Group justify="space-between">
        <Switch
          label={isScoring ? 'Scoring is busy: score its images later' : 'Score its images afterwards'}
          checked={scores && !isScoring}
          disabled={isScoring}
          onChange={(event) => setScores(event.currentTarget.checked)}
        />
        <Button
          disabled={found === undefined || scaleProblem !== null}
          loading={importing.isPending}
          onClick={() => folder !== null && importing.mutate({ path: folder, ...scaleSaid(found, typed) })}
        >
          {found === undefined ? 'Import' : `Import ${found.title}`}
        </Button>
      </Group>
    </Stack>
  );
}

/** What was typed, where it was asked for. */
function scaleSaid(found: DatasetPreview | undefined, typed: TypedScale): { scale?: ScaleEnds } {
  const scale = found?.scale === null ? readScale(typed) : undefined;
  return scale === undefined ? {} : { scale };
}

function score(folder: string): void {
  startScoring({ folder, recursive: true }).catch((error: unknown) =>
    showError('Scoring could not be started', error),
  );
}

function Preview({ found }: { found: DatasetPreview }) {
  const { title, method, images, knownImages, prompts, generators, dimensions, scale, header, rows } = found;
  return (
    <Stack gap="xs" data-testid="dataset-preview" className="numbers">
      <Text size="sm">
        <b>{title}</b>: {formatCount(images)} images ({formatCount(knownImages)} in this library),{' '}
        {formatCount(prompts)} prompts
        {generators.length > 0 && `, generators ${generators.join(', ')}`}
      </Text>
      {dimensions.map(({ dimension, images: means, low, high }) => (
        <Text key={dimension} size="sm">
          {dimension}: {formatCount(means)} means
          {low !== null && high !== null && ` from ${formatScore(low)} to ${formatScore(high)}`}
        </Text>
      ))}
      <Text size="xs" c="dimmed">
        Its numbers: {method}
        {scale !== null && `, on a scale of ${scale[0]} to ${scale[1]}`}.
      </Text>
      <FirstRows header={header} rows={rows} />
    </Stack>
  );
}
