/** The owner's decision about a rater: leave their votes out of the MOS or count them again, and why. */
import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { StudyStatistics } from '../../../contract/study-statistics.ts';
import { orpc } from '../../api/client.ts';
import { errorMessage } from '../../shared/show-error.ts';

type Rater = StudyStatistics['raters'][number];

interface DecideDialogProps {
  studyId: number;
  /** Null: closed. */
  rater: Rater | null;
  onClose: () => void;
}

export function DecideDialog({ studyId, rater, onClose }: DecideDialogProps) {
  const isOut = rater?.decisions.at(-1)?.isExcluded === true;
  return (
    <Modal
      opened={rater !== null}
      onClose={onClose}
      title={isOut ? `Count ${rater?.name} again` : `Leave ${rater?.name} out`}
    >
      {rater === null ? null : <DecideForm studyId={studyId} rater={rater} isOut={isOut} onClose={onClose} />}
    </Modal>
  );
}

interface DecideFormProps {
  studyId: number;
  rater: Rater;
  isOut: boolean;
  onClose: () => void;
}

function DecideForm({ studyId, rater, isOut, onClose }: DecideFormProps) {
  const [reason, setReason] = useState('');
  const decide = useMutation(orpc.studies.decideRater.mutationOptions({ onSuccess: onClose }));
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (reason.trim() === '') return;
    decide.mutate({ studyId, raterId: rater.raterId, isExcluded: !isOut, reason: reason.trim() });
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        {rater.flags.map(({ method, evidence }) => (
          <Text key={`${method} ${evidence}`} size="sm">
            {evidence}
          </Text>
        ))}
        <Textarea
          label="Reason"
          description="Kept with the decision, and what a paper has to say."
          autosize
          minRows={2}
          maxLength={1000}
          data-autofocus
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Text size="xs" c="dimmed">
          The votes stay. MOS are made anew from the votes that count, and the table says so. It can be taken
          back.
        </Text>
        {decide.error === null ? null : (
          <Text size="sm" c="red" role="alert">
            {errorMessage(decide.error)}
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={decide.isPending} disabled={reason.trim() === ''}>
            {isOut ? 'Count again' : 'Leave out'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
