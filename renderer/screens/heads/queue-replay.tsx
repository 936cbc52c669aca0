/** Replays the queue on a rated set: held-out SRCC by number of labels, in its order and in random order. */
import { Button, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { QueueReplay, ReplayOrder } from '../../../contract/rate-next.ts';
import { orpc } from '../../api/client.ts';
import { formatCount } from '../../shared/format.ts';
import { Notice } from '../../shared/notice.tsx';
import { Card } from '../../shared/page.tsx';
import { Plot } from '../../shared/plot.tsx';
import { errorMessage } from '../../shared/show-error.ts';
import classes from './heads.module.css';

export function QueueReplayView({
  order,
}: {
  order: Pick<ReplayOrder, 'packId' | 'mosSetId' | 'dimension'>;
}) {
  const replay = useMutation(orpc.heads.replayQueue.mutationOptions());
  return (
    <Card
      title="Does this order help?"
      note="The ratings that there are, learnt again in this order and in random order; judged on prompts that were held out."
      actions={
        <Button
          size="compact-sm"
          variant="default"
          loading={replay.isPending}
          onClick={() => replay.mutate(order)}
        >
          Replay it on this set
        </Button>
      }
    >
      {replay.error !== null && (
        <Notice tone="problem" title="It cannot be replayed here" role="alert">
          {errorMessage(replay.error)}
        </Notice>
      )}
      {replay.data === undefined ? null : <Replayed replay={replay.data} />}
    </Card>
  );
}

function Replayed({ replay }: { replay: QueueReplay }) {
  const { points, sentence, isShown, repeats } = replay;
  const [first, last] = [points[0], points.at(-1)];
  const values = points.flatMap(({ queue, random }) => [queue, random]);
  const x = (labels: number) => Math.log(labels);
  return (
    <div data-testid="queue-replay" data-shown={isShown}>
      <Text size="sm" mb="xs">
        {sentence}
      </Text>
      {first !== undefined && last !== undefined && points.length > 1 && (
        <Plot
          label={`Held-out SRCC by labels over ${repeats} repeats; in this order it ends at ${last.queue.toFixed(3)}, in random order at ${last.random.toFixed(3)}`}
          x={{
            low: x(first.labels),
            high: x(last.labels),
            label: 'labels',
            ticks: points.map(({ labels }) => ({ at: x(labels), text: formatCount(labels) })),
          }}
          y={{ low: Math.min(...values), high: Math.max(...values), label: 'held-out SRCC' }}
        >
          {(px, py) => (
            <>
              <polyline
                className={classes['plain']}
                points={points.map(({ labels, random }) => `${px(x(labels))},${py(random)}`).join(' ')}
              />
              <polyline
                className={classes['line']}
                points={points.map(({ labels, queue }) => `${px(x(labels))},${py(queue)}`).join(' ')}
              />
            </>
          )}
        </Plot>
      )}
      <Text size="xs" c="dimmed" className="numbers">
        Green: this order; dashed: random order. Mean of {formatCount(repeats)} repeats.
      </Text>
    </div>
  );
}
