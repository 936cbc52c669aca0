/** One group of near-duplicates: its pictures beside each other, the best first, each with what tells them apart. */
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
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
}

/** So many pictures of a group are shown: hundreds that are alike tell no more. */
const mostShown = 60;

export function DuplicateGroup({
  group: { imageIds, reason },
  at,
  target,
  activeId,
  y,
  height,
  onActivate,
}: DuplicateGroupProps) {
  const ids = imageIds.slice(0, mostShown);
  const cards = useQuery(orpc.images.cards.queryOptions({ input: { ids } })).data ?? [];
  const likeness = useQuery(orpc.duplicates.likeness.queryOptions({ input: { ids } })).data ?? [];
  const byId = new Map(cards.map((card) => [card.id, card]));
  const more = imageIds.length - ids.length;
  return (
    <section
      className={classes['group']}
      data-active={activeId !== null || undefined}
      aria-label={`Group ${at.number} of ${at.count}`}
      style={{ transform: `translateY(${y}px)`, height }}
    >
      <Text size="xs" c="dimmed" component="div">
        Group {formatCount(at.number)} of {formatCount(at.count)} · {formatCount(imageIds.length)} images
        {more > 0 && ` (${formatCount(more)} of them not shown)`}
      </Text>
      <div className={classes['tiles']}>
        {ids.map((id, k) => (
          <Tile
            key={id}
            id={id}
            card={byId.get(id)}
            target={target}
            standing={k === 0 ? describeBest(reason, target) : describeLikeness(likeness[k] ?? null)}
            isActive={id === activeId}
            onActivate={() => onActivate(id)}
          />
        ))}
      </div>
    </section>
  );
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
}

function Tile({ id, card, target, standing, isActive, onActivate }: TileProps) {
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
