/** Takes a folder out of the library after a question that says what goes with it and what stays. */
import { Button, Group, List, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { Root } from '../../../contract/images.ts';
import type { TakeOutPlan } from '../../../contract/keep.ts';
import { orpc } from '../../api/client.ts';
import { noteJob, useRunningJob } from '../../api/jobs.ts';
import { countOf, formatCount } from '../../shared/format.ts';
import { showError } from '../../shared/show-error.ts';

export function TakeOutButton({ root }: { root: Root }) {
  const [isAsking, asking] = useDisclosure(false);
  const isBusy = useRunningJob('takeOut') !== undefined;
  return (
    <>
      <Button size="compact-sm" variant="default" disabled={isBusy} onClick={asking.open}>
        Take out…
      </Button>
      <Modal opened={isAsking} onClose={asking.close} title="Take out of the library">
        <Question root={root} onClose={asking.close} />
      </Modal>
    </>
  );
}

function Question({ root, onClose }: { root: Root; onClose: () => void }) {
  const plan = useQuery(orpc.library.planTakeOut.queryOptions({ input: { id: root.id } }));
  const takeOut = useMutation(
    orpc.library.takeOut.mutationOptions({
      onSuccess: (job) => {
        noteJob(job);
        onClose();
      },
      onError: (error) => showError('The folder was not taken out', error),
    }),
  );
  return (
    <>
      <Text size="sm" mb="sm" style={{ overflowWrap: 'anywhere' }}>
        {root.path}
      </Text>
      <List size="sm" spacing={4}>
        <List.Item>Nothing on disk is touched.</List.Item>
        {plan.data !== undefined &&
          listConsequences(plan.data).map((text) => <List.Item key={text}>{text}</List.Item>)}
        {root.isWatched && <List.Item>The folder is not watched any more.</List.Item>}
        <List.Item>Add the folder again, and its images are back with all that is known of them.</List.Item>
      </List>
      <Group mt="md" justify="flex-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          Keep
        </Button>
        <Button
          disabled={plan.data === undefined}
          loading={takeOut.isPending}
          onClick={() => takeOut.mutate({ id: root.id })}
        >
          Take out
        </Button>
      </Group>
    </>
  );
}

function listConsequences({ images, elsewhere, rated }: TakeOutPlan): string[] {
  return [
    `${countOf(images, 'image')} ${images === 1 ? 'is' : 'are'} not shown any more; scores, votes, MOS, tags and marks are kept.`,
    ...(rated === 0
      ? []
      : [
          `${formatCount(rated)} of them ${rated === 1 ? 'has' : 'have'} votes or a MOS, or ${rated === 1 ? 'is' : 'are'} in a study: studies and tables stay as they are.`,
        ]),
    ...(elsewhere === 0
      ? []
      : [
          `${countOf(elsewhere, 'image')} that ${elsewhere === 1 ? 'lies' : 'lie'} in another folder of the library, too, ${elsewhere === 1 ? 'stays' : 'stay'}.`,
        ]),
  ];
}
