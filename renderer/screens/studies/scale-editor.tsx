/** How votes are given in a study: levels with words, or a number in fixed steps. */
import { Button, Fieldset, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { type DraftStudy, fewestWords, mostWords } from './draft.ts';

interface ScaleEditorProps {
  draft: DraftStudy;
  problem: string | undefined;
  onChange: (part: Partial<DraftStudy>) => void;
}

export function ScaleEditor({ draft, problem, onChange }: ScaleEditorProps) {
  const { scaleKind, words } = draft;
  return (
    <Fieldset legend="Scale">
      <Stack gap="xs">
        <SegmentedControl
          aria-label="Kind of scale"
          value={scaleKind}
          onChange={(value) => onChange({ scaleKind: value })}
          data={[
            { value: 'acr' as const, label: 'Levels with words (ACR)' },
            { value: 'continuous' as const, label: '0 to 5 in steps of 0.1' },
          ]}
        />
        {scaleKind === 'acr' ? (
          <Words words={words} problem={problem} onChange={(changed) => onChange({ words: changed })} />
        ) : (
          <Text size="sm" c="dimmed">
            Two digits a vote: 3 7 gives 3.7. The scale of AGIQA-3K; finer, and slower to answer.
          </Text>
        )}
      </Stack>
    </Fieldset>
  );
}

interface WordsProps {
  words: string[];
  problem: string | undefined;
  onChange: (words: string[]) => void;
}

function Words({ words, problem, onChange }: WordsProps) {
  return (
    <>
      <Group gap="xs" grow wrap="nowrap" preventGrowOverflow={false}>
        {words.map((word, at) => (
          <TextInput
            // biome-ignore lint/suspicious/noArrayIndexKey: a level is its place in the scale
            key={at}
            size="sm"
            miw={60}
            label={String(at + 1)}
            aria-label={`Word for level ${at + 1}`}
            maxLength={60}
            value={word}
            onChange={(event) => onChange(words.with(at, event.currentTarget.value))}
          />
        ))}
      </Group>
      {problem === undefined ? null : (
        <Text size="sm" c="red" role="alert">
          {problem}
        </Text>
      )}
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          Worst to best; one key each. Five levels and these words: ITU-T P.910.
        </Text>
        <Group gap="xs">
          <Button
            variant="default"
            size="compact-sm"
            disabled={words.length <= fewestWords}
            onClick={() => onChange(words.slice(0, -1))}
          >
            One level less
          </Button>
          <Button
            variant="default"
            size="compact-sm"
            disabled={words.length >= mostWords}
            onClick={() => onChange([...words, ''])}
          >
            One level more
          </Button>
        </Group>
      </Group>
    </>
  );
}
