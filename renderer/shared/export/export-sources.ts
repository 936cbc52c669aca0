/** Which images an export can be of: what a list shows or has selected, everything, collections, saved queries, studies, MOS sets. */
import { useQuery } from '@tanstack/react-query';
import type { ImageChoice } from '../../../contract/export-images.ts';
import { ImageQuery } from '../../../contract/images.ts';
import { orpc } from '../../api/client.ts';
import { collectionQuery } from '../collection-query.ts';
import { formatCount } from '../format.ts';

export interface ExportSource {
  key: string;
  label: string;
  group: string;
  choice: ImageChoice;
  /** The MOS set that is meant where nobody says another. */
  mosSetId?: number;
  /** What a file of it is called. */
  name: string;
}

/** The list that a person looks at. */
export interface ShownImages {
  query: ImageQuery;
  matching: number;
  selectedIds: number[];
}

/** Everything that the library has to export from; `shown` first. */
export function useExportSources(shown?: ShownImages): ExportSource[] {
  const collections = useQuery(orpc.curate.collections.queryOptions()).data ?? [];
  const saved = useQuery(orpc.images.savedQueries.queryOptions()).data ?? [];
  const studies = useQuery(orpc.studies.list.queryOptions()).data ?? [];
  const sets = useQuery(orpc.mos.sets.queryOptions()).data ?? [];
  const ofQuery = (query: ImageQuery): ImageChoice => ({ kind: 'query', query });
  return [
    ...(shown === undefined ? [] : sourcesOfList(shown)),
    {
      ...{ key: 'all', group: 'Library', label: 'The whole library', name: 'images' },
      choice: ofQuery(ImageQuery.parse({ order: 'name' })),
    },
    ...collections.map(({ id, name }) => ({
      ...{ key: `collection:${id}`, group: 'Collections', label: name, name },
      choice: ofQuery(ImageQuery.parse({ filter: { query: collectionQuery(name) }, order: 'name' })),
    })),
    ...saved.map(({ id, name, query }) => ({
      ...{ key: `saved:${id}`, group: 'Saved queries', label: name, name },
      choice: ofQuery(query),
    })),
    ...studies.map(({ id, name, mosSetId }) => ({
      ...{ key: studySource(id), group: 'Studies', label: name, name, mosSetId },
      choice: { kind: 'study' as const, studyId: id },
    })),
    ...sets
      .filter(({ studyId }) => studyId === null)
      .map(({ id, name }) => ({
        ...{ key: mosSetSource(id), group: 'MOS sets', label: name, name, mosSetId: id },
        choice: { kind: 'mosSet' as const, mosSetId: id },
      })),
  ];
}

export function studySource(studyId: number): string {
  return `study:${studyId}`;
}

export function mosSetSource(mosSetId: number): string {
  return `mosSet:${mosSetId}`;
}

function sourcesOfList({ query, matching, selectedIds }: ShownImages): ExportSource[] {
  const group = 'Library';
  const selection: ExportSource[] =
    selectedIds.length === 0
      ? []
      : [
          {
            ...{ key: 'selection', group, label: `What is selected (${formatCount(selectedIds.length)})` },
            ...{ choice: { kind: 'images', imageIds: selectedIds }, name: 'selection' },
          },
        ];
  return [
    ...selection,
    {
      ...{ key: 'shown', group, label: `What is shown (${formatCount(matching)})`, name: 'images' },
      choice: { kind: 'query', query },
    },
  ];
}
