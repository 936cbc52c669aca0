/** Lines of a table that do not fit, each with its number and reason. */
import { Text } from '@mantine/core';
import type { LineProblem } from '../../../contract/study-files.ts';
import { formatCount } from '../../shared/format.ts';
import { Notice } from '../../shared/notice.tsx';

const mostShown = 50;

interface LineProblemsProps {
  problems: readonly LineProblem[];
  /** Where `problems` are only the first of them. */
  inAll?: number;
}

export function LineProblems({ problems, inAll = problems.length }: LineProblemsProps) {
  if (inAll === 0) return null;
  const title = `${formatCount(inAll)} ${inAll === 1 ? 'line does' : 'lines do'} not fit`;
  return (
    <Notice tone="warning" title={title} testId="line-problems">
      <ul style={{ margin: 0, paddingLeft: 18, maxHeight: 150, overflow: 'auto' }}>
        {problems.slice(0, mostShown).map(({ line, reason }) => (
          <li key={`${line} ${reason}`}>
            Line {line}: {reason}
          </li>
        ))}
      </ul>
      {inAll > mostShown ? <Text size="xs">and {formatCount(inAll - mostShown)} more</Text> : null}
    </Notice>
  );
}
