/** The collections and saved queries there are: each is shown in the list, renamed, deleted; what was done to a collection can be undone. */
import { Button, Modal, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, type RefObject, useId, useRef, useState } from 'react';
import type { CurationState } from '../../../../contract/curate.ts';
import { renameCollectionIn } from '../../../../contract/query.ts';
import { client, orpc } from '../../../api/client.ts';
import { collectionQuery } from '../../../shared/collection-query.ts';
import { countOf } from '../../../shared/format.ts';
import type { ListQuery } from '../list-view.ts';
import { stepBack } from './change-curation.ts';
import { KeptRow, takeFocus } from './kept-row.tsx';

interface KeptProps {
  /** What is shown now. */
  query: ListQuery;
  onQuery: (change: Partial<ListQuery>) => void;
  onClose: () => void;
}

export function KeptDialog({ opened, ...props }: KeptProps & { opened: boolean }) {
  return (
    <Modal opened={opened} onClose={props.onClose} title="Collections and saved queries" size="lg">
      <Stack gap="lg">
        <Collections {...props} />
        <Queries {...props} />
      </Stack>
    </Modal>
  );
}

function Collections({ query, onQuery, onClose }: KeptProps) {
  const collections = useQuery(orpc.curate.collections.queryOptions()).data;
  const newest = useQuery(orpc.curate.state.queryOptions()).data?.undo;
  const [done, setDone] = useState<{ title: string | null; isGone: boolean } | null>(null);
  const section = useRef<HTMLDivElement>(null);
  async function does(step: Promise<CurationState>, isGone = false): Promise<void> {
    setDone({ title: (await step).undo, isGone });
  }
  /** What is shown follows, as saved queries do. */
  async function rename(id: number, was: string, to: string): Promise<CurationState> {
    const state = await client.curate.renameCollection({ id, name: to });
    const asked = query.filter.query ?? '';
    const followed = renameCollectionIn(asked, was, to);
    if (followed !== asked) onQuery({ filter: { ...query.filter, query: followed } });
    return state;
  }
  async function undo(): Promise<void> {
    await stepBack('undo');
    setDone(null);
    section.current?.focus();
  }
  return (
    <Kept ref={section} title="Collections" nothing="There is no collection yet: select images and press B.">
      {collections?.map(({ id, name, images }) => (
        <KeptRow
          key={id}
          name={name}
          about={countOf(images, 'image')}
          onShow={() => {
            onQuery({ filter: { query: collectionQuery(name) } });
            onClose();
          }}
          onRename={(to) => does(rename(id, name, to))}
          removal={{ word: 'Delete', run: () => does(client.curate.deleteCollection({ id }), true) }}
        />
      ))}
      {done !== null && newest === done.title && (
        <Button
          key={done.title}
          ref={done.isGone ? takeFocus : undefined}
          variant="default"
          size="xs"
          style={{ alignSelf: 'start' }}
          onClick={() => void undo()}
        >
          Undo: {done.title}
        </Button>
      )}
    </Kept>
  );
}

function Queries({ onQuery, onClose }: KeptProps) {
  const saved = useQuery(orpc.images.savedQueries.queryOptions()).data;
  const section = useRef<HTMLDivElement>(null);
  async function forget(id: number): Promise<void> {
    await client.images.forgetQuery({ id });
    section.current?.focus();
  }
  return (
    <Kept ref={section} title="Saved queries" nothing="No query was saved yet.">
      {saved?.map(({ id, name, query }) => (
        <KeptRow
          key={id}
          name={name}
          about={query.filter.query ?? ''}
          onShow={() => {
            onQuery(query);
            onClose();
          }}
          onRename={(to) => client.images.renameQuery({ id, name: to })}
          removal={{
            word: 'Forget',
            loses: 'Its words, order and narrowing are lost; this cannot be undone. The images stay.',
            run: () => forget(id),
          }}
        />
      ))}
    </Kept>
  );
}

interface SectionProps {
  /** Where the keyboard goes when the row it was in is gone. */
  ref: RefObject<HTMLDivElement | null>;
  title: string;
  nothing: string;
  children: ReactNode;
}

function Kept({ ref, title, nothing, children }: SectionProps) {
  const titleId = useId();
  const isEmpty = [children].flat(2).every((one) => one === undefined || one === false);
  return (
    <Stack component="section" ref={ref} tabIndex={-1} gap={4} aria-labelledby={titleId}>
      <Title order={3} size="sm" id={titleId}>
        {title}
      </Title>
      {isEmpty && (
        <Text size="sm" c="dimmed">
          {nothing}
        </Text>
      )}
      {children}
    </Stack>
  );
}
