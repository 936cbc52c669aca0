/** Changes the design of a study before its first vote, or makes its next version after it; images and their roles stay. */
import { Modal } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { Study } from '../../../contract/studies.ts';
import { orpc } from '../../api/client.ts';
import { showError } from '../../shared/show-error.ts';
import { type DraftStudy, designOfDraft, imagesOfSelection } from './draft.ts';
import { findProblems } from './draft-problems.ts';
import { designSteps, WizardForm } from './wizard-form.tsx';

interface ReviseDialogProps {
  study: Study;
  /** The design as it is. */
  draft: DraftStudy;
  opened: boolean;
  onClose: () => void;
}

export function ReviseDialog({ study, draft, opened, onClose }: ReviseDialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size={1040}
      title={study.frozenAt === null ? 'Change the design' : `Version ${study.version + 1} of ${study.name}`}
    >
      <ReviseForm study={study} draft={draft} onClose={onClose} />
    </Modal>
  );
}

function ReviseForm({ study, draft: known, onClose }: Omit<ReviseDialogProps, 'opened'>) {
  const [draft, setDraft] = useState(known);
  const [, navigate] = useLocation();
  const revise = useMutation(
    orpc.studies.revise.mutationOptions({
      onSuccess: ({ id }) => {
        onClose();
        navigate(`/studies/${id}`);
      },
      onError: (error) => showError('The design was not changed', error),
    }),
  );
  // Only how many there are matters: which images these are stays as it is.
  const images = imagesOfSelection(Array.from({ length: study.stimuli }, (_, at) => at + 1));
  const { images: _, ...problems } = findProblems(draft, images);
  return (
    <WizardForm
      steps={designSteps}
      draft={draft}
      images={images}
      problems={problems}
      action={study.frozenAt === null ? 'Change it' : 'Make this version'}
      isPending={revise.isPending}
      onChange={(part) => setDraft((before) => ({ ...before, ...part }))}
      onImages={() => undefined}
      onSend={() =>
        revise.mutate({ studyId: study.id, name: draft.name.trim(), design: designOfDraft(draft) })
      }
    />
  );
}
