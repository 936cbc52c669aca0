/** Where the library is and what it holds. */
import { Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { orpc } from '../../api/client.ts';
import { CopyValue } from '../../shared/copy-value.tsx';
import { formatCount } from '../../shared/format.ts';
import { Card } from './card.tsx';

export function LibraryCard() {
  const info = useQuery(orpc.library.info.queryOptions()).data;
  const coverage = useQuery(orpc.library.coverage.queryOptions()).data;
  const counts: [string, number][] =
    info === undefined || coverage === undefined
      ? []
      : [
          ['images', info.images],
          ['with a file', coverage.withFiles],
          ['scored', coverage.scored],
          ['files failed', info.failed],
          ['studies', info.studies],
          ['votes', info.votes],
        ];
  return (
    <Card
      title="Library"
      text="One folder holds everything the studio remembers: scores, studies, votes, heads. Your images stay where they are."
    >
      {info !== undefined && <CopyValue label="library folder" value={info.folder} />}
      <Group gap="xl">
        {counts.map(([name, count]) => (
          <div key={name}>
            <Text fw={600} className="numbers">
              {formatCount(count)}
            </Text>
            <Text size="xs" c="dimmed">
              {name}
            </Text>
          </div>
        ))}
      </Group>
    </Card>
  );
}
