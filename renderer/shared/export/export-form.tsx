/** The fields of the export dialog, and the button that starts it. */
import { Alert, Button, Group, Loader, Select, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { Job } from '../../../contract/jobs.ts';
import { client, orpc } from '../../api/client.ts';
import { noteJob } from '../../api/jobs.ts';
import { DialogFoot } from '../dialog-foot.tsx';
import { downloadExport } from '../export-link.tsx';
import { FirstRows } from '../first-rows.tsx';
import { countOf } from '../format.ts';
import { Keys } from '../keys.tsx';
import { MixedNote } from '../mixed-note.tsx';
import { Notice } from '../notice.tsx';
import { usePacks } from '../packs.ts';
import { joinPath } from '../path-crumbs.ts';
import { PackSelect } from '../score-choice.tsx';
import { errorMessage } from '../show-error.ts';
import { useSubmitKey } from '../use-submit-key.ts';
import { ColumnChooser } from './column-chooser.tsx';
import classes from './export.module.css';
import { DialogFormat, nameFor } from './export-draft.ts';
import { FormatFields } from './format-fields.tsx';
import { PlaceFields } from './place-fields.tsx';
import { PresetBar } from './preset-bar.tsx';
import { SidecarFields } from './sidecar-fields.tsx';
import { type FirstChoice, useExportForm } from './use-export-form.ts';

export interface ExportFormProps extends FirstChoice {
  onStarted: (job: Job) => void;
  onClose: () => void;
}

type Form = ReturnType<typeof useExportForm>;

const formats: { value: DialogFormat; label: string }[] = [
  { value: 'csv', label: 'CSV' },
  { value: 'xlsx', label: 'Excel (XLSX)' },
  { value: 'jsonl', label: 'JSON Lines' },
  { value: 'parquet', label: 'Parquet' },
  { value: 'folder', label: 'Data set folder, with the images' },
  { value: 'xmp', label: 'Sidecars beside the images (XMP)' },
  { value: 'challenge', label: 'Challenge output.txt' },
];

export function ExportForm({ onStarted, onClose, ...first }: ExportFormProps) {
  const form = useExportForm(first);
  const { draft, changeDraft, about } = form;
  const pack = usePacks().find(({ id }) => id === about.packId);
  if (draft.format === 'xmp') {
    return (
      <Stack gap="sm">
        <HeadFields form={form} />
        <MixedNote pack={pack} />
        <SidecarFields
          key={`${form.source.key} ${form.about.mosSetId}`}
          form={form}
          onStarted={onStarted}
          onClose={onClose}
        />
      </Stack>
    );
  }
  return (
    <Stack gap="sm">
      <HeadFields form={form} />
      <MixedNote pack={pack} />
      {draft.format === 'challenge' ? (
        <ChallengeNote />
      ) : (
        <>
          <ColumnFields form={form} />
          <Preview form={form} />
          <FormatFields draft={draft} onDraft={changeDraft} />
          <PlaceFields draft={draft} onDraft={changeDraft} name={form.name} onName={form.setName} />
        </>
      )}
      <Foot form={form} onStarted={onStarted} onClose={onClose} />
    </Stack>
  );
}

function HeadFields({ form }: { form: Form }) {
  const { sources, source, draft, changeDraft, about } = form;
  const sets = useQuery(orpc.mos.sets.queryOptions()).data ?? [];
  const packs = usePacks();
  const isOfImages = draft.format !== 'challenge';
  const groups = [...Map.groupBy(sources, ({ group }) => group)].map(([group, some]) => ({
    group,
    items: some.map(({ key, label }) => ({ value: key, label })),
  }));
  return (
    <div className={classes['head']}>
      {isOfImages && (
        <Select
          size="xs"
          label="Images"
          // Also where one comes back to after an export.
          autoFocus
          data-autofocus
          allowDeselect={false}
          searchable={sources.length > 8}
          data={groups}
          value={source.key}
          onChange={(key) => key !== null && form.setSource(key)}
        />
      )}
      <Select
        size="xs"
        label="Written as"
        allowDeselect={false}
        data={formats}
        value={draft.format}
        onChange={(value) => changeFormat(form, DialogFormat.parse(value))}
      />
      {packs.length > 1 && (
        <PackSelect
          size="xs"
          label="Scores of"
          value={about.packId}
          onChange={(packId) => form.setAbout({ packId })}
        />
      )}
      {isOfImages && sets.length > 1 && (
        <Select
          size="xs"
          label="MOS of"
          searchable={sets.length > 8}
          allowDeselect={false}
          data={sets.map(({ id, name }) => ({ value: String(id), label: name }))}
          value={about.mosSetId === undefined ? null : String(about.mosSetId)}
          onChange={(id) => id !== null && form.setAbout({ mosSetId: Number(id) })}
        />
      )}
    </div>
  );

  function changeFormat({ name, setName }: Form, format: DialogFormat): void {
    changeDraft({ format });
    setName(nameFor(format, name));
  }
}

function ColumnFields({ form }: { form: Form }) {
  const { options, presets, columns, draft, changeDraft } = form;
  if (options.error !== null) {
    return (
      <Notice tone="problem" title="The columns could not be read" role="alert">
        {errorMessage(options.error)}
      </Notice>
    );
  }
  if (options.data === undefined) return <Loader size="sm" aria-label="Loading" />;
  return (
    <>
      <PresetBar
        presets={presets}
        presetId={draft.presetId}
        isChanged={draft.columns !== null}
        columns={columns}
        format={draft.format === 'challenge' || draft.format === 'xmp' ? 'csv' : draft.format}
        onPreset={({ id, format }) => {
          changeDraft({ presetId: id, columns: null, format });
          form.setName(nameFor(format, form.name));
        }}
      />
      <ColumnChooser
        all={options.data.columns}
        columns={columns}
        onColumns={(chosen) => changeDraft({ columns: chosen })}
      />
    </>
  );
}

/** What a person would see in the file; with its problems where there are some. */
function Preview({ form: { preview, columns } }: { form: Form }) {
  const { data, error } = preview;
  return (
    <div className={classes['preview']} aria-busy={preview.isPlaceholderData}>
      {columns.length === 0 ? (
        <Notice tone="note" title="No column is chosen" />
      ) : error !== null ? (
        <Notice tone="problem" title="It cannot be exported like this" role="alert">
          {errorMessage(error)}
        </Notice>
      ) : data === undefined ? (
        <Loader size="sm" aria-label="Loading" />
      ) : data.total === 0 ? (
        <Notice tone="note" title="No image is here to export" role="status">
          Choose other images above.
        </Notice>
      ) : (
        <FirstRows header={data.columns} rows={data.rows} />
      )}
    </div>
  );
}

function ChallengeNote() {
  return (
    <Notice tone="note" title="The lines that NTIRE’s challenge takes">
      One line “name,score” for each name of the prompt list that was imported last (info_test.xlsx), in its
      order, with the overall score. Whole or not at all: a name without image or score is told of, and
      nothing is written.
    </Notice>
  );
}

interface FootProps {
  form: Form;
  onStarted: (job: Job) => void;
  onClose: () => void;
}

function Foot({ form, onStarted, onClose }: FootProps) {
  const { draft, preview, columns } = form;
  const isChallenge = draft.format === 'challenge';
  const isWritten = draft.format === 'folder' || draft.place === 'folder';
  const total = preview.data?.total ?? 0;
  const start = useMutation({
    mutationFn: async (overwrite: boolean) => await begin(form, overwrite),
    onSuccess: (job) => {
      if (job === null) return onClose();
      noteJob(job);
      onStarted(job);
    },
  });
  const isReady =
    isChallenge ||
    (columns.length > 0 &&
      preview.error === null &&
      total > 0 &&
      (!isWritten || (draft.folder !== null && form.name.trim() !== '')));
  useSubmitKey(() => isReady && !start.isPending && start.mutate(false));
  return (
    <DialogFoot>
      {start.error !== null && (
        <StartProblem
          error={start.error}
          onReplace={draft.format === 'folder' ? null : () => start.mutate(true)}
        />
      )}
      <Text size="xs" c="dimmed" className={`${classes['sum']} numbers`} data-testid="export-sum">
        {isChallenge || preview.data === undefined
          ? ''
          : `${countOf(total, 'row')}, ${columns.length} columns`}
      </Text>
      <Group gap="xs">
        <Button size="sm" variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          size="sm"
          disabled={!isReady}
          loading={start.isPending}
          rightSection={<Keys keys="mod+Enter" />}
          onClick={() => start.mutate(false)}
        >
          Export
        </Button>
      </Group>
    </DialogFoot>
  );
}

/** What keeps it from beginning; a file that is there already is replaced by one button. */
function StartProblem({ error, onReplace }: { error: Error; onReplace: (() => void) | null }) {
  const isTaken = 'code' in error && error.code === 'conflict';
  return (
    <Alert color="red" w="100%" p="xs" title="It was not exported" role="alert">
      {errorMessage(error)}
      {isTaken && onReplace !== null && (
        <Button size="compact-xs" ml="sm" variant="default" onClick={onReplace}>
          Replace it
        </Button>
      )}
    </Alert>
  );
}

/** Starts the job; null for what is downloaded at once. */
async function begin({ draft, table, name, about }: Form, overwrite: boolean): Promise<Job | null> {
  const { format, images, metadata, folder, place } = draft;
  if (format === 'challenge' || format === 'xmp') {
    await downloadExport({ kind: 'challenge', packId: about.packId ?? 'classic' });
    return null;
  }
  const isWritten = format === 'folder' || place === 'folder';
  const destination = isWritten && folder !== null ? { destination: joinPath(folder, name.trim()) } : {};
  return await client.exports.start({ ...table, format, images, metadata, overwrite, ...destination });
}
