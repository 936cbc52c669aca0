/** The wizard that designs a study over a selection or a table of images: four steps, all with defaults that suit a first study. */
import { Modal } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { orpc } from '../../api/client.ts';
import { countOf } from '../../shared/format.ts';
import { showError } from '../../shared/show-error.ts';
import { drawSeed, imagesOfSelection, newDraft, studyOfDraft } from './draft.ts';
import { findProblems } from './draft-problems.ts';
import { allSteps, WizardForm } from './wizard-form.tsx';

interface NewStudyDialogProps {
  imageIds: number[];
  opened: boolean;
  onClose: () => void;
}

/** Shows the new study's page once it is created. */
export function NewStudyDialog({ imageIds, opened, onClose }: NewStudyDialogProps) {
  const of = countOf(imageIds.length, 'image');
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size={1040}
      title={imageIds.length === 0 ? 'New study' : `New study of ${of}`}
    >
      <StudyWizard imageIds={imageIds} onClose={onClose} />
    </Modal>
  );
}

function StudyWizard({ imageIds, onClose }: Omit<NewStudyDialogProps, 'opened'>) {
  const [draft, setDraft] = useState(() => newDraft(drawSeed()));
  const [images, setImages] = useState(() => imagesOfSelection(imageIds));
  const create = useCreation(onClose);
  return (
    <WizardForm
      steps={allSteps}
      draft={draft}
      images={images}
      problems={findProblems(draft, images)}
      action="Create study"
      isPending={create.isPending}
      onChange={(part) => setDraft((known) => ({ ...known, ...part }))}
      onImages={setImages}
      onSend={() => create.mutate(studyOfDraft(draft, images))}
    />
  );
}

function useCreation(onClose: () => void) {
  const [, navigate] = useLocation();
  return useMutation(
    orpc.studies.create.mutationOptions({
      onSuccess: (study) => {
        onClose();
        navigate(`/studies/${study.id}`);
      },
      onError: (error) => showError('The study could not be created', error),
    }),
  );
}
