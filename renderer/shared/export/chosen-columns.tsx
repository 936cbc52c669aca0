/** The chosen columns in the order of the file: moved, renamed and taken out, by mouse and by keys. */
import { ActionIcon, Text, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react';
import { type KeyboardEvent, useLayoutEffect, useRef } from 'react';
import { nameApart } from '../../../contract/column-names.ts';
import type { ColumnInfo, ExportColumn } from '../../../contract/export-images.ts';
import { moveColumn, renameColumn, toggleColumn } from './columns-draft.ts';
import classes from './export.module.css';

interface ChosenColumnsProps {
  all: readonly ColumnInfo[];
  columns: readonly ExportColumn[];
  onColumns: (columns: ExportColumn[]) => void;
}

export function ChosenColumns({ all, columns, onColumns }: ChosenColumnsProps) {
  const moved = useRef<HTMLElement | null>(null);
  // A row that changes its place in the document loses the focus.
  useLayoutEffect(() => {
    if (moved.current !== null && !moved.current.matches(':focus')) moved.current.focus();
    moved.current = null;
  });
  const known = new Map(all.map((column) => [column.key, column]));
  const usualOf = (key: string) => known.get(key)?.name ?? key;
  const named = nameApart(columns.map((column) => ({ ...column, usual: usualOf(column.key) })));
  const movedAside = named.filter(
    ({ key, name }, at) => columns[at]!.name === undefined && name !== usualOf(key),
  );
  function move(key: string, by: number): void {
    const { activeElement } = document;
    moved.current = activeElement instanceof HTMLElement ? activeElement : null;
    onColumns(moveColumn(columns, key, by));
  }
  function handleKey(event: KeyboardEvent, key: string): void {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!event.altKey || by === undefined) return;
    event.preventDefault();
    move(key, by);
  }
  return (
    <div className={classes['pane']}>
      <Text size="xs" c="dimmed" className={classes['paneHead']}>
        {columns.length} in the file · Alt and ↑ ↓ move one; type to rename
      </Text>
      <ol className={classes['list']} aria-label="Columns of the file">
        {columns.map((column, at) => {
          const { key } = column;
          const { label = key } = known.get(key) ?? {};
          return (
            <li key={key} className={classes['chosen']} onKeyDown={(event) => handleKey(event, key)}>
              <TextInput
                size="xs"
                variant="unstyled"
                classNames={{ input: classes['name'] ?? '' }}
                flex={1}
                maxLength={100}
                aria-label={`Name of the column ${label}`}
                placeholder={named[at]!.name}
                value={column.name ?? ''}
                onChange={(event) => onColumns(renameColumn(columns, key, event.currentTarget.value))}
              />
              <Text size="xs" c="dimmed" truncate maw={170} title={label}>
                {label}
              </Text>
              <RowButton label={`Move ${label} up`} isOff={at === 0} onClick={() => move(key, -1)}>
                <IconArrowUp size={13} />
              </RowButton>
              <RowButton
                label={`Move ${label} down`}
                isOff={at === columns.length - 1}
                onClick={() => move(key, 1)}
              >
                <IconArrowDown size={13} />
              </RowButton>
              <RowButton
                label={`Take ${label} out`}
                isOff={false}
                onClick={() => onColumns(toggleColumn(columns, key))}
              >
                <IconX size={13} />
              </RowButton>
            </li>
          );
        })}
      </ol>
      {movedAside[0] !== undefined && (
        <Text size="xs" c="dimmed">
          “{usualOf(movedAside[0].key)}” is another column’s name already: here it is “{movedAside[0].name}”
          {movedAside.length > 1 && `, and so on for ${movedAside.length - 1} more`}.
        </Text>
      )}
    </div>
  );
}

interface RowButtonProps {
  label: string;
  /** Stays there, so that the keyboard does not lose its place. */
  isOff: boolean;
  onClick: () => void;
  children: React.ReactNode;
}

function RowButton({ label, isOff, onClick, children }: RowButtonProps) {
  return (
    <ActionIcon
      size="xs"
      variant="subtle"
      color="gray"
      aria-label={label}
      aria-disabled={isOff}
      onClick={onClick}
    >
      {children}
    </ActionIcon>
  );
}
