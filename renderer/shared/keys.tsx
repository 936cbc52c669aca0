/** Keys as they are printed on controls and in the overlay. */
import { Group, Kbd } from '@mantine/core';

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

const names: Record<string, string> = {
  mod: isMac ? '⌘' : 'Ctrl',
  shift: isMac ? '⇧' : 'Shift',
  alt: isMac ? '⌥' : 'Alt',
  arrowleft: '←',
  arrowright: '→',
  arrowup: '↑',
  arrowdown: '↓',
  escape: 'Esc',
  backspace: '⌫',
  enter: '↵',
  space: 'Space',
};

/** `mod+A` as two key caps. */
export function Keys({ keys }: { keys: string }) {
  const parts = keys === '+' ? ['+'] : keys.split('+');
  return (
    <Group gap={3} wrap="nowrap" component="span" aria-hidden="true">
      {parts.map((part) => (
        <Kbd key={part}>{names[part.toLowerCase()] ?? part}</Kbd>
      ))}
    </Group>
  );
}
