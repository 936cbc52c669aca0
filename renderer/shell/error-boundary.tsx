/** Catches what breaks while a screen is drawn: says so, loses nothing, offers to go on. */
import { Button, Code, Group, Stack, Text, Title } from '@mantine/core';
import { Component, type ReactNode } from 'react';

interface State {
  error: Error | null;
}

export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(thrown: unknown): State {
    return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <Stack p="xl" maw={720}>
        <Title order={2}>This screen broke</Title>
        <Text>
          Everything you saved is on disk. Reload to go on; if it happens again, please report this:
        </Text>
        <Code block>{error.stack ?? error.message}</Code>
        <Group>
          <Button onClick={() => window.location.reload()}>Reload</Button>
          <Button variant="default" onClick={() => window.location.assign('/')}>
            Go to the library
          </Button>
        </Group>
      </Stack>
    );
  }
}
