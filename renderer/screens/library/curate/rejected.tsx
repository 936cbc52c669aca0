/** The queue of rejected images: how many there are, looking through them, and then the trash. */
import { Button, Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { orpc } from '../../../api/client.ts';
import { formatCount } from '../../../shared/format.ts';
import type { ListQuery } from '../list-view.ts';
import { TextButton } from '../text-button.tsx';
import { TrashForm } from './trash-form.tsx';

/** What the query bar holds while they are looked through. */
const reviewQuery = 'flag:reject is:file';

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
