/** A place that has nothing to show yet: says why, and offers the next step. */
import { Center, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface EmptyStateProps {
  title: string;
  text: ReactNode;
  icon?: ReactNode;
  /** The next step: buttons or links. */
  children?: ReactNode;
}

export function EmptyState({ title, text, icon, children }: EmptyStateProps) {
  return (
    <Center h="100%" p="xl">
      <Stack align="center" maw={520} ta="center" gap="md">
        {icon}
        <Title order={2} size="h3">
          {title}
        </Title>
        <Text c="dimmed">{text}</Text>
        {children}
      </Stack>
    </Center>
  );
}
