/** How the list is drawn: grid or table, and what each of them has to choose. */
import { ActionIcon, Select, Tooltip } from '@mantine/core';
import { IconColumns3, IconId, IconLayoutGrid, IconTable } from '@tabler/icons-react';
import { GroupBy } from '../../../contract/images.ts';
import { isPartShown, listCardParts } from './card-face.ts';
import type { ListQuery, ListView } from './list-view.ts';
import { PartChooser } from './part-chooser.tsx';
import { isColumnShown, listColumns } from './table/columns.ts';
import { ThumbSize } from './thumb-size.tsx';
import type { useImageList } from './use-image-list.ts';

interface ViewControlsProps {
  list: ReturnType<typeof useImageList>['list'];
  view: ListView;
  query: ListQuery;
  onQuery: (change: Partial<ListQuery>) => void;
}

const kinds = [
  { kind: 'grid', label: 'Grid', Icon: IconLayoutGrid },
  { kind: 'table', label: 'Table', Icon: IconTable },
] as const;

export function ViewControls({ list, view, query, onQuery }: ViewControlsProps) {
  const { layout, onLayout } = view;
  return (
    <>
      {layout.kind === 'grid' ? (
        <>
          <GroupSelect query={query} onQuery={onQuery} />
          <PartChooser
            label="Cards"
            icon={<IconId size={14} />}
            parts={listCardParts(list)}
            isShown={({ id }) => isPartShown(id, list, layout.parts)}
            onShow={({ id }, isShown) => onLayout({ parts: { ...layout.parts, [id]: isShown } })}
          />
          <ThumbSize px={view.thumbPx} onPx={view.onThumbPx} />
        </>
      ) : (
        <PartChooser
          label="Columns"
          icon={<IconColumns3 size={14} />}
          parts={listColumns(list)}
          isShown={(column) => isColumnShown(column, layout.columns)}
          onShow={({ id }, isShown) => onLayout({ columns: { ...layout.columns, [id]: isShown } })}
        />
      )}
      <ActionIcon.Group>
        {kinds.map(({ kind, label, Icon }) => (
          <Tooltip key={kind} label={`${label} (G)`}>
            <ActionIcon
              size={24}
              variant={kind === layout.kind ? 'filled' : 'default'}
              color={kind === layout.kind ? 'jade' : 'gray'}
              aria-label={label}
              aria-pressed={kind === layout.kind}
              onClick={() => onLayout({ kind })}
            >
              <Icon size={14} />
            </ActionIcon>
          </Tooltip>
        ))}
      </ActionIcon.Group>
    </>
  );
}

const groupings: { value: GroupBy; label: string }[] = [
  { value: 'prompt', label: 'By prompt' },
  { value: 'generator', label: 'By generator' },
  { value: 'folder', label: 'By folder' },
];

function GroupSelect({ query, onQuery }: Pick<ViewControlsProps, 'query' | 'onQuery'>) {
  return (
    <Select
      size="xs"
      w={144}
      aria-label="Group"
      placeholder="No groups"
      clearable
      clearButtonProps={{ 'aria-label': 'No groups', 'aria-hidden': false, tabIndex: 0 }}
      data={groupings}
      value={query.groupBy ?? null}
      onChange={(value) => onQuery({ groupBy: GroupBy.safeParse(value).data })}
    />
  );
}
