/** How a folder is kept in step, in words: watched, looked through now and then, offline and since when, or only when asked. */
import { Text } from '@mantine/core';
import { IconEye, IconEyeOff, IconFolder, IconPlugX, IconRefresh } from '@tabler/icons-react';
import type { Root } from '../../../contract/images.ts';
import { formatTime } from '../../shared/format.ts';

const icons = {
  watching: IconEye,
  polling: IconRefresh,
  offline: IconPlugX,
  off: IconEyeOff,
  starting: IconFolder,
};

export function FolderState({ root: { watch, offlineSince } }: { root: Root }) {
  const Icon = icons[watch.state];
  return (
    <Text size="sm" c="dimmed" component="div" style={{ display: 'flex', gap: 6 }}>
      <Icon size={16} style={{ flex: 'none', marginTop: 2 }} />
      <span>
        {describeState(watch.state, offlineSince)}
        {watch.reason !== null && ` ${capitalise(watch.reason)}`}
      </span>
    </Text>
  );
}

function describeState(state: Root['watch']['state'], offlineSince: number | null): string {
  switch (state) {
    case 'watching':
      return 'Watched: what changes in it is noticed within seconds.';
    case 'polling':
      return 'Looked through every minute.';
    case 'offline': {
      const since = offlineSince === null ? '' : ` since ${formatTime(offlineSince)}`;
      return `Offline${since}. Cards, scores, votes and tags of its images are kept; it goes on by itself when the folder is back.`;
    }
    case 'starting':
      return 'Being looked through…';
    case 'off':
      return 'Not watched: what changes in it is found when you look.';
  }
}

/** The engine's reason as a sentence of its own. */
function capitalise(reason: string): string {
  const sentence = /^[a-z]/.test(reason) ? `The folder ${reason}` : reason;
  return /[.!?]$/.test(sentence) || /=\d+$/.test(sentence) ? sentence : `${sentence}.`;
}
