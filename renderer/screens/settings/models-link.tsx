/** The models have a screen of their own; here is which one is shown, and the way there. */
import { Anchor, Text } from '@mantine/core';
import { Link } from 'wouter';
import { usePacks, useShownPack } from '../../shared/packs.ts';
import { Card } from './card.tsx';

export function ModelsLink() {
  const shown = useShownPack();
  const count = usePacks().length;
  return (
    <Card title="Models">
      <Text size="sm">
        {shown !== undefined && (
          <>
            The scores of <b>{shown.title}</b> are shown.{' '}
          </>
        )}
        <Anchor component={Link} href="/models" inherit underline="always">
          {count > 1 ? `All ${count} models` : 'Everything about it, and adding others'}
        </Anchor>
      </Text>
    </Card>
  );
}
