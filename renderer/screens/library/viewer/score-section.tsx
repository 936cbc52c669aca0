/** The scores of the active heads, each with the name of its head and what it is worth. */
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ImageDetail } from '../../../../contract/images.ts';
import { standardTargets } from '../../../../contract/targets.ts';
import { orpc } from '../../../api/client.ts';
import { formatScore } from '../../../shared/format.ts';
import classes from './image-viewer.module.css';
import { Section } from './section.tsx';

export function ScoreSection({ detail }: { detail: ImageDetail }) {
  const heads = useQuery(orpc.heads.list.queryOptions()).data ?? [];
  const packs = useQuery(orpc.packs.list.queryOptions()).data ?? [];
  const packId = useQuery(orpc.settings.get.queryOptions()).data?.packId;
  const pack = packs.find(({ id }) => id === packId);
  const scores = inStandardOrder(detail.scores);
  const isRoughAlignment =
    'alignment' in detail.scores && pack !== undefined && pack.absent.some(({ name }) => name === 's');
  return (
    <Section title="Model scores">
      {scores.length === 0 ? (
        <Text size="sm" c="dimmed">
          {detail.hasFile ? 'Not scored yet.' : 'None: there is no file to look at.'}
        </Text>
      ) : (
        <div className={classes['scores']}>
          {scores.map(([target, value]) => {
            const head = heads.find((one) => one.packId === packId && one.target === target && one.isActive);
            const range = pack?.heads.find((one) => one.target === target)?.range;
            return (
              <div key={target} data-testid={`score-${target}`}>
                <Text size="xs">{target}</Text>
                <span className={classes['score']}>{formatScore(value)}</span>
                {range !== undefined && (
                  <Text size="xs" c="dimmed" component="span">
                    {' '}
                    of {range[0]}–{range[1]}
                  </Text>
                )}
                <Text size="xs" c="dimmed">
                  {head?.name ?? ''}
                </Text>
              </div>
            );
          })}
        </div>
      )}
      {isRoughAlignment && (
        <Text size="xs" c="dimmed" mt={6}>
          Alignment is a rough estimate: {pack.title} never compares text with picture.
        </Text>
      )}
    </Section>
  );
}

function inStandardOrder(scores: Record<string, number>): [string, number][] {
  const standard: readonly string[] = standardTargets;
  function rank(target: string): number {
    const at = standard.indexOf(target);
    return at === -1 ? standard.length : at;
  }
  return Object.entries(scores).sort(([a], [b]) => rank(a) - rank(b));
}
