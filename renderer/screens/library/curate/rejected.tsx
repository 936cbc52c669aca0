/** The queue of rejected images: how many there are, looking through them, and then the trash. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client, orpc } from '../../../api/client.ts';
import { formatCount } from '../../../shared/format.ts';
import { Notice } from '../../../shared/notice.tsx';
import { showError } from '../../../shared/show-error.ts';
import type { ListQuery } from '../list-view.ts';
import { TextButton } from '../text-button.tsx';

/** What the query bar holds while they are looked through. */
const reviewQuery = 'flag:reject is:file';
/** So many failures are listed; the rest is counted. */
const mostListed = 20;

interface RejectedProps {
  query: ListQuery;
  onQuery: (change: Partial<ListQuery>) => void;
}

/** Nothing where no image with a file is rejected. */
export function Rejected({ query, onQuery }: RejectedProps) {
  const input = { filter: { query: reviewQuery } };
  const ids = useQuery(orpc.images.query.queryOptions({ input })).data?.ids ?? [];
  const [isAsked, setAsked] = useState(false);
  const isReviewing = query.filter.query === reviewQuery;
  const review = (text: string | undefined) => onQuery({ filter: { ...query.filter, query: text } });
  if (ids.length === 0 && !isReviewing && !isAsked) return null;
  return (
    <>
      <TextButton onClick={() => review(isReviewing ? undefined : reviewQuery)}>
        {isReviewing ? 'Leave the review' : `${formatCount(ids.length)} rejected: review…`}
      </TextButton>
      {isReviewing && ids.length > 0 && (
        <Button size="compact-xs" color="red" variant="light" onClick={() => setAsked(true)}>
          Move {formatCount(ids.length)} to the trash…
        </Button>
      )}
      <Modal opened={isAsked} onClose={() => setAsked(false)} title="Move to the trash">
        <TrashForm ids={ids} onDone={() => setAsked(false)} />
      </Modal>
    </>
  );
}

function TrashForm({ ids, onDone }: { ids: readonly number[]; onDone: () => void }) {
  const [asked] = useState(ids);
  const trash = useMutation({
    mutationFn: () => client.curate.trash({ imageIds: [...asked] }),
    onSuccess: ({ failed }) => failed.length === 0 && onDone(),
    onError: (error) => showError('Nothing was moved', error),
  });
  const failed = trash.data?.failed ?? [];
  return (
    <Stack>
      <Text size="sm">
        The files of {formatCount(asked.length)} rejected {asked.length === 1 ? 'image' : 'images'} go to the
        system’s trash, from where you can bring them back. Scores, votes and tags stay.
      </Text>
      {failed.length > 0 && (
        <Notice tone="problem" title={`${formatCount(failed.length)} could not be moved`} role="alert">
          {failed.slice(0, mostListed).map(({ path, message }) => (
            <div key={path}>
              {path}: {message}
            </div>
          ))}
          {failed.length > mostListed && <div>and {formatCount(failed.length - mostListed)} more</div>}
        </Notice>
      )}
      <Group justify="end">
        <Button variant="default" onClick={onDone}>
          {failed.length > 0 ? 'Close' : 'Cancel'}
        </Button>
        {trash.data === undefined && (
          <Button color="red" loading={trash.isPending} onClick={() => trash.mutate()}>
            Move to the trash
          </Button>
        )}
      </Group>
    </Stack>
  );
}
