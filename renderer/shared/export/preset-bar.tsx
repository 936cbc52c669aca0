/** Sets of columns under a name: chosen, saved, renamed by saving under another name, and forgotten. */
import { ActionIcon, Button, Group, Popover, Select, Stack, TextInput, Tooltip } from '@mantine/core';
import { IconDeviceFloppy, IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { ExportColumn, ExportFormat, ExportOptions } from '../../../contract/export-images.ts';
import { client, orpc, queryClient } from '../../api/client.ts';
import { errorMessage, showError } from '../show-error.ts';

type Preset = ExportOptions['presets'][number];

interface PresetBarProps {
  presets: readonly Preset[];
  presetId: string;
  /** The columns are not those of the preset any more. */
  isChanged: boolean;
  columns: readonly ExportColumn[];
  format: ExportFormat;
  onPreset: (preset: Preset) => void;
}

export function PresetBar(props: PresetBarProps) {
  const { presets, presetId, isChanged, onPreset } = props;
  const chosen = presets.find(({ id }) => id === presetId);
  const own = presets.filter(({ isOwn }) => isOwn);
  const shipped = presets.filter(({ isOwn }) => !isOwn);
  const asItems = (some: readonly Preset[]) => some.map(({ id, title }) => ({ value: id, label: title }));
  return (
    <Group gap={6} align="end" wrap="nowrap">
      <Select
        size="xs"
        flex={1}
        label="Columns as in"
        description={isChanged ? 'Changed by hand since.' : chosen?.note}
        inputWrapperOrder={['label', 'input', 'description']}
        placeholder="A choice of your own"
        allowDeselect={false}
        data={[
          { group: 'Of the studio', items: asItems(shipped) },
          ...(own.length === 0 ? [] : [{ group: 'Your own', items: asItems(own) }]),
        ]}
        value={chosen === undefined ? null : presetId}
        onChange={(id) => {
          const preset = presets.find((one) => one.id === id);
          if (preset !== undefined) onPreset(preset);
        }}
      />
      <Group gap={4} pb={19} wrap="nowrap">
        {isChanged && chosen !== undefined && (
          <Button size="xs" variant="default" onClick={() => onPreset(chosen)}>
            Back to it
          </Button>
        )}
        <SaveButton {...props} />
        {chosen?.isOwn === true && <ForgetButton preset={chosen} onForgotten={() => onPreset(shipped[0]!)} />}
      </Group>
    </Group>
  );
}

/** Asks for the sets again; the answer is there before what follows. */
async function readPresetsAgain(): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: orpc.exports.options.key() });
}

function SaveButton({ presets, presetId, columns, format, onPreset }: PresetBarProps) {
  const [isOpen, setOpen] = useState(false);
  const chosen = presets.find(({ id }) => id === presetId);
  const [title, setTitle] = useState('');
  const isReplaced = presets.some((one) => one.isOwn && one.title === title.trim());
  const save = useMutation({
    mutationFn: () => client.exports.savePreset({ title: title.trim(), format, columns: [...columns] }),
    onSuccess: async (saved) => {
      await readPresetsAgain();
      const preset = saved.find((one) => one.title === title.trim());
      if (preset !== undefined) onPreset({ ...preset, isOwn: true });
      setOpen(false);
    },
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    // The dialog's own form, through the portal.
    event.stopPropagation();
    save.mutate();
  }
  return (
    <Popover opened={isOpen} onChange={setOpen} trapFocus position="bottom-end">
      <Popover.Target>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDeviceFloppy size={15} />}
          disabled={columns.length === 0}
          onClick={() => {
            setTitle(chosen?.isOwn === true ? chosen.title : '');
            setOpen(true);
          }}
        >
          Save…
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Save these columns">
        <form onSubmit={submit}>
          <Stack gap="xs">
            <TextInput
              size="xs"
              w={240}
              data-autofocus
              label="Save these columns as"
              maxLength={60}
              description={isReplaced ? 'Replaces the one of this name.' : 'With the format.'}
              error={save.error === null ? undefined : errorMessage(save.error)}
              value={title}
              onChange={(event) => setTitle(event.currentTarget.value)}
            />
            <Button size="xs" type="submit" disabled={title.trim() === ''} loading={save.isPending}>
              {isReplaced ? 'Replace' : 'Save'}
            </Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

function ForgetButton({ preset: { title }, onForgotten }: { preset: Preset; onForgotten: () => void }) {
  const forget = useMutation({
    mutationFn: () => client.exports.forgetPreset({ title }),
    onSuccess: async () => {
      onForgotten();
      await readPresetsAgain();
    },
    onError: (error) => showError('The columns could not be forgotten', error),
  });
  return (
    <Tooltip label={`Forget “${title}”`}>
      <ActionIcon
        size={30}
        variant="default"
        aria-label={`Forget “${title}”`}
        loading={forget.isPending}
        onClick={() => forget.mutate()}
      >
        <IconTrash size={15} />
      </ActionIcon>
    </Tooltip>
  );
}
