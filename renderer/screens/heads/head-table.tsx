/** The heads of one target with their lineage and what each is worth on rows it did not see. */
import { Badge, Button, Group, Table, Text } from '@mantine/core';
import type { Head } from '../../../contract/heads.ts';
import { Estimate } from '../../shared/estimate.tsx';
import { formatTime } from '../../shared/format.ts';
import { nameWithState } from '../../shared/pack-words.ts';
import { usePacks } from '../../shared/packs.ts';
import { Card } from '../../shared/page.tsx';
import { ActivateButton } from './activate-button.tsx';
import { HeadMenu } from './head-menu.tsx';
import { HeadName } from './head-name.tsx';
import classes from './heads.module.css';
import { describeReads, describeTraining, judgeHead, verdictWords } from './judge-heads.ts';
import { ShippedFigures } from './shipped-figures.tsx';

interface HeadTableProps {
  target: string;
  heads: Head[];
  /** All heads, for the names of parents. */
  all: Head[];
  onShow: (headId: number) => void;
}

export function HeadTable({ target, heads, all, onShow }: HeadTableProps) {
  return (
    <Card title={`Heads for ${target}`}>
      <div className={classes['scroll']}>
        <Table aria-label={`Heads for ${target}`} verticalSpacing={6} className={classes['table']}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th w="22%">Name</Table.Th>
              <Table.Th>Trained on</Table.Th>
              <Table.Th w={150}>Held-out SRCC</Table.Th>
              <Table.Th w={150}>Parent, same rows</Table.Th>
              <Table.Th w={188}>Difference</Table.Th>
              <Table.Th w={170} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {heads.map((head) => (
              <HeadRow
                key={head.id}
                head={head}
                parent={all.find(({ id }) => id === head.parentId)}
                reads={describeReads(head, all)}
                onShow={onShow}
              />
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </Card>
  );
}

interface HeadRowProps extends Pick<HeadTableProps, 'onShow'> {
  head: Head;
  parent: Head | undefined;
  /** Its kind, and on what. */
  reads: string;
}

function HeadRow({ head, parent, reads, onShow }: HeadRowProps) {
  const { heldOut } = head;
  const pack = usePacks().find(({ id }) => id === head.packId);
  const packName = pack === undefined ? `pack ${head.packId}` : nameWithState(pack);
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="xs" wrap="nowrap">
          <HeadName head={head} />
          {head.isActive ? (
            <Badge size="sm" flex="none">
              active
            </Badge>
          ) : null}
        </Group>
        <Text size="xs" c="dimmed">
          {reads} · {parent === undefined ? '' : `from “${parent.name}” · `}
          {packName}
          {head.isShipped ? '' : ` · ${formatTime(head.createdAt)}`}
        </Text>
      </Table.Td>
      <Table.Td>
        {describeTraining(head)}
        <Text size="xs" c="dimmed" maw={320} lineClamp={3} title={head.note}>
          {head.note}
        </Text>
      </Table.Td>
      {heldOut === null ? (
        <Table.Td colSpan={3}>{head.isShipped ? <ShippedFigures head={head} /> : 'Not measured.'}</Table.Td>
      ) : (
        <>
          <Table.Td>
            <Estimate estimate={heldOut.srcc} />
          </Table.Td>
          <Table.Td>
            <Estimate estimate={heldOut.parentSrcc} />
          </Table.Td>
          <Table.Td>
            <Estimate estimate={heldOut.srccDifference} decimals={4} isSigned />
            <Text size="xs" c="dimmed">
              {verdictWords[judgeHead(heldOut)]}
            </Text>
          </Table.Td>
        </>
      )}
      <Table.Td ta="right">
        {head.isActive ? null : <ActivateButton head={head} />}
        <Group gap={4} mt={4} justify="flex-end" wrap="nowrap">
          <Button
            size="compact-xs"
            variant="default"
            aria-label={`Details of “${head.name}”`}
            onClick={() => onShow(head.id)}
          >
            Details
          </Button>
          <HeadMenu head={head} />
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
