/** The paper's Table 2 on the user's images: quality alone, similarity alone, their mean, the fusion network. */
import { NativeSelect, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Comparison } from '../../../contract/agreement.ts';
import type { AblationTable } from '../../../contract/agreement-tables.ts';
import type { PackInfo } from '../../../contract/pack.ts';
import { orpc } from '../../api/client.ts';
import { formatCount } from '../../shared/format.ts';
import { Card } from '../../shared/page.tsx';
import { QueryGate } from '../../shared/query-gate.tsx';
import { errorMessage } from '../../shared/show-error.ts';
import { VerdictBadge } from '../../shared/verdict.tsx';
import { DifferenceCell } from './difference-cell.tsx';
import { DrawnEstimate } from './estimate-bar.tsx';
import { ScrollBox } from './scroll-box.tsx';

interface AblationViewProps {
  comparison: Comparison;
  packs: PackInfo[];
  /** The pack of what is compared. */
  packId: string | undefined;
}

export function AblationView({ comparison, packs, packId }: AblationViewProps) {
  const fused = packs.filter(({ fusion }) => fusion.length > 0);
  const usable = fused.length > 0 ? fused : packs;
  const [chosen, setChosen] = useState<string | null>(null);
  const shown = usable.find(({ id }) => id === (chosen ?? packId)) ?? usable[0];
  return (
    <Card
      title="Branches and fusion"
      note="SF-IQA, Table 2: each branch alone, their mean, and the fusion network, all on the same images."
      actions={
        usable.length < 2 ? null : (
          <NativeSelect
            size="xs"
            aria-label="Pack"
            value={shown?.id}
            onChange={(event) => setChosen(event.currentTarget.value)}
            data={usable.map((pack) => ({ value: pack.id, label: pack.title }))}
          />
        )
      }
    >
      {shown === undefined ? null : <Branches comparison={comparison} packId={shown.id} />}
    </Card>
  );
}

function Branches({ comparison, packId }: { comparison: Comparison; packId: string }) {
  const { mosSetId, dimension, prediction } = comparison;
  const heads = useQuery(orpc.heads.list.queryOptions()).data ?? [];
  const fusion = heads.find(
    ({ id, inputs, packId: of }) =>
      prediction.kind === 'head' && id === prediction.headId && inputs === 'signals' && of === packId,
  );
  const table = useQuery(
    orpc.agreement.ablation.queryOptions({
      input: { mosSetId, dimension, packId, ...(fusion === undefined ? {} : { headId: fusion.id }) },
      retry: false,
    }),
  );
  if (table.error !== null) return <Text size="sm">{errorMessage(table.error)}</Text>;
  return <QueryGate query={table}>{(all) => <BranchRows table={all} />}</QueryGate>;
}

function BranchRows({ table: { rows, images, humanCeiling } }: { table: AblationTable }) {
  const mark = (is: boolean, what: string) => (
    <Table.Td ta="center">
      <span role="img" aria-label={`${is ? 'with' : 'without'} ${what}`}>
        {is ? '✓' : '–'}
      </span>
    </Table.Td>
  );
  return (
    <ScrollBox label="Coefficients by branch">
      <Table aria-label="Coefficients by branch" captionSide="bottom" verticalSpacing={6}>
        <Table.Caption ta="left" fz="xs">
          On {formatCount(images)} images that have all of them.
        </Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Score</Table.Th>
            {['Quality', 'Similarity', 'Fusion'].map((name) => (
              <Table.Th key={name} ta="center">
                {name}
              </Table.Th>
            ))}
            <Table.Th>PLCC</Table.Th>
            <Table.Th>SRCC</Table.Th>
            <Table.Th>Main score</Table.Th>
            <Table.Th>Fusion less this, SRCC</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ label, usesQuality, usesSimilarity, usesFusion, coefficients, difference }) => (
            <Table.Tr key={label}>
              <Table.Th scope="row" fw={500}>
                {label}
              </Table.Th>
              {mark(usesQuality, 'quality')}
              {mark(usesSimilarity, 'similarity')}
              {mark(usesFusion, 'fusion')}
              {(['plcc', 'srcc', 'mainScore'] as const).map((measure) => (
                <Table.Td key={measure}>
                  <DrawnEstimate estimate={coefficients[measure]} ceiling={humanCeiling} />
                </Table.Td>
              ))}
              <Table.Td>
                {difference === null ? null : (
                  <>
                    <DifferenceCell difference={difference} /> <VerdictBadge verdict={difference.verdict} />
                  </>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollBox>
  );
}
