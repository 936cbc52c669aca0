/** What a pack of networks is made of: trained sets, precision, what it ran on last, its files. Nothing for other packs. */
import { Text } from '@mantine/core';
import type { PackInfo } from '../../../contract/pack.ts';
import { CopyValue } from '../../shared/copy-value.tsx';
import { formatBytes } from '../../shared/format.ts';
import { providerNames } from '../../shared/pack-words.ts';

export function NetworkFacts({ pack }: { pack: PackInfo }) {
  const { network, lastUsed } = pack;
  if (network === null) return null;
  const { members, precision, files } = network;
  const checkpoints = files.filter(({ isOriginal }) => isOriginal);
  const own = files.filter(({ isOriginal }) => !isOriginal);
  return (
    <>
      <dt>Trained sets</dt>
      <dd>
        {members.join(', ')}
        {members.length > 1 && (
          <Text span size="xs" c="dimmed">
            {' '}
            · the score is the mean of the {members.length}
          </Text>
        )}
      </dd>
      <dt>Precision</dt>
      <dd>
        {precision}
        {precision !== 'float32' && (
          <Text span size="xs" c="dimmed">
            {' '}
            · its float32 graphs are kept for comparison
          </Text>
        )}
      </dd>
      <dt>Ran last on</dt>
      <dd>
        {lastUsed === null ? (
          <Text span size="sm" c="dimmed">
            nothing yet
          </Text>
        ) : (
          <>
            {providerNames[lastUsed.provider]} in {lastUsed.precision}
            <Text span size="xs" c="dimmed">
              {' '}
              · {lastUsed.runtime}
            </Text>
            {lastUsed.fallback !== null && (
              <Text size="xs" data-testid="fallback">
                {lastUsed.fallback}
              </Text>
            )}
          </>
        )}
      </dd>
      <dt>Files</dt>
      <dd>
        {checkpoints.map(({ path, sizeBytes }) => (
          <div key={path} style={{ display: 'flex', gap: 12, alignItems: 'start' }}>
            <CopyValue label={`path of ${nameOf(path)}`} value={path} />
            <Text size="xs" className="numbers" w={64} ta="right" pt={2}>
              {formatBytes(sizeBytes)}
            </Text>
          </div>
        ))}
        {own.length > 0 && (
          <Text size="xs" c="dimmed" className="numbers" data-testid="own-files">
            {formatBytes(own.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0))} of weights in the library’s
            own {own.length === 1 ? 'file' : `${own.length} files`}
          </Text>
        )}
      </dd>
    </>
  );
}

function nameOf(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
