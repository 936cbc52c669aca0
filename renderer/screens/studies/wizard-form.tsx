/** The steps of the study wizard and the way through them: Enter goes on, Ctrl+Enter ends it from any step. */
import { Button, Group, Stack, Stepper, Text, TextInput } from '@mantine/core';
import { type ComponentProps, type FormEvent, type KeyboardEvent, useState } from 'react';
import { Keys } from '../../shared/keys.tsx';
import { summariseChecklist } from './checklist-view.tsx';
import { DimensionEditor } from './dimension-editor.tsx';
import { type DraftImages, type DraftStudy, withMethod } from './draft.ts';
import { type DraftProblems, hasProblems, noProblems } from './draft-problems.ts';
import { ImagesStep } from './images-step.tsx';
import { MethodFields } from './method-fields.tsx';
import { OrderFields, SittingFields } from './order-fields.tsx';
import { firstPanel } from './planner.tsx';
import { RatersStep } from './raters-step.tsx';
import classes from './studies.module.css';
import { type Environment, useOutlook } from './use-outlook.ts';
import { ViewingFields } from './viewing-fields.tsx';

type Step = 'questions' | 'images' | 'order' | 'raters';

const labels: Record<Step, string> = {
  questions: 'Questions',
  images: 'Images',
  order: 'Order and sittings',
  raters: 'Raters',
};

export const allSteps: readonly Step[] = ['questions', 'images', 'order', 'raters'];
/** The images of a study and their roles stay where its design is changed. */
export const designSteps: readonly Step[] = ['questions', 'order', 'raters'];

interface StepProps {
  draft: DraftStudy;
  images: DraftImages;
  problems: DraftProblems;
  onChange: (part: Partial<DraftStudy>) => void;
  onImages: (images: DraftImages) => void;
}

interface WizardFormProps extends StepProps {
  steps: readonly Step[];
  /** What the last button says. */
  action: string;
  isPending: boolean;
  onSend: () => void;
}

export function WizardForm({ steps, problems, action, isPending, onSend, ...rest }: WizardFormProps) {
  const [at, setAt] = useState(0);
  const [wasSent, setWasSent] = useState(false);
  const wrong = steps.findIndex((step) => isWrong(step, problems));
  const isLast = at === steps.length - 1;
  const isNew = steps.includes('images');
  const [panel, setPanel] = useState(firstPanel);
  const [environment, setEnvironment] = useState<Environment>('any');
  const outlook = useOutlook({ draft: rest.draft, images: rest.images, problems, panel, environment, isNew });
  function send(): void {
    setWasSent(true);
    if (wrong === -1) onSend();
    else setAt(wrong);
  }
  function goOn(event: FormEvent): void {
    event.preventDefault();
    if (isLast) send();
    else if (at === 0 && problems.name !== undefined) setWasSent(true);
    else setAt(at + 1);
  }
  function onKey(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    send();
  }
  return (
    <form onSubmit={goOn} onKeyDown={onKey}>
      <Stack>
        <Stepper active={at} onStepClick={setAt} size="xs" aria-label="Steps">
          {steps.map((step) => (
            <Stepper.Step
              key={step}
              label={labels[step]}
              {...(wasSent && isWrong(step, problems) ? { color: 'red' } : {})}
            />
          ))}
        </Stepper>
        <StepFields
          step={steps[at]!}
          problems={wasSent ? problems : noProblems}
          {...rest}
          {...{ panel, environment, outlook, isNew }}
          onPanel={(part) => setPanel((known) => ({ ...known, ...part }))}
          onEnvironment={setEnvironment}
        />
        <Group justify="space-between" className={classes['ways']}>
          <Button variant="default" disabled={at === 0} onClick={() => setAt(at - 1)}>
            Back
          </Button>
          <Text size="sm" c="dimmed" role="status" data-testid="outlook">
            {wasSent && hasProblems(problems)
              ? 'Something is still missing.'
              : outlook.checklist === undefined || isLast
                ? ''
                : `By the book: ${summariseChecklist(outlook.checklist)}`}
          </Text>
          <Group gap="xs">
            {isLast ? null : (
              <Button type="submit" variant="default" rightSection={<Keys keys="Enter" />}>
                Next
              </Button>
            )}
            <Button
              loading={isPending}
              rightSection={<Keys keys="mod+Enter" />}
              {...(isLast ? { type: 'submit' } : { onClick: send })}
            >
              {action}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}

/** Whether something is missing in a step. */
function isWrong(step: Step, problems: DraftProblems): boolean {
  const { name, dimensions, labels: labelProblems, words, images, checks, seed } = problems;
  switch (step) {
    case 'questions':
      return (
        name !== undefined ||
        dimensions !== undefined ||
        Object.keys(labelProblems).length > 0 ||
        Object.keys(words).length > 0
      );
    case 'images':
      return images !== undefined || checks !== undefined;
    case 'order':
      return false;
    case 'raters':
      return seed !== undefined;
  }
}

type StepFieldsProps = StepProps & Omit<ComponentProps<typeof RatersStep>, keyof StepProps> & { step: Step };

function StepFields({ step, onImages, ...rest }: StepFieldsProps) {
  const { draft, problems, onChange } = rest;
  const { plan } = draft;
  const changePlan = (changed: DraftStudy['plan']) => onChange({ plan: changed });
  switch (step) {
    case 'questions':
      return (
        <Stack>
          <TextInput
            label="Name"
            description="For you and your tables; raters do not see it."
            placeholder="e.g. SDXL against FLUX, portraits"
            data-autofocus
            value={draft.name}
            error={problems.name}
            onChange={(event) => onChange({ name: event.currentTarget.value })}
          />
          <MethodFields method={plan.method} onChange={(method) => onChange(withMethod(draft, method))} />
          <DimensionEditor
            dimensions={draft.dimensions}
            problems={problems}
            isPairs={plan.method === 'pairs'}
            onChange={(dimensions) => onChange({ dimensions })}
          />
        </Stack>
      );
    case 'images':
      return <ImagesStep {...rest} onImages={onImages} />;
    case 'order':
      return (
        <Stack>
          <OrderFields plan={plan} onChange={changePlan} />
          <SittingFields plan={plan} onChange={changePlan} />
          <ViewingFields plan={plan} onChange={changePlan} />
        </Stack>
      );
    case 'raters':
      return <RatersStep {...rest} />;
  }
}
