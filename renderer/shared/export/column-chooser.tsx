/** Chooses columns: all that there are on the left, by group and by typing; the chosen ones on the right, in their order and under their names. */
import { Button, Checkbox, Group, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import type { ColumnInfo, ExportColumn } from '../../../contract/export-images.ts';
import { ChosenColumns } from './chosen-columns.tsx';
import { findColumns, setColumns, toggleColumn } from './columns-draft.ts';
import classes from './export.module.css';

interface ColumnChooserProps {
  all: readonly ColumnInfo[];
  columns: readonly ExportColumn[];
  onColumns: (columns: ExportColumn[]) => void;
}

export function ColumnChooser({ all, columns, onColumns }: ColumnChooserProps) {
  const [text, setText] = useState('');
  const groups = findColumns(all, text);
  const found = groups.flatMap(([, some]) => some.map(({ key }) => key));
  const chosen = new Set(columns.map(({ key }) => key));
  const set = (keys: readonly string[], isWanted: boolean) => onColumns(setColumns(columns, keys, isWanted));
  return (
    <div className={classes['columns']}>
      <div className={classes['pane']}>
        <Group gap={6} wrap="nowrap">
          <TextInput
            size="xs"
            flex={1}
            aria-label="Find a column"
            placeholder="Find a column"
            leftSection={<IconSearch size={14} />}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button size="compact-xs" variant="default" onClick={() => set(found, true)}>
            All
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => set(found, false)}>
            None
          </Button>
        </Group>
        <section className={classes['list']} aria-label="Columns that there are">
          {groups.length === 0 && (
            <Text size="sm" c="dimmed" p={8}>
              No column is called so.
            </Text>
          )}
          {groups.map(([group, some]) => (
            <GroupOfColumns
              key={group}
              {...{ group, some, chosen }}
              onAll={(isWanted) =>
                set(
                  some.map(({ key }) => key),
                  isWanted,
                )
              }
              onToggle={(key) => onColumns(toggleColumn(columns, key))}
            />
          ))}
        </section>
      </div>
      <ChosenColumns all={all} columns={columns} onColumns={onColumns} />
    </div>
  );
}

interface GroupOfColumnsProps {
  group: string;
  some: readonly ColumnInfo[];
  chosen: ReadonlySet<string>;
  onAll: (isWanted: boolean) => void;
  onToggle: (key: string) => void;
}

/** The box of the group ticks and clears all of it. */
function GroupOfColumns({ group, some, chosen, onAll, onToggle }: GroupOfColumnsProps) {
  const ticked = some.filter(({ key }) => chosen.has(key)).length;
  const isWhole = ticked === some.length;
  return (
    <fieldset className={classes['group']}>
      <Checkbox
        size="xs"
        fw={600}
        label={group}
        checked={isWhole}
        indeterminate={ticked > 0 && !isWhole}
        onChange={() => onAll(!isWhole)}
      />
      {some.map(({ key, label, name }) => (
        <Checkbox
          key={key}
          size="xs"
          ml={20}
          checked={chosen.has(key)}
          onChange={() => onToggle(key)}
          label={
            <>
              {label}{' '}
              {name !== label && (
                <Text span size="xs" c="dimmed">
                  {name}
                </Text>
              )}
            </>
          }
        />
      ))}
    </fieldset>
  );
}
