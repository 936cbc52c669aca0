/** What an address that does not exist shows. */
import { Anchor } from '@mantine/core';
import { Link } from 'wouter';
import { EmptyState } from '../shared/empty-state.tsx';

export function NotFound() {
  return (
    <EmptyState title="There is no such page" text="The address may be mistyped.">
      <Anchor component={Link} href="/">
        Go to the library
      </Anchor>
    </EmptyState>
  );
}
