/** Sidecars in the export dialog: how they are called, and the question before anything is written beside images. */
import { Alert, Button, Group, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { SidecarNaming } from '../../../contract/export-sidecars.ts';
import type { Job } from '../../../contract/jobs.ts';
import { client } from '../../api/client.ts';
import { noteJob } from '../../api/jobs.ts';
import { DialogFoot } from '../dialog-foot.tsx';
import { countOf } from '../format.ts';
import { Keys } from '../keys.tsx';
import { Notice } from '../notice.tsx';
import { errorMessage } from '../show-error.ts';
import { useSubmitKey } from '../use-submit-key.ts';
import { Choice } from './choice.tsx';
import classes from './export.module.css';
import { noStars, StarFields, starsOrder } from './star-fields.tsx';
import type { useExportForm } from './use-export-form.ts';

interface SidecarFieldsProps {
  form: Pick<ReturnType<typeof useExportForm>, 'table' | 'preview' | 'about'>;
  onStarted: (job: Job) => void;
  onClose: () => void;
}

export function SidecarFields({ form: { table, preview, about }, onStarted, onClose }: SidecarFieldsProps) {
  const [naming, setNaming] = useState<SidecarNaming>('image');
  const [stars, setStars] = useState(noStars);
  const [isAsking, setAsking] = useState(false);
  const total = preview.data?.total ?? 0;
  const { choice, packId, mosSetId } = table;
  const start = useMutation({
    mutationFn: async () =>
      await client.exports.sidecars({
        ...{ choice, naming, ...starsOrder(stars) },
        ...(packId === undefined ? {} : { packId }),
        ...(mosSetId === undefined ? {} : { mosSetId }),
      }),
    onSuccess: (job) => {
      noteJob(job);
      onStarted(job);
    },
  });
  const images = countOf(total, 'image');
  const isCounted = total > 0 && !preview.isPlaceholderData;
  // As in the other forms of an export; pressed early, the question comes as soon as it can say how many. Its own button, which has the keyboard, answers it.
  useSubmitKey(() => setAsking(true));
  const error = start.error ?? preview.error;
  return (
    <>
      <Notice tone="note" title="Scores and MOS for other programs">
        Prompt, signals, scores and MOS go into a small XMP file beside each image. Image files are not
        touched, and what other programs keep in such a file stays.
      </Notice>
      <Choice
        label="The sidecar of fox.png is"
        value={naming}
        options={[
          { value: 'image', label: 'fox.png.xmp' },
          { value: 'stem', label: 'fox.xmp (fox.png and fox.jpg in one folder are left out)' },
        ]}
        onChange={setNaming}
      />
      <StarFields mosSetId={about.mosSetId} stars={stars} onStars={setStars} />
      {isAsking && isCounted && (
        <Notice tone="warning" title={`Write beside ${images}?`} role="alert">
          <Text size="sm">A file appears in the folder of each, or changes where it is there already.</Text>
          <Button
            size="compact-sm"
            mt="xs"
            loading={start.isPending}
            onClick={() => start.mutate()}
            autoFocus
          >
            Write the sidecars of {images}
          </Button>
        </Notice>
      )}
      {error !== null && (
        <Alert color="red" p="xs" title="It was not exported" role="alert">
          {errorMessage(error)}
        </Alert>
      )}
      <DialogFoot>
        <Text size="xs" c="dimmed" className={`${classes['sum']} numbers`}>
          {preview.data === undefined ? '' : images}
        </Text>
        <Group gap="xs">
          <Button size="sm" variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            size="sm"
            disabled={!isCounted || isAsking}
            rightSection={<Keys keys="mod+Enter" />}
            onClick={() => setAsking(true)}
          >
            Export…
          </Button>
        </Group>
      </DialogFoot>
    </>
  );
}
