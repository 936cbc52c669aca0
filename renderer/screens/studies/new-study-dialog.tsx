/** The wizard that designs a study over a selection or a table of images: four steps, all with defaults that suit a first study. */
import { Button, Group, Modal, Stack, Stepper, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { useLocation } from 'wouter';
import { orpc } from '../../api/client.ts';
import { formatCount } from '../../shared/format.ts';
import { Keys } from '../../shared/keys.tsx';
import { showError } from '../../shared/show-error.ts';
import { DimensionEditor } from './dimension-editor.tsx';
import {
  type DraftImages,
  type DraftProblems,
  type DraftStudy,
  drawSeed,
  findProblems,
  hasProblems,
  imagesOfSelection,
  newDraft,
  noProblems,
  studyOfDraft,
} from './draft.ts';
import { ImagesStep } from './images-step.tsx';
import { MethodFields } from './method-fields.tsx';
import { OrderFields, SittingFields } from './order-fields.tsx';
import { RatersStep } from './raters-step.tsx';

interface NewStudyDialogProps {
  imageIds: number[];
  opened: boolean;
  onClose: () => void;
}

/** Shows the new study's page once it is created. */
export function NewStudyDialog({ imageIds, opened, onClose }: NewStudyDialogProps) {
  const of = `${formatCount(imageIds.length)} image${imageIds.length === 1 ? '' : 's'}`;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size={920}
      title={imageIds.length === 0 ? 'New study' : `New study of ${of}`}
      transitionProps={{ duration: 0 }}
    >
      <StudyWizard imageIds={imageIds} onClose={onClose} />
    </Modal>
  );
}

const steps = ['Questions', 'Images', 'Order and sittings', 'Raters'] as const;

function StudyWizard({ imageIds, onClose }: Omit<NewStudyDialogProps, 'opened'>) {
  const [draft, setDraft] = useState(() => newDraft(drawSeed()));
  const [images, setImages] = useState(() => imagesOfSelection(imageIds));
  const [step, setStep] = useState(0);
  const [wasSent, setWasSent] = useState(false);
  const create = useCreation(onClose);
  const problems = findProblems(draft, images);
  function change(part: Partial<DraftStudy>): void {
    setDraft((known) => ({ ...known, ...part }));
  }
  function send(): void {
    setWasSent(true);
    const at = stepOfProblems(problems);
    if (at === null) create.mutate(studyOfDraft(draft, images));
    else setStep(at);
  }
  function goOn(event: FormEvent): void {
    event.preventDefault();
    if (step === steps.length - 1) send();
    else if (step === 0 && problems.name !== undefined) setWasSent(true);
    else setStep(step + 1);
  }
  function onKey(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    send();
  }
  const shown = wasSent ? problems : noProblems;
  return (
    <form onSubmit={goOn} onKeyDown={onKey}>
      <Stack>
        <Stepper active={step} onStepClick={setStep} size="xs" aria-label="Steps">
          {steps.map((label, at) => (
            <Stepper.Step
              key={label}
              label={label}
              {...(wasSent && listStepProblems(problems)[at] === true ? { color: 'red' } : {})}
            />
          ))}
        </Stepper>
        <WizardStep
          step={step}
          draft={draft}
          images={images}
          problems={shown}
          onChange={change}
          onImages={setImages}
        />
        <Group justify="space-between">
          <Button variant="default" disabled={step === 0} onClick={() => setStep(step - 1)}>
            Back
          </Button>
          <Text size="sm" c="dimmed" role="status">
            {wasSent && hasProblems(problems) ? 'Something is still missing.' : ''}
          </Text>
          <Group gap="xs">
            {step < steps.length - 1 ? (
              <Button type="submit" variant="default" rightSection={<Keys keys="Enter" />}>
                Next
              </Button>
            ) : null}
            <Button
              loading={create.isPending}
              rightSection={<Keys keys="mod+Enter" />}
              {...(step === steps.length - 1 ? { type: 'submit' } : { onClick: send })}
            >
              Create study
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
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

/** Which steps have something missing. */
function listStepProblems({
  name,
  dimensions,
  labels,
  words,
  images,
  checks,
  seed,
}: DraftProblems): boolean[] {
  const isAsking = [name, dimensions].some((problem) => problem !== undefined);
  return [
    isAsking || Object.keys(labels).length > 0 || Object.keys(words).length > 0,
    images !== undefined || checks !== undefined,
    false,
    seed !== undefined,
  ];
}

function stepOfProblems(problems: DraftProblems): number | null {
  const at = listStepProblems(problems).indexOf(true);
  return at === -1 ? null : at;
}

interface WizardStepProps {
  step: number;
  draft: DraftStudy;
  images: DraftImages;
  problems: DraftProblems;
  onChange: (part: Partial<DraftStudy>) => void;
  onImages: (images: DraftImages) => void;
}

function WizardStep({ step, onImages, ...rest }: WizardStepProps) {
  const { draft, problems, onChange } = rest;
  const { plan } = draft;
  const changePlan = (changed: DraftStudy['plan']) => onChange({ plan: changed });
  switch (step) {
    case 0:
      return (
        <Stack>
          <TextInput
            label="Name"
            placeholder="e.g. SDXL against FLUX, portraits"
            data-autofocus
            value={draft.name}
            error={problems.name}
            onChange={(event) => onChange({ name: event.currentTarget.value })}
          />
          <MethodFields plan={plan} onChange={changePlan} />
          <DimensionEditor
            dimensions={draft.dimensions}
            problems={problems}
            isPairs={plan.method === 'pairs'}
            onChange={(dimensions) => onChange({ dimensions })}
          />
        </Stack>
      );
    case 1:
      return <ImagesStep {...rest} onImages={onImages} />;
    case 2:
      return (
        <Stack>
          <OrderFields plan={plan} onChange={changePlan} />
          <SittingFields plan={plan} onChange={changePlan} />
        </Stack>
      );
    default:
      return <RatersStep {...rest} />;
  }
}
