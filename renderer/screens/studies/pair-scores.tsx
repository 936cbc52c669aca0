/** Scores of images that were compared in pairs, each with its interval, the best first. */
import { Table, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Study } from '../../../contract/studies.ts';
import { orpc } from '../../api/client.ts';
import { formatInterval } from '../../shared/estimate.tsx';
import { formatCount, formatScore } from '../../shared/format.ts';
import { thumbnailUrl } from '../../shared/image-url.ts';
import { Card } from '../../shared/page.tsx';
import { errorMessage } from '../../shared/show-error.ts';
import classes from './studies.module.css';

const mostShown = 200;

export function PairScores({ study, dimension }: { study: Study; dimension: string }) {
  const { data, error } = useQuery({
    ...orpc.studies.pairStatistics.queryOptions({ input: { studyId: study.id, dimension } }),
    placeholderData: keepPreviousData,
    retry: false,
  });
  return (
    <Card
      title="Scores of pairs"
      note={
        data === undefined
          ? 'Bradley–Terry beside Thurstone’s case V'
          : `${data.method}; Thurstone’s case V beside it; from ${formatCount(data.comparisons)} comparisons`
      }
    >
      {error === null ? null : (
        <Text size="sm" c="dimmed">
          {errorMessage(error)}
        </Text>
      )}
      {data?.note == null ? null : <Text size="sm">{data.note}</Text>}
      {data?.whyNoThurstone == null ? null : (
        <Text size="xs" c="dimmed">
          No scores by Thurstone: {data.whyNoThurstone}
        </Text>
      )}
      {data === undefined ? null : (
        <Table aria-label="Scores of pairs" verticalSpacing={4} className="numbers">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Image</Table.Th>
              <Table.Th ta="right">Score</Table.Th>
              <Table.Th ta="right">95 % interval</Table.Th>
              <Table.Th ta="right">Thurstone V</Table.Th>
              <Table.Th ta="right">95 % interval</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.images
              .toSorted((a, b) => b.score - a.score)
              .slice(0, mostShown)
              .map(({ imageId, score, low, high, thurstone }) => (
                <Table.Tr key={imageId}>
                  <Table.Td>
                    <img className={classes['thumb']} src={thumbnailUrl(imageId)} alt={`No. ${imageId}`} />
                  </Table.Td>
                  <Table.Td ta="right">{formatScore(score)}</Table.Td>
                  <Table.Td ta="right">{formatInterval({ low, high }, 2) || '–'}</Table.Td>
                  <Table.Td ta="right">{formatScore(thurstone?.score ?? null)}</Table.Td>
                  <Table.Td ta="right">{(thurstone && formatInterval(thurstone, 2)) || '–'}</Table.Td>
                </Table.Tr>
              ))}
          </Table.Tbody>
        </Table>
      )}
    </Card>
  );
}
