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
  /** The list is there: before it nothing is asked that matters less. */
  isListed: boolean;
  onQuery: (change: Partial<ListQuery>) => void;
  /** For when what was pressed is gone. */
  focusList: () => void;
}

export function isReviewing({ filter }: ListQuery): boolean {
  return filter.query === reviewQuery;
}

function useRejectedIds(isListed: boolean): readonly number[] {
  const input = { filter: { query: reviewQuery } };
  const options = orpc.images.query.queryOptions({ input, context: { isPatient: true } });
  return useQuery({ ...options, enabled: isListed }).data?.ids ?? [];
}

/** The way to the queue; nothing where no image with a file is rejected. */
export function RejectedQueue({ query, isListed, onQuery, focusList }: RejectedProps) {
  const ids = useRejectedIds(isListed);
  if (ids.length === 0 || isReviewing(query)) return null;
  return (
    <TextButton
      onClick={() => {
        onQuery({ filter: { ...query.filter, query: reviewQuery } });
        focusList();
      }}
    >
      {formatCount(ids.length)} rejected: review…
    </TextButton>
  );
}

/** While the queue is looked through: the trash, and the way out. */
export function RejectedReview({ query, isListed, onQuery, focusList }: RejectedProps) {
  const ids = useRejectedIds(isListed);
  const [isAsked, setAsked] = useState(false);
  return (
    <>
      {isReviewing(query) && (
        <TextButton
          onClick={() => {
            onQuery({ filter: { ...query.filter, query: undefined } });
            focusList();
          }}
        >
          Leave the review
        </TextButton>
      )}
      {isReviewing(query) && ids.length > 0 && (
        <Button size="compact-xs" color="red" variant="light" onClick={() => setAsked(true)}>
          Move {formatCount(ids.length)} to the trash…
        </Button>
      )}
      <Modal opened={isAsked} onClose={() => setAsked(false)} title="Move to the trash">
        <TrashForm
          ids={ids}
          onDone={() => {
            setAsked(false);
            focusList();
          }}
        />
      </Modal>
    </>
  );
}
