/** How the list is drawn: grid or table, and what each of them has to choose. */
import { ActionIcon, Tooltip } from '@mantine/core';
import { IconLayoutGrid, IconTable } from '@tabler/icons-react';
import type { ListView } from './list-view.ts';
import { ColumnChooser } from './table/column-chooser.tsx';
import { isColumnShown, listColumns } from './table/columns.ts';
import { ThumbSize } from './thumb-size.tsx';
import type { useImageList } from './use-image-list.ts';

interface ViewControlsProps {
  list: ReturnType<typeof useImageList>['list'];
  view: ListView;
}

const kinds = [
  { kind: 'grid', label: 'Grid', Icon: IconLayoutGrid },
  { kind: 'table', label: 'Table', Icon: IconTable },
] as const;

export function ViewControls({ list, view }: ViewControlsProps) {
  const { layout, onLayout } = view;
  return (
    <>
      {layout.kind === 'grid' ? (
        <ThumbSize px={view.thumbPx} onPx={view.onThumbPx} />
      ) : (
        <ColumnChooser
          columns={listColumns(list)}
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
