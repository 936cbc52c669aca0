/** The lineage of heads as a tree: what was made from what, and what each was worth. */
import { Badge, Button, Group, Text } from '@mantine/core';
import type { Head, HeldOutMetrics } from '../../../contract/heads.ts';
import { Estimate } from '../../shared/estimate.tsx';
import { formatTime } from '../../shared/format.ts';
import { Card } from '../../shared/page.tsx';
import classes from './heads.module.css';
import { describeTraining, groupByTarget, judgeHead, verdictWords } from './judge-heads.ts';
import { growLineage, type LineageNode } from './lineage.ts';

interface LineageTreeProps {
  heads: Head[];
  onShow: (headId: number) => void;
}

export function LineageTree({ heads, onShow }: LineageTreeProps) {
  return (
    <Card title="Lineage" note="Every head under the one that it was made from and compared with.">
      <ul className={classes['tree']} aria-label="Lineage of heads">
        {groupByTarget(heads).map(({ target, heads: group }) => (
          <li key={target}>
            <Text size="sm" fw={600}>
              {target}
            </Text>
            <Branches nodes={growLineage(group)} onShow={onShow} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Branches({ nodes, onShow }: { nodes: LineageNode<Head>[]; onShow: (headId: number) => void }) {
  if (nodes.length === 0) return null;
  return (
    <ul>
      {nodes.map(({ head, children }) => (
        <li key={head.id}>
          <Group gap="xs">
            <Button size="compact-xs" variant="default" onClick={() => onShow(head.id)}>
              {head.name}
            </Button>
            {head.isActive && <Badge size="sm">active</Badge>}
            <Text size="xs" c="dimmed">
              {head.isShipped
                ? 'comes with the pack'
                : `${describeTraining(head)} · ${formatTime(head.createdAt)}`}
            </Text>
            {head.heldOut !== null && (
              <Text span size="xs" component="span">
                <Worth hasParent={head.parentId !== null} metrics={head.heldOut} />
              </Text>
            )}
          </Group>
          <Branches nodes={children} onShow={onShow} />
        </li>
      ))}
    </ul>
  );
}

/** Beside its parent where that is fair, else alone. */
function Worth({ hasParent, metrics }: { hasParent: boolean; metrics: HeldOutMetrics }) {
  const isFair = hasParent && judgeHead(metrics) !== 'unfair';
  return isFair ? (
    <>
      against its parent <Estimate estimate={metrics.srccDifference} isSigned />
    </>
  ) : (
    <>
      held-out SRCC <Estimate estimate={metrics.srcc} />
      {hasParent ? `; ${verdictWords.unfair}` : ''}
    </>
  );
}
