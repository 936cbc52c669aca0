/** What is chosen in the export dialog, and the request that it comes to. */
import { useDebouncedValue, useLocalStorage } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ExportColumn, ImageTableInput } from '../../../contract/export-images.ts';
import { client, orpc } from '../../api/client.ts';
import { type ExportDraft, firstDraft, nameFor, readDraft } from './export-draft.ts';
import { type ExportSource, type ShownImages, useExportSources } from './export-sources.ts';

/** The preview follows a moment after the last change. */
const restMs = 150;

export interface FirstChoice {
  /** The list that a person looks at. */
  shown?: ShownImages;
  /** What is to be exported where nothing is selected; the whole library where absent. */
  source?: string;
  /** In place of the columns and format of last time. */
  preset?: { presetId: string; format: 'csv' | 'parquet' };
}

export function useExportForm({ shown, source: firstSource, preset }: FirstChoice) {
  const sources = useExportSources(shown);
  const [sourceKey, setSourceKey] = useState(firstSource ?? sources[0]!.key);
  const source = sources.find(({ key }) => key === sourceKey) ?? sources[0]!;
  const [draft, changeDraft] = useDraft(preset);
  const [asked, setAsked] = useState<{ packId?: string; mosSetId?: number }>({});
  const mosSetId = asked.mosSetId ?? source.mosSetId;
  const about = {
    ...(asked.packId === undefined ? {} : { packId: asked.packId }),
    ...(mosSetId === undefined ? {} : { mosSetId }),
  };
  const options = useQuery({
    ...orpc.exports.options.queryOptions({ input: about }),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const presets = options.data?.presets ?? [];
  const isOfSidecars = draft.format === 'xmp';
  const columns: ExportColumn[] = isOfSidecars
    ? [{ key: 'name' }]
    : (draft.columns ?? presets.find(({ id }) => id === draft.presetId)?.columns ?? []);
  const rows = draft.format === 'folder' || isOfSidecars ? ('images' as const) : draft.rows;
  const table: ImageTableInput = { choice: source.choice, columns, rows, ...about };
  const [typedName, setTypedName] = useState<string | null>(null);
  return {
    ...{ sources, source, draft, changeDraft, options, presets, columns, table },
    about: { packId: options.data?.packId, mosSetId: mosSetId ?? options.data?.mosSetId ?? undefined },
    setAbout: (change: typeof asked) => setAsked((known) => ({ ...known, ...change })),
    setSource: (key: string) => {
      setSourceKey(key);
      setAsked(({ mosSetId: _ofOther, ...rest }) => rest);
    },
    name: typedName ?? nameFor(draft.format, cleanName(source.name)),
    setName: setTypedName,
    preview: usePreview(source, table, columns.length > 0 && draft.format !== 'challenge'),
  };
}

/** Ids are not part of the key: they stay as they are while the dialog is open, and may be many. */
function usePreview({ key }: ExportSource, table: ImageTableInput, isWanted: boolean) {
  const [openedAt] = useState(() => Date.now());
  const { choice: _choice, ...rest } = table;
  const [asked] = useDebouncedValue({ table, told: JSON.stringify({ key, ...rest }) }, restMs);
  return useQuery({
    queryKey: ['export preview', openedAt, asked.told],
    queryFn: () => client.exports.preview(asked.table),
    placeholderData: keepPreviousData,
    enabled: isWanted && asked.table.columns.length > 0,
    gcTime: 0,
    retry: false,
  });
}

/** What is kept in this browser; with a first preset, that one and its format. */
function useDraft(preset: FirstChoice['preset']): [ExportDraft, (change: Partial<ExportDraft>) => void] {
  const [stored, store] = useLocalStorage<ExportDraft>({
    key: 'export-draft',
    defaultValue: firstDraft,
    getInitialValueInEffect: false,
    deserialize: readDraft,
  });
  const [own, setOwn] = useState<Partial<ExportDraft>>(
    preset === undefined ? {} : { ...preset, columns: null },
  );
  return [
    { ...stored, ...own },
    (change) => {
      setOwn((known) => ({ ...known, ...change }));
      store((known) => ({ ...known, ...change }));
    },
  ];
}

/** A name of ours as files are called on every system. */
function cleanName(name: string): string {
  return name
    .replaceAll(/[\\/:*?"<>|\p{Cc}]/gu, '_')
    .slice(0, 80)
    .trim();
}
