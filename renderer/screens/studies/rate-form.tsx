/** The way into rating: a name, and go. */
import { Button, Group, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useLocation } from 'wouter';
import { Card } from '../../shared/page.tsx';
import { readRaterName, rememberRaterName } from '../../shared/rater-name.ts';

export function RateForm({ studyId }: { studyId: number }) {
  const [name, setName] = useState(readRaterName);
  const [, navigate] = useLocation();
  function begin(event: FormEvent): void {
    event.preventDefault();
    const rater = name.trim();
    rememberRaterName(rater);
    navigate(`/rate/${studyId}?${new URLSearchParams({ rater })}`);
  }
  return (
    <Card title="Rate" note="The same name goes on where it stopped.">
      <form onSubmit={begin}>
        <Group align="flex-end" gap="xs" wrap="nowrap">
          <TextInput
            label="Your name"
            flex={1}
            maxLength={120}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" disabled={name.trim() === ''}>
            Rate
          </Button>
        </Group>
      </form>
    </Card>
  );
}
