/** Edits tiers: their names and which generators are in each. */
import { ActionIcon, Button, Group, TagsInput, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { type Tier, tierPresets } from '../../../contract/agreement-tables.ts';
import { Card } from '../../shared/page.tsx';
import classes from './agreement.module.css';

interface TierEditorProps {
  tiers: Tier[];
  /** The generators of the images. */
  known: string[];
  /** Where tiers that nobody chose come from; null where they were chosen. */
  source: string | null;
  /** Null: back to what is suggested. */
  onChange: (tiers: Tier[] | null) => void;
}

const mostTiers = 12;

export function TierEditor({ tiers, known, source, onChange }: TierEditorProps) {
  function change(at: number, part: Partial<Tier>): void {
    onChange(tiers.with(at, { ...tiers[at]!, ...part }));
  }
  return (
    <Card
      title="Tiers"
      note={
        source === null
          ? 'Yours, kept in this browser.'
          : `Suggested: ${source}. Change them as you like; generators are known by their letters and digits.`
      }
      actions={
        <Group gap="xs">
          {Object.entries(tierPresets).map(([name, preset]) => (
            <Button key={name} size="compact-sm" variant="default" onClick={() => onChange(preset)}>
              {name}
            </Button>
          ))}
          <Button
            size="compact-sm"
            variant="default"
            disabled={source !== null}
            onClick={() => onChange(null)}
          >
            As suggested
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            disabled={tiers.length >= mostTiers}
            onClick={() => onChange([...tiers, { name: `tier ${tiers.length + 1}`, generators: [] }])}
          >
            Add a tier
          </Button>
        </Group>
      }
    >
      <div className={classes['tiers']}>
        {tiers.map(({ name, generators }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a tier is known by its place while its name is typed
          <Group key={at} gap="xs" wrap="nowrap" align="end">
            <TextInput
              size="xs"
              w={110}
              label="Tier"
              maxLength={60}
              value={name}
              error={name.trim() === '' ? 'A name' : undefined}
              onChange={(event) => change(at, { name: event.currentTarget.value })}
            />
            <TagsInput
              size="xs"
              flex={1}
              label={`Generators of “${name}”`}
              data={known}
              value={generators}
              onChange={(next) => change(at, { generators: next })}
              comboboxProps={{ transitionProps: { duration: 0 } }}
            />
            <ActionIcon
              aria-label={`Remove the tier “${name}”`}
              disabled={tiers.length === 1}
              onClick={() => onChange(tiers.toSpliced(at, 1))}
            >
              <IconTrash size={16} stroke={1.7} />
            </ActionIcon>
          </Group>
        ))}
      </div>
    </Card>
  );
}
