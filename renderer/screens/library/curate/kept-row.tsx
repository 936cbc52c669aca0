/** One collection or saved query: its name shows it; it gets another name in place, and goes, after a question where that loses something. */
import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { errorMessage, showError } from '../../../shared/show-error.ts';
import { TextButton } from '../text-button.tsx';

interface KeptRowProps {
  name: string;
  about: string;
  onShow: () => void;
  onRename: (to: string) => Promise<unknown>;
  /** `loses` is asked first; without it, it can be undone. */
  removal: { word: string; loses?: string; run: () => Promise<unknown> };
}

export function KeptRow({ name, about, onShow, removal, ...naming }: KeptRowProps) {
  const [mode, setMode] = useState<'shown' | 'naming' | 'asking'>('shown');
  const rename = useRef<HTMLButtonElement>(null);
  const wasShown = useRef(true);
  const show = () => setMode('shown');
  useEffect(() => {
    if (mode === 'shown' && !wasShown.current) rename.current?.focus();
    wasShown.current = mode === 'shown';
  }, [mode]);
  const remove = useMutation({
    mutationFn: removal.run,
    onError: (error) => showError('Nothing was changed', error),
  });
  if (mode === 'naming') return <NameForm name={name} {...naming} onDone={show} />;
  if (mode === 'asking') {
    return (
      <Stack gap="xs" role="group" aria-label={name}>
        <Text size="sm">
          {removal.word} “{name}”? {removal.loses}
        </Text>
        <Group justify="end">
          <Button ref={takeFocus} size="xs" variant="default" onClick={show}>
            Keep
          </Button>
          <Button size="xs" color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
            {removal.word}
          </Button>
        </Group>
      </Stack>
    );
  }
  return (
    <Group wrap="nowrap" gap="xs" mih={32} role="group" aria-label={name}>
      <Text component="div" size="sm" truncate flex="0 1 auto" title={name}>
        <TextButton onClick={onShow}>{name}</TextButton>
      </Text>
      <Text size="xs" c="dimmed" truncate flex="1 1 0" title={about}>
        {about}
      </Text>
      <ActionIcon ref={rename} aria-label={`Rename “${name}”`} onClick={() => setMode('naming')}>
        <IconPencil size={15} />
      </ActionIcon>
      <ActionIcon
        aria-label={`${removal.word} “${name}”`}
        loading={remove.isPending}
        onClick={() => (removal.loses === undefined ? remove.mutate() : setMode('asking'))}
      >
        <IconTrash size={15} />
      </ActionIcon>
    </Group>
  );
}

type NameFormProps = Pick<KeptRowProps, 'name' | 'onRename'> & { onDone: () => void };

function NameForm({ name, onRename, onDone }: NameFormProps) {
  const [text, setText] = useState(name);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  const rename = useMutation({ mutationFn: () => onRename(text.trim()), onSuccess: onDone });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') rename.mutate();
      }}
    >
      <Group align="start" gap="xs" wrap="nowrap">
        <TextInput
          ref={field}
          size="xs"
          flex={1}
          aria-label={`New name of “${name}”`}
          inputWrapperOrder={['input', 'error']}
          maxLength={120}
          error={rename.error === null ? undefined : errorMessage(rename.error)}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Escape' && onDone()}
          data-mantine-stop-propagation="true"
        />
        <Button size="xs" variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button size="xs" type="submit" disabled={text.trim() === ''} loading={rename.isPending}>
          Rename
        </Button>
      </Group>
    </form>
  );
}

/** For what appears where the keyboard was. */
export function takeFocus(element: HTMLElement | null): void {
  element?.focus();
}
