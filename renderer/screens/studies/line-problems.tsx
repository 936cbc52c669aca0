/** Lines of a table that do not fit, each with its number and reason. */
import { Text } from '@mantine/core';
import type { LineProblem } from '../../../contract/study-files.ts';
import { formatCount } from '../../shared/format.ts';
import { Notice } from '../../shared/notice.tsx';

const mostShown = 50;

export function LineProblems({ problems }: { problems: readonly LineProblem[] }) {
  if (problems.length === 0) return null;
  const title = `${formatCount(problems.length)} ${problems.length === 1 ? 'line does' : 'lines do'} not fit`;
  return (
    <Notice tone="warning" title={title} testId="line-problems">
      <ul style={{ margin: 0, paddingLeft: 18, maxHeight: 150, overflow: 'auto' }}>
        {problems.slice(0, mostShown).map(({ line, reason }) => (
          <li key={`${line} ${reason}`}>
            Line {line}: {reason}
          </li>
        ))}
      </ul>
      {problems.length > mostShown ? <Text size="xs">and {problems.length - mostShown} more</Text> : null}
    </Notice>
  );
}
