/** What ITU-T P.910 and ITU-R BT.500 ask of a study, each item with its state in words and what was found. */
import { Badge, Table, Text } from '@mantine/core';
import type { Checklist } from '../../../contract/study-quality.ts';

const states: Record<Checklist['items'][number]['state'], { word: string; mark: string }> = {
  met: { word: 'met', mark: '✓' },
  notMet: { word: 'not met', mark: '✗' },
  notApplicable: { word: 'not applicable', mark: '–' },
};

const ranks = { notMet: 0, met: 1, notApplicable: 2 } as const;

const standings: Record<Checklist['standing'], string> = {
  formal: 'formal',
  informal: 'informal',
  preTest: 'pre-test',
  tooFew: 'too few raters',
};

interface ChecklistViewProps {
  checklist: Checklist;
  /** In a narrow column: what is not met first, and the recommendation below its item. */
  isNarrow?: boolean;
}

export function ChecklistView({ checklist, isNarrow = false }: ChecklistViewProps) {
  const items = isNarrow
    ? checklist.items.toSorted((a, b) => ranks[a.state] - ranks[b.state])
    : checklist.items;
  return (
    <>
      <Text size="sm" mb="xs" data-testid="standing">
        <Badge variant="default" mr={8}>
          {standings[checklist.standing]}
        </Badge>
        {checklist.sentence}
      </Text>
      <Table aria-label="Checklist" verticalSpacing={isNarrow ? 3 : 5} fz={isNarrow ? 'xs' : 'sm'}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Item</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Here</Table.Th>
            {isNarrow ? null : <Table.Th>Asked by</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map(({ id, title, clause, state, sentence }) => (
            <Table.Tr key={id} data-state={state}>
              <Table.Td fw={500}>
                {title}
                {isNarrow ? <Source text={clause} /> : null}
              </Table.Td>
              <Table.Td style={{ whiteSpace: 'nowrap' }} fw={state === 'notMet' ? 600 : 400}>
                {states[state].mark} {states[state].word}
              </Table.Td>
              <Table.Td>{sentence}</Table.Td>
              {isNarrow ? null : (
                <Table.Td>
                  <Source text={clause} />
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  );
}

function Source({ text }: { text: string }) {
  return (
    <Text size="xs" c="dimmed">
      {text}
    </Text>
  );
}

/** A line of it: `informal · 9 met, 4 not met`. */
export function summariseChecklist({ standing, items }: Checklist): string {
  const count = (state: Checklist['items'][number]['state']) =>
    items.filter((item) => item.state === state).length;
  return `${standings[standing]} · ${count('met')} met, ${count('notMet')} not met`;
}
