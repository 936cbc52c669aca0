/** The head of a group of images: what they share, and how many they are; a click collapses the group, as its key does. */
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { countOf, formatCount } from '../../shared/format.ts';
import { type GridRow, headPx, type PlacedGroup } from './grid-rows.ts';
import classes from './group-head.module.css';

interface GroupHeadProps {
  group: PlacedGroup;
  /** Its place among the groups. */
  at: number;
  /** Where it lies, in CSS px. */
  y: number;
  /** Whether the keyboard is at it, being in a collapsed group. */
  isActive: boolean;
}

/** Its group's element says its name; clicks are handled by the grid. */
export function GroupHead({ group, at, y, isActive }: GroupHeadProps) {
  return (
    <div
      id={headId(at)}
      role="presentation"
      className={classes['head']}
      data-group={at}
      data-active={isActive || undefined}
      style={{ transform: `translateY(${y}px)`, height: headPx }}
    >
      <HeadText group={group} />
    </div>
  );
}

interface StickyHeadProps {
  groups: readonly PlacedGroup[];
  /** The first row on screen. */
  row: GridRow | undefined;
}

/** The head of the group at the top of the screen stays there while its images pass under it. */
export function StickyHead({ groups, row }: StickyHeadProps) {
  const group = row === undefined ? undefined : groups[row.group];
  if (row === undefined || group === undefined) return null;
  return (
    <div className={classes['sticky']} role="presentation" aria-hidden="true">
      <div
        className={classes['head']}
        data-group={row.group}
        data-testid="sticky-head"
        style={{ height: headPx }}
      >
        <HeadText group={group} />
      </div>
    </div>
  );
}

function HeadText({ group }: { group: PlacedGroup }) {
  const Icon = group.isCollapsed ? IconChevronRight : IconChevronDown;
  return (
    <>
      <Icon size={16} aria-hidden="true" />
      <span className={classes['label']} title={group.label ?? undefined}>
        {group.label ?? <i>none</i>}
      </span>
      <span className={`${classes['count']} numbers`}>{formatCount(group.images)}</span>
    </>
  );
}

/** The DOM id of a group's head, for `aria-activedescendant`. */
export function headId(at: number): string {
  return `group-${at}`;
}

/** `a red fox, 12 images, collapsed`. */
export function nameGroup({ label, images, isCollapsed }: PlacedGroup): string {
  const count = countOf(images, 'image');
  return `${label ?? 'none'}, ${count}${isCollapsed ? ', collapsed' : ''}`;
}
