/** One group of near-duplicates: its pictures beside each other, the best first, each with what tells them apart. */
import { Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { describeBest, type DuplicateGroup as Group } from '../../../../contract/duplicates.ts';
import type { ImageCard } from '../../../../contract/images.ts';
import { orpc } from '../../../api/client.ts';
import { formatCount, formatScore } from '../../../shared/format.ts';
import { thumbnailSet } from '../../../shared/image-url.ts';
import { MarkBadge } from '../curate/mark-badge.tsx';
import { FileBadge } from '../file-badge.tsx';
import classes from './duplicates.module.css';

interface DuplicateGroupProps {
  group: Group;
  /** Which group of how many, from 1. */
  at: { number: number; count: number };
  target: string;
  /** The image the keyboard is at; null: it is in another group. */
  activeId: number | null;
  /** From the top of the list, in CSS px. */
  y: number;
  height: number;
  onActivate: (imageId: number) => void;
  /** Looks at the image the keyboard is at. */
  onView: () => void;
}

/** A tile and the gap after it, in CSS px. */
const tilePx = 178;
/** Images are asked for by so many. */
const askedAtOnce = 24;

export function DuplicateGroup(props: DuplicateGroupProps) {
  const { group, at, target, activeId, y, height, onActivate, onView } = props;
  const { imageIds, reason } = group;
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    horizontal: true,
    count: imageIds.length,
    getScrollElement: () => box.current,
    estimateSize: () => tilePx,
    overscan: 3,
  });
  const activeAt = activeId === null ? -1 : imageIds.indexOf(activeId);
  useEffect(() => {
    if (activeAt !== -1) virtual.scrollToIndex(activeAt);
  }, [virtual, activeAt]);
  const shown = virtual.getVirtualItems();
  const tell = useMembers(imageIds, { start: shown[0]?.index ?? 0, end: (shown.at(-1)?.index ?? 0) + 1 });
  return (
    <section
      className={classes['group']}
      data-active={activeId !== null || undefined}
      aria-label={`Group ${at.number} of ${at.count}`}
      style={{ transform: `translateY(${y}px)`, height }}
    >
      <Text size="xs" c="dimmed" component="div">
        Group {formatCount(at.number)} of {formatCount(at.count)} · {formatCount(imageIds.length)} images
      </Text>
      <div className={classes['tiles']} ref={box}>
        <div style={{ width: virtual.getTotalSize(), paddingInlineStart: shown[0]?.start ?? 0 }}>
          {shown.map(({ index }) => {
            const id = imageIds[index]!;
            const { card, likeness } = tell(id);
            return (
              <Tile
                key={id}
                id={id}
                card={card}
                target={target}
                standing={index === 0 ? describeBest(reason, target) : describeLikeness(likeness)}
                isActive={id === activeId}
                onActivate={() => onActivate(id)}
                onView={onView}
              />
            );
          })}
        </div>
      </div>
    </section>
  );
}

interface Member {
  card: ImageCard | undefined;
  /** To the best; null while it is not known, or where it cannot be. */
  likeness: number | null;
}

/** Of a group of hundreds only what is shown is asked for. */
function useMembers(
  imageIds: readonly number[],
  { start, end }: { start: number; end: number },
): (id: number) => Member {
  const from = Math.floor(start / askedAtOnce) * askedAtOnce;
  const ids = imageIds.slice(from, Math.ceil(end / askedAtOnce) * askedAtOnce);
  const compared = [imageIds[0]!, ...ids];
  const asked = { placeholderData: keepPreviousData };
  const cards = useQuery({ ...orpc.images.cards.queryOptions({ input: { ids } }), ...asked }).data ?? [];
  const likeness =
    useQuery({ ...orpc.duplicates.likeness.queryOptions({ input: { ids: compared } }), ...asked }).data ?? [];
  const byId = new Map(cards.map((card) => [card.id, card]));
  return (id) => ({ card: byId.get(id), likeness: likeness[compared.lastIndexOf(id)] ?? null });
}

function describeLikeness(likeness: number | null): string {
  return likeness === null ? '–' : `${(100 * likeness).toFixed(1)} % like the best`;
}

interface TileProps {
  id: number;
  card: ImageCard | undefined;
  target: string;
  /** The best and why, or how much it is like the best. */
  standing: string;
  isActive: boolean;
  onActivate: () => void;
  onView: () => void;
}

function Tile({ id, card, target, standing, isActive, onActivate, onView }: TileProps) {
  const own = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isActive) own.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [isActive]);
  const score = card?.scores[target];
  const facts = [
    card?.width == null ? null : `${card.width} × ${card.height}`,
    score === undefined ? null : `${target} ${formatScore(score)}`,
  ];
  return (
    <button
      ref={own}
      type="button"
      className={classes['tile']}
      tabIndex={-1}
      aria-current={isActive}
      data-rejected={card?.flag === 'reject' || undefined}
      onClick={onActivate}
      onDoubleClick={onView}
    >
      <div className={classes['picture']}>
        <img src="data:," srcSet={thumbnailSet(id)} sizes="168px" alt="" draggable={false} decoding="async" />
        {card !== undefined && <FileBadge fileState={card.fileState} files={card.files} />}
        {card !== undefined && <MarkBadge flag={card.flag} label={card.label} />}
      </div>
      <div className={classes['facts']}>
        <div className={classes['name']} title={card?.name}>
          {card?.name ?? '…'}
        </div>
        <div>{facts.filter((fact) => fact !== null).join(' · ') || '…'}</div>
        <div>{standing}</div>
      </div>
    </button>
  );
}
