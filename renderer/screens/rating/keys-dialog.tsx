/** Every key of the rating surface, each to be changed here: press the button, then the key. */
import { Button, Group, Modal, SimpleGrid, Stack, Text, VisuallyHidden } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Dimension } from '../../../contract/studies.ts';
import { Keys } from '../../shared/keys.tsx';
import {
  actionsOf,
  bindKey,
  findKeyProblem,
  type KeyAction,
  type KeyBindings,
  keyOfAction,
  nameKey,
} from './key-bindings.ts';

interface KeysDialogProps {
  opened: boolean;
  onClose: () => void;
  surface: 'scale' | 'pairs';
  /** Whether the study allows another size. */
  mayZoom: boolean;
  dimensions: readonly Dimension[];
  bindings: KeyBindings;
  onChange: (bindings: KeyBindings) => void;
}

const groups = ['Vote', 'Go', 'See'] as const;

const zoomKeys = ['Space', 'Z'];

export function KeysDialog(props: KeysDialogProps) {
  const { opened, onClose, surface, mayZoom, dimensions, bindings, onChange } = props;
  const [waiting, setWaiting] = useState<KeyAction | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const actions = actionsOf(surface).filter(
    (action) => isOfUse(action, dimensions) && (mayZoom || !zoomKeys.includes(action.key)),
  );
  useCapturedKey(waiting, (key) => {
    const action = waiting!;
    setWaiting(null);
    const found = key === null ? null : findKeyProblem(bindings, action, key);
    setProblem(found);
    if (key !== null && found === null) onChange(bindKey(bindings, action, key));
  });
  return (
    <Modal
      opened={opened}
      onClose={() => {
        setWaiting(null);
        setProblem(null);
        onClose();
      }}
      title="Keyboard"
      size="lg"
      closeOnEscape={waiting === null}
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl" verticalSpacing="lg">
        {groups.map((group) => (
          <Stack gap={4} key={group}>
            <Text fw={600} size="sm">
              {group}
            </Text>
            {actions
              .filter((action) => action.group === group)
              .map((action) => (
                <KeyRow
                  key={action.key}
                  label={labelOf(action, dimensions)}
                  keys={keyOfAction(bindings, action)}
                  isWaiting={waiting === action}
                  onPress={() => {
                    setProblem(null);
                    setWaiting(action);
                  }}
                />
              ))}
          </Stack>
        ))}
      </SimpleGrid>
      <Group justify="space-between" mt="lg" mih={36}>
        <Text size="sm" role="status" {...(problem === null ? {} : { c: 'red' })}>
          {waiting === null
            ? (problem ?? 'Press a key’s button to change it.')
            : 'Press the new key, or Esc.'}
        </Text>
        <Button
          variant="default"
          size="compact-sm"
          disabled={Object.keys(bindings).length === 0}
          onClick={() => onChange({})}
        >
          All as they were
        </Button>
      </Group>
    </Modal>
  );
}

interface KeyRowProps {
  label: string;
  keys: string;
  isWaiting: boolean;
  onPress: () => void;
}

function KeyRow({ label, keys, isWaiting, onPress }: KeyRowProps) {
  return (
    <Group justify="space-between" wrap="nowrap">
      <Text size="sm">{label}</Text>
      <Button size="compact-sm" variant={isWaiting ? 'filled' : 'default'} onClick={onPress} miw={56}>
        <VisuallyHidden>{`${label}: ${keys}. Change`}</VisuallyHidden>
        {isWaiting ? '…' : <Keys keys={keys} />}
      </Button>
    </Group>
  );
}

/** Digits beyond what the scales take are not shown. */
function isOfUse({ key, surface }: KeyAction, dimensions: readonly Dimension[]): boolean {
  if (surface !== 'scale') return true;
  return dimensions.some(({ scale }) =>
    scale.kind === 'continuous' ? true : key !== '0' && Number(key) <= scale.words.length,
  );
}

function labelOf({ key, label }: KeyAction, dimensions: readonly Dimension[]): string {
  const words = dimensions.flatMap(({ scale }) => (scale.kind === 'acr' ? [scale.words] : []));
  const level = Number(key);
  if (!Number.isInteger(level) || words.length < dimensions.length) return label;
  const named = [...new Set(words.flatMap((own) => own[level - 1] ?? []))];
  return named.length === 1 && named[0] !== key ? named[0]! : label;
}

/** Calls with the next key while an action waits for one, null for Escape alone; the page gets nothing of it. */
function useCapturedKey(waiting: KeyAction | null, onKey: (key: string | null) => void): void {
  useEffect(() => {
    if (waiting === null) return;
    function take(event: KeyboardEvent): void {
      if (event.key === 'Tab' || /^(Shift|Control|Alt|AltGraph|Meta)$/.test(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      const key = nameKey(event);
      onKey(key === 'Escape' && waiting?.key !== 'Escape' ? null : key);
    }
    window.addEventListener('keydown', take, { capture: true });
    return () => window.removeEventListener('keydown', take, { capture: true });
  });
}
