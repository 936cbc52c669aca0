/** The list as a person wants to see it: grid or table, with one selection and the same keys. */
import { ImageGrid } from './image-grid.tsx';
import type { ListProps } from './list-keys.ts';
import type { ListQuery, ListView } from './list-view.ts';
import { changeWidths, isColumnShown, listColumns } from './table/columns.ts';
import { ImageTable } from './table/image-table.tsx';
import type { useImageList } from './use-image-list.ts';

interface ShownListProps extends Omit<ListProps, 'ids'> {
  list: ReturnType<typeof useImageList>['list'];
  view: ListView;
  query: ListQuery;
  onQuery: (change: Partial<ListQuery>) => void;
}

export function ShownList({ list, view, query, onQuery, ...keys }: ShownListProps) {
  const { layout, onLayout, thumbPx } = view;
  if (layout.kind === 'grid') {
    return <ImageGrid {...list} {...keys} thumbPx={thumbPx} parts={layout.parts} />;
  }
  const columns = listColumns(list).filter((column) => isColumnShown(column, layout.columns));
  return (
    <ImageTable
      {...list}
      {...keys}
      columns={columns}
      widths={layout.widths}
      onWidths={(change) => onLayout({ widths: changeWidths(layout.widths, change) })}
      order={query}
      onOrder={onQuery}
    />
  );
}
