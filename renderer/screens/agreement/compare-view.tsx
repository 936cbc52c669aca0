/** Two scores on the same images: paired intervals, and tests of dependent correlations beside them. */
import { Group, NativeSelect, Stack, Table, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Comparison, PredictionChoice } from '../../../contract/agreement.ts';
import type { PairedDifference } from '../../../contract/agreement-tables.ts';
import { orpc } from '../../api/client.ts';
import { Estimate, formatInterval } from '../../shared/estimate.tsx';
import { formatCount } from '../../shared/format.ts';
import { Card } from '../../shared/page.tsx';
import { QueryGate } from '../../shared/query-gate.tsx';
import { describeNeed, formatP, VerdictBadge } from '../../shared/verdict.tsx';
import { useChoiceGroups } from './choice-groups.ts';
import { keyOfPrediction, orderChoices } from './choose-comparison.ts';
import { ScrollBox } from './scroll-box.tsx';

interface CompareViewProps {
  comparison: Comparison;
  choices: PredictionChoice[];
  /** The key of the second score; the next best guess where it is not known. */
  other: string | null;
  onOther: (key: string) => void;
}

export function CompareView({ comparison, choices, other, onOther }: CompareViewProps) {
  const { prediction, dimension } = comparison;
  const own = keyOfPrediction(prediction);
  const others = orderChoices(choices, dimension).filter((one) => keyOfPrediction(one.prediction) !== own);
  const groups = useChoiceGroups(others, dimension);
  const second =
    others.find((one) => keyOfPrediction(one.prediction) === other) ??
    // Scores first: other raters are compared with when they are asked for.
    others.find((one) => one.prediction.kind !== 'mos') ??
    others[0];
  if (second === undefined) return <Text size="sm">There is no other score to compare with.</Text>;
  return (
    <Card
      title="Two scores on the same images"
      note="The difference is the score chosen above less the one chosen here; what counts is whether its paired interval excludes 0."
      actions={
        <NativeSelect
          size="xs"
          label="Compared with"
          value={keyOfPrediction(second.prediction)}
          onChange={(event) => onOther(event.currentTarget.value)}
          data={groups}
        />
      }
    >
      <Compared comparison={comparison} second={second} />
    </Card>
  );
}

function Compared({ comparison, second }: { comparison: Comparison; second: PredictionChoice }) {
  const { mosSetId, dimension, prediction } = comparison;
  const compared = useQuery(
    orpc.agreement.compare.queryOptions({
      input: { mosSetId, dimension, a: prediction, b: second.prediction },
      placeholderData: keepPreviousData,
    }),
  );
  return <QueryGate query={compared}>{(difference) => <Difference difference={difference} />}</QueryGate>;
}

const measures = [
  { key: 'mainScore', label: 'Main score' },
  { key: 'srcc', label: 'SRCC' },
  { key: 'plcc', label: 'PLCC' },
  { key: 'plccMapped', label: 'PLCC mapped' },
  { key: 'krcc', label: 'KRCC' },
  { key: 'rmseMapped', label: 'RMSE mapped (less is better)' },
] as const;

function Difference({ difference }: { difference: PairedDifference }) {
  const need = describeNeed('images', difference.imagesToTell);
  return (
    <Stack gap="sm">
      <Group gap="xs" role="status" data-testid="compare-verdict" data-verdict={difference.verdict}>
        <VerdictBadge verdict={difference.verdict} />
        <Text size="sm">{difference.sentence}</Text>
      </Group>
      {difference.verdict === 'undecided' && need !== null && (
        <Text size="sm" c="dimmed" className="numbers">
          {need}
        </Text>
      )}
      <ScrollBox label="Paired differences">
        <Table aria-label="Paired differences" verticalSpacing={5} maw={620}>
          <Table.Tbody>
            {measures.map(({ key, label }) => (
              <Table.Tr key={key}>
                <Table.Th scope="row" fw={500}>
                  {label}
                </Table.Th>
                <Table.Td>
                  <Estimate estimate={difference[key]} decimals={4} isSigned />
                </Table.Td>
                <Table.Td ta="right" c="dimmed" className="numbers" style={{ whiteSpace: 'nowrap' }}>
                  n {formatCount(difference[key].n)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollBox>
      <TestTable tests={difference.tests} />
    </Stack>
  );
}

function TestTable({ tests }: Pick<PairedDifference, 'tests'>) {
  return (
    <ScrollBox label="Tests of dependent correlations">
      <Table aria-label="Tests of dependent correlations" verticalSpacing={5} maw={980}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Test</Table.Th>
            <Table.Th>Steiger 1980</Table.Th>
            <Table.Th>Williams 1959</Table.Th>
            <Table.Th>Meng, Rosenthal and Rubin 1992</Table.Th>
            <Table.Th>Zou 2007, 95 % interval</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {(['srcc', 'plcc'] as const).map((key) => {
            const test = tests[key];
            return (
              <Table.Tr key={key}>
                <Table.Th scope="row" fw={500}>
                  {key.toUpperCase()}
                </Table.Th>
                {'reason' in test ? (
                  <Table.Td colSpan={4}>{test.reason}</Table.Td>
                ) : (
                  <>
                    <Table.Td className="numbers">
                      z {test.steiger.z.toFixed(2)}, p {formatP(test.steiger.p)}
                    </Table.Td>
                    <Table.Td className="numbers">
                      t {test.williams.t.toFixed(2)} ({formatCount(test.williams.df)} df), p{' '}
                      {formatP(test.williams.p)}
                    </Table.Td>
                    <Table.Td className="numbers">
                      z {test.meng.z.toFixed(2)}, p {formatP(test.meng.p)}
                    </Table.Td>
                    <Table.Td className="numbers">{formatInterval(test.zou, 4)}</Table.Td>
                  </>
                )}
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </ScrollBox>
  );
}
