/** The bar above the grid: add, search, narrow, order, size; and how many images that leaves. */
import { ActionIcon, Button, Group, Select, Tooltip } from '@mantine/core';
import {
  IconCopy,
  IconFileExport,
  IconFilter,
  IconFolderPlus,
  IconFolders,
  IconPlayerPlay,
  IconSortAscending,
  IconSortDescending,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { RefObject } from 'react';
import { ImageOrder } from '../../../contract/images.ts';
import { orpc } from '../../api/client.ts';
import { formatCount } from '../../shared/format.ts';
import { Keys } from '../../shared/keys.tsx';
import { usePacks } from '../../shared/packs.ts';
import { PackSelect } from '../../shared/score-choice.tsx';
import { useSettings } from '../../shared/use-settings.ts';
import type { ListQuery } from './list-view.ts';
import { directionLabels, type OrderGroup } from './orders.ts';
import { QueryBar } from './query-bar.tsx';
import classes from './toolbar.module.css';

interface ToolbarProps {
  query: ListQuery;
  onQuery: (change: Partial<ListQuery>) => void;
  orders: OrderGroup[];
  searchRef: RefObject<HTMLInputElement | null>;
  facets: { isShown: boolean; toggle: () => void };
  onOpen: (what: 'add' | 'folders' | 'score' | 'duplicates' | 'export') => void;
}

export function Toolbar(props: ToolbarProps) {
  const { query, onQuery } = props;
  return (
    <div className={classes['bar']} role="toolbar" aria-label="Library">
      <Button
        size="xs"
        leftSection={<IconFolderPlus size={16} />}
        rightSection={<Keys keys="F" />}
        onClick={() => props.onOpen('add')}
      >
        Add folder…
      </Button>
      <Tooltip label="Folders and failures">
        <ActionIcon size="md" variant="default" aria-label="Folders" onClick={() => props.onOpen('folders')}>
          <IconFolders size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Narrow by what images have (N)">
        <ActionIcon
          size="md"
          variant={props.facets.isShown ? 'filled' : 'default'}
          color={props.facets.isShown ? 'jade' : 'gray'}
          aria-label="Narrow by"
          aria-pressed={props.facets.isShown}
          onClick={props.facets.toggle}
        >
          <IconFilter size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Near-duplicates (E)">
        <ActionIcon
          size="md"
          variant="default"
          aria-label="Near-duplicates"
          onClick={() => props.onOpen('duplicates')}
        >
          <IconCopy size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={<ExportHint />}>
        <ActionIcon size="md" variant="default" aria-label="Export" onClick={() => props.onOpen('export')}>
          <IconFileExport size={16} />
        </ActionIcon>
      </Tooltip>
      <QueryBar {...props} />
      <NarrowBy {...props} />
      <div className={classes['spring']} />
      <ScoresOf onScore={() => props.onOpen('score')} />
      <OrderBy query={query} onQuery={onQuery} orders={props.orders} />
    </div>
  );
}

function ExportHint() {
  return (
    <Group gap={6}>
      Export… <Keys keys="mod+E" />
    </Group>
  );
}

/** Mantine hides this button from the keyboard and from screen readers; here it is a button like any other. */
function clearLabelled(label: string) {
  return { 'aria-label': label, 'aria-hidden': false, tabIndex: 0 };
}

const states = [
  { value: 'file', label: 'With a file' },
  { value: 'noFile', label: 'Without a file' },
  { value: 'unscored', label: 'Not scored' },
];

function NarrowBy({ query: { filter }, onQuery }: ToolbarProps) {
  const generators = useQuery(orpc.images.generators.queryOptions()).data ?? [];
  const state = filter.hasFile === undefined ? null : filter.hasFile ? 'file' : 'noFile';
  return (
    <>
      <Select
        size="xs"
        w={150}
        clearable
        searchable
        placeholder="All generators"
        clearButtonProps={clearLabelled('Show all generators')}
        aria-label="Generator"
        nothingFoundMessage="No such generator"
        data={generators.flatMap(({ generator, images }) =>
          generator === null ? [] : [{ value: generator, label: `${generator} (${formatCount(images)})` }],
        )}
        value={filter.generator ?? null}
        onChange={(generator) => onQuery({ filter: { ...filter, generator: generator ?? undefined } })}
      />
      <Select
        size="xs"
        w={130}
        clearable
        placeholder="All images"
        clearButtonProps={clearLabelled('Show all images')}
        aria-label="State"
        data={states}
        value={filter.scored === false ? 'unscored' : state}
        onChange={(value) =>
          onQuery({
            filter: {
              ...filter,
              scored: value === 'unscored' ? false : undefined,
              hasFile: value === 'file' ? true : value === 'noFile' ? false : undefined,
            },
          })
        }
      />
    </>
  );
}

/** Which pack's scores are shown; nothing to choose where there is one pack. */
function ScoresOf({ onScore }: { onScore: () => void }) {
  const [settings, change] = useSettings();
  if (usePacks().length < 2) return null;
  return (
    <div className={classes['order']}>
      <PackSelect
        size="xs"
        w={140}
        aria-label="Scores of"
        value={settings?.packId}
        onChange={(packId) => change({ packId })}
      />
      <Tooltip label="Score the library with it…">
        <ActionIcon size={30} variant="default" aria-label="Score the library with it" onClick={onScore}>
          <IconPlayerPlay size={15} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}

function OrderBy({ query, onQuery, orders }: Pick<ToolbarProps, 'query' | 'onQuery' | 'orders'>) {
  const { ascending, descending } = directionLabels(query.order);
  const label = query.descending ? descending : ascending;
  return (
    <div className={classes['order']}>
      <Select
        size="xs"
        w={172}
        aria-label="Order by"
        allowDeselect={false}
        data={orders}
        value={query.order}
        maxDropdownHeight={420}
        onChange={(value) => {
          const order = ImageOrder.safeParse(value);
          if (order.success) onQuery({ order: order.data });
        }}
      />
      <Tooltip label={`${label} (D)`}>
        <ActionIcon
          size={30}
          variant="default"
          aria-label={`Direction: ${label}`}
          onClick={() => onQuery({ descending: !query.descending })}
        >
          {query.descending ? <IconSortDescending size={16} /> : <IconSortAscending size={16} />}
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
