/** Near-duplicates in the whole window: group by group, one is kept and the rest rejected, by one key that can be undone. */
import { Button, CloseButton, Loader, Modal, Switch, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import type { Duplicates } from '../../../../contract/duplicates.ts';
import { orpc } from '../../../api/client.ts';
import { useRunningJob } from '../../../api/jobs.ts';
import { EmptyState } from '../../../shared/empty-state.tsx';
import { formatCount } from '../../../shared/format.ts';
import { Keys } from '../../../shared/keys.tsx';
import { useListedShortcuts, useShortcuts } from '../../../shell/shortcuts.ts';
import { curate } from '../curate/change-curation.ts';
import { useCurating } from '../curate/use-curating.tsx';
import { TextButton } from '../text-button.tsx';
import { DuplicateGroup } from './duplicate-group.tsx';
import { DuplicateSearch } from './duplicate-search.tsx';
import classes from './duplicates.module.css';
import { GroupCloseUp, type LookedAt } from './group-close-up.tsx';

/** A group's height in CSS px. */
const groupPx = 246;
/** What one step of curating takes. */
const mostRejected = 100_000;

interface DuplicatesViewProps {
  onClose: () => void;
  /** Shows in the grid what a query finds. */
  onQuery: (query: string) => void;
}

const closeKeys = [{ keys: 'Escape', label: 'Back to the library', group: 'Near-duplicates' }];

export function DuplicatesView({ onClose, onQuery }: DuplicatesViewProps) {
  const known = useQuery(orpc.duplicates.list.queryOptions()).data;
  const [hidesSettled, setHidesSettled] = useState(true);
  const [at, setAt] = useState<At>({ group: 0, imageId: null });
  const [looked, setLooked] = useState<LookedAt | null>(null);
  useListedShortcuts(closeKeys);
  const groups = (known?.groups ?? []).filter(({ rest }) => rest.length > 0 || !hidesSettled);
  if (looked !== null) {
    return (
      <GroupCloseUp
        looked={looked}
        onClose={(imageId) => {
          setAt({ ...at, imageId });
          setLooked(null);
        }}
      />
    );
  }
  return (
    <Modal.Root opened onClose={onClose} fullScreen padding={0} transitionProps={{ duration: 0 }}>
      <Modal.Content aria-label="Near-duplicates">
        <Modal.Body className={classes['view']} p={0} tabIndex={-1} data-autofocus>
          <div className={classes['bar']}>
            <Title order={2} size="h4">
              Near-duplicates
            </Title>
            <DuplicateSearch search={known?.search ?? null} />
            <div className={classes['spring']} />
            <Switch
              size="xs"
              label="Hide settled"
              checked={hidesSettled}
              onChange={(event) => setHidesSettled(event.currentTarget.checked)}
            />
            <CloseButton aria-label="Back to the library" onClick={onClose} />
          </div>
          {known === undefined ? (
            <Loader m="xl" size="sm" aria-label="Loading" />
          ) : (
            <>
              <Counts known={known} shown={groups.length} onQuery={onQuery} />
              {groups.length === 0 ? (
                <Nothing known={known} />
              ) : (
                <Groups groups={groups} target={known.target} at={at} onAt={setAt} onLook={setLooked} />
              )}
            </>
          )}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function Counts({
  known,
  shown,
  onQuery,
}: {
  known: Duplicates;
  shown: number;
  onQuery: (query: string) => void;
}) {
  const open = known.groups.filter((group) => group.rest.length > 0);
  const rest = open.flatMap((group) => group.rest);
  if (known.search === null && known.copied === 0) return null;
  return (
    <div className={classes['bar']}>
      {known.search !== null && (
        <Text size="sm" role="status" data-testid="duplicate-count" className="numbers">
          {formatCount(open.length)} of {formatCount(known.groups.length)} groups to settle
          {shown > open.length ? ', all shown' : ''}
        </Text>
      )}
      {known.copied > 0 && (
        <TextButton onClick={() => onQuery('files:>1')}>
          {formatCount(known.copied)} {known.copied === 1 ? 'image lies' : 'images lie'} under several paths:
          show
        </TextButton>
      )}
      <div className={classes['spring']} />
      {rest.length > 0 && rest.length <= mostRejected && (
        <Button size="xs" variant="default" onClick={() => void curate(rest, { flag: 'reject' })}>
          Keep the best of every group, reject {formatCount(rest.length)}
        </Button>
      )}
    </div>
  );
}

function Nothing({ known }: { known: Duplicates }) {
  // Where the last step has settled the last group it can be taken back as well.
  const curating = useCurating([], { isFree: true, isInDialog: true });
  const isLooking = useRunningJob('duplicates') !== undefined;
  return (
    <>
      <EmptyState {...describeNothing(known, isLooking)} />
      {curating}
    </>
  );
}

function describeNothing(
  { search, groups }: Duplicates,
  isLooking: boolean,
): { title: string; text: string } {
  if (search === null) {
    return {
      title: isLooking ? 'Looking for near-duplicates…' : 'Nobody has looked yet',
      text: 'All images are compared with each other: by their embeddings where a model with a similarity branch has looked at them, else by their pixels. Nothing is changed by looking.',
    };
  }
  if (groups.length === 0) {
    return {
      title: 'No near-duplicates',
      text: 'No two images are as alike as that. A smaller likeness finds more.',
    };
  }
  return {
    title: 'All groups are settled',
    text: 'Of each group the best is left, or what you picked; the others are in the queue of rejected images. Ctrl+Z takes the last step back.',
  };
}

/** Where the keyboard is: a group by its place, and an image of it, the best where null. */
interface At {
  group: number;
  imageId: number | null;
}

interface GroupsProps {
  groups: Duplicates['groups'];
  target: string;
  at: At;
  onAt: (at: At) => void;
  onLook: (looked: LookedAt) => void;
}

function Groups({ groups, target, at, onAt, onLook }: GroupsProps) {
  const box = useRef<HTMLDivElement>(null);
  const index = Math.min(at.group, groups.length - 1);
  const { imageIds } = groups[index]!;
  const activeId = at.imageId !== null && imageIds.includes(at.imageId) ? at.imageId : imageIds[0]!;
  const virtual = useVirtualizer({
    count: groups.length,
    getScrollElement: () => box.current,
    estimateSize: () => groupPx,
    overscan: 2,
  });
  const go = (group: number) =>
    onAt({ group: Math.max(0, Math.min(groups.length - 1, group)), imageId: null });
  const step = (by: number) => {
    const next = imageIds[imageIds.indexOf(activeId) + by];
    if (next !== undefined) onAt({ group: index, imageId: next });
  };
  const look = (how: LookedAt['how'], imageId = activeId) => {
    onAt({ group: index, imageId });
    onLook({ how, imageIds, imageId });
  };
  const pressOr = (event: KeyboardEvent, run: () => void) => {
    const button = findOtherButton(event, box.current);
    if (button === null) run();
    else button.click();
  };
  useEffect(() => virtual.scrollToIndex(index), [virtual, index]);
  const group = 'Near-duplicates';
  useShortcuts(
    [
      { keys: 'ArrowDown', label: 'Next group', group, run: () => go(index + 1) },
      { keys: 'ArrowUp', label: 'Group before', group, run: () => go(index - 1) },
      { keys: 'ArrowRight', label: 'Next image of the group', group, run: () => step(1) },
      { keys: 'ArrowLeft', label: 'Image before', group, run: () => step(-1) },
      {
        keys: 'Space',
        label: 'Look at this image',
        group,
        run: (event) => pressOr(event, () => look('viewed')),
      },
      { keys: 'V', label: 'Compare the images of the group', group, run: () => look('compared') },
      {
        keys: 'Enter',
        label: 'Keep this image, reject the rest',
        group,
        run: (event) => pressOr(event, () => void keep(imageIds, activeId)),
      },
    ],
    { isInDialog: true },
  );
  const curating = useCurating([activeId], { isFree: true, isInDialog: true });
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and a person without a mouse scrolls it by keys */}
      <section ref={box} className={classes['list']} tabIndex={0} aria-label="Groups">
        <div style={{ position: 'relative', height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => (
            <DuplicateGroup
              key={groups[item.index]!.id}
              group={groups[item.index]!}
              at={{ number: item.index + 1, count: groups.length }}
              target={target}
              activeId={item.index === index ? activeId : null}
              y={item.start}
              height={groupPx}
              onActivate={(imageId) => onAt({ group: item.index, imageId })}
              onView={() => look('viewed')}
            />
          ))}
        </div>
      </section>
      <div className={classes['bar']}>
        <Button size="xs" rightSection={<Keys keys="Enter" />} onClick={() => void keep(imageIds, activeId)}>
          Keep this image, reject the rest
        </Button>
        <Button size="xs" variant="default" rightSection={<Keys keys="V" />} onClick={() => look('compared')}>
          Compare
        </Button>
        <Button
          size="xs"
          variant="default"
          rightSection={<Keys keys="Space" />}
          onClick={() => look('viewed')}
        >
          Look closely
        </Button>
        <Text size="xs" c="dimmed">
          Arrow keys move, P X U flag, Ctrl+Z takes back. Rejected files stay where they are until you move
          them to the trash.
        </Text>
      </div>
      {curating}
    </>
  );
}

/** The button outside the groups that has the keyboard: Enter and Space are meant for it. */
function findOtherButton({ target }: KeyboardEvent, groups: HTMLElement | null): HTMLElement | null {
  const button = target instanceof Element ? target.closest('button') : null;
  return groups?.contains(button) === true ? null : button;
}

/** The one that is kept is no longer rejected, if it was; both are steps of their own. */
async function keep(imageIds: readonly number[], kept: number): Promise<void> {
  const isRejected = (await orpc.images.cards.call({ ids: [kept] }))[0]?.flag === 'reject';
  if (isRejected) await curate([kept], { flag: null });
  await curate(
    imageIds.filter((id) => id !== kept),
    { flag: 'reject' },
  );
}
