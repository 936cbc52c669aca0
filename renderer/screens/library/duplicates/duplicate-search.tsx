/** What near-duplicates are looked for by, and how alike they must be. */
import { ActionIcon, Button, NumberInput, Popover, Select, Text } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { DuplicateMeasure, type Duplicates, usualThresholds } from '../../../../contract/duplicates.ts';
import { orpc } from '../../../api/client.ts';
import { noteJob, useRunningJob } from '../../../api/jobs.ts';
import { CancelJobButton } from '../../../shared/cancel-job-button.tsx';
import { formatCount, formatTime } from '../../../shared/format.ts';
import { describeProgress } from '../../../shared/job-words.ts';
import { showError } from '../../../shared/show-error.ts';

const measures = [
  { value: 'auto', label: 'Embeddings, else pixels' },
  { value: 'embedding', label: 'Embeddings: alike in what is seen' },
  { value: 'fingerprint', label: 'Pixels: resized, recompressed' },
];

export function DuplicateSearch({ search }: Pick<Duplicates, 'search'>) {
  const [by, setBy] = useState<DuplicateMeasure | undefined>();
  const [percent, setPercent] = useState<number | null>(null);
  const job = useRunningJob('duplicates');
  const find = useMutation(
    orpc.duplicates.find.mutationOptions({
      onSuccess: noteJob,
      onError: (error) => showError('Near-duplicates were not looked for', error),
    }),
  );
  if (job !== undefined) {
    return (
      <>
        <Text size="sm" className="numbers">
          {describeProgress(job)}
        </Text>
        <CancelJobButton job={job} />
      </>
    );
  }
  const usual = usualThresholds[by ?? search?.by ?? 'fingerprint'];
  return (
    <>
      <Select
        size="xs"
        w={230}
        aria-label="Compare by"
        allowDeselect={false}
        data={measures}
        value={by ?? 'auto'}
        onChange={(value) => {
          const chosen = DuplicateMeasure.safeParse(value);
          setBy(chosen.success ? chosen.data : undefined);
        }}
      />
      <NumberInput
        size="xs"
        w={110}
        aria-label="Least likeness in percent"
        placeholder={`≥ ${100 * usual} %`}
        suffix=" %"
        min={80}
        max={99.9}
        step={0.5}
        decimalScale={2}
        value={percent ?? ''}
        onChange={(value) => setPercent(typeof value === 'number' ? value : null)}
      />
      <Button
        size="xs"
        variant={search === null ? 'filled' : 'default'}
        loading={find.isPending}
        onClick={() => find.mutate({ by, ...(percent !== null && { threshold: percent / 100 }) })}
      >
        {search === null ? 'Find near-duplicates' : 'Look again'}
      </Button>
      <ThresholdMeaning by={by ?? search?.by} />
      {search !== null && (
        <Text size="xs" c="dimmed">
          {formatCount(search.images)} images compared by{' '}
          {search.by === 'embedding' ? `embeddings (${search.packId})` : 'pixels'}, ≥{' '}
          {+(100 * search.threshold).toFixed(2)} %, {formatTime(search.foundAt)}
        </Text>
      )}
    </>
  );
}

/** What the percentage means, and how far it can be trusted, which differs between the two. */
function ThresholdMeaning({ by }: { by: DuplicateMeasure | undefined }) {
  const percent = (measure: DuplicateMeasure) => `${100 * usualThresholds[measure]} %`;
  const pixels = `Pixels: ${percent('fingerprint')} was measured on AGIQA-3K. Copies that were saved again, resized or recoloured reach it, different pictures stay below 60 %.`;
  const embeddings = `Embeddings: the cosine between them; ${percent('embedding')} is a first guess that was not measured. Other seeds of one prompt can reach it: look at some groups before you reject, and raise it where they hold different pictures.`;
  const words = by === undefined ? [embeddings, pixels] : [by === 'embedding' ? embeddings : pixels];
  return (
    <Popover width={420} position="bottom-start" withinPortal={false}>
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" aria-label="What the likeness means">
          <IconInfoCircle size={18} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        {words.map((one) => (
          <Text key={one} size="sm" mb={words.length > 1 ? 'xs' : 0}>
            {one}
          </Text>
        ))}
      </Popover.Dropdown>
    </Popover>
  );
}
