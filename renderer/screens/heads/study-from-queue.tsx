/** Makes a blind study of the images to rate next: raters see neither scores nor why an image is asked for. */
import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import type { MosSet } from '../../../contract/mos.ts';
import { type Dimension, type StudyDesign, scalePresets } from '../../../contract/studies.ts';
import { orpc } from '../../api/client.ts';
import { showError } from '../../shared/show-error.ts';

interface StudyFromQueueProps {
  imageIds: number[];
  dimension: string;
  /** The ratings so far; where they are of a study, the new one asks as it did. */
  set: MosSet | undefined;
}

const questions: Record<string, string> = {
  quality: 'How good does this image look?',
  alignment: 'How well does this image show what the prompt says?',
};

export function StudyFromQueue({ imageIds, dimension, set }: StudyFromQueueProps) {
  const [, navigate] = useLocation();
  const studies = useQuery(orpc.studies.list.queryOptions()).data ?? [];
  const design = studies.find(({ id }) => id === set?.studyId)?.design;
  const create = useMutation(
    orpc.studies.create.mutationOptions({
      onSuccess: ({ id }) => navigate(`/studies/${id}`),
      onError: (error) => showError('The study could not be made', error),
    }),
  );
  const name = `Rate next: ${dimension}, ${imageIds.length} images`;
  return (
    <Button
      size="compact-sm"
      loading={create.isPending}
      disabled={imageIds.length === 0}
      onClick={() => create.mutate({ name, imageIds, design: designFor(dimension, design) })}
    >
      Make a blind study of them
    </Button>
  );
}

/** One question only; scale, plan and instructions as in the earlier study, else five levels. */
function designFor(key: string, earlier: StudyDesign | undefined) {
  const same = earlier?.dimensions.find((dimension) => dimension.key === key);
  const asked: Dimension = same ?? {
    key,
    label: key.slice(0, 1).toUpperCase() + key.slice(1),
    question: questions[key] ?? '',
    showsPrompt: key !== 'quality',
    scale: scalePresets.acr5,
  };
  const seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 1;
  const { plan, instructions = '' } = earlier ?? {};
  return { dimensions: [asked], seed, instructions, ...(plan === undefined ? {} : { plan }) };
}
