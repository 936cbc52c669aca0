/** How a reduced precision differs from float32 on the user's own images, and a warning where it loses too much. */
import { Stack, Table, Text } from '@mantine/core';
import type { PackInfo, PackVerification } from '../../../contract/pack.ts';
import { formatCoefficient, formatCount, formatScore, formatTime } from '../../shared/format.ts';
import { Notice } from '../../shared/notice.tsx';
import { precisionWarning } from '../../shared/pack-words.ts';

const labels = { q: 'Q', s: 'S', overall: 'P' } as const;

export function Verification({ pack }: { pack: PackInfo }) {
  const { network, verification } = pack;
  if (verification === null) {
    if (network === null || network.precision === 'float32') return null;
    return (
      <Text size="sm" c="dimmed" data-testid="not-verified">
        Not yet compared with float32. “Verify” scores some of your images in both and shows the difference.
      </Text>
    );
  }
  const warning = precisionWarning(pack);
  return (
    <Stack gap={8} data-testid="verification">
      {warning !== null && (
        <Notice tone="warning" title="This precision is not good enough here">
          {warning}
        </Notice>
      )}
      <Figures verification={verification} />
    </Stack>
  );
}

function Figures({ verification }: { verification: PackVerification }) {
  const { precision, images, bound, checkedAt, srcc } = verification;
  const rows = (['q', 's', 'overall'] as const).flatMap((name) => {
    const deviation = verification[name];
    return deviation === null ? [] : [{ name, deviation }];
  });
  return (
    <Table
      aria-label={`${precision} beside float32`}
      captionSide="bottom"
      withRowBorders={false}
      verticalSpacing={2}
      w="auto"
      style={{ alignSelf: 'start' }}
      fz="sm"
      className="numbers"
    >
      <Table.Caption ta="left" fz="xs" mt={2} style={{ whiteSpace: 'nowrap' }}>
        On {formatCount(images)} of your images, {formatTime(checkedAt)}. Good: SRCC {bound} or more.
      </Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{precision} beside float32</Table.Th>
          <Table.Th ta="right">largest |Δ|</Table.Th>
          <Table.Th ta="right">mean |Δ|</Table.Th>
          <Table.Th ta="right">SRCC</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(({ name, deviation }) => (
          <Table.Tr key={name}>
            <Table.Td>{labels[name]}</Table.Td>
            <Table.Td ta="right">{formatScore(deviation.max, 4)}</Table.Td>
            <Table.Td ta="right">{formatScore(deviation.mean, 4)}</Table.Td>
            <Table.Td ta="right">{formatSrcc(srcc[name])}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** One more decimal than elsewhere: the values that matter here lie close to 1. */
function formatSrcc(value: number | null): string {
  return value === null ? formatCoefficient(null) : formatScore(value, 4);
}
