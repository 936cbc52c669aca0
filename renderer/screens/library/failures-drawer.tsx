/** Files that could not be scored: grouped by reason, each with its path and what was wrong with it. */
import { Badge, Button, CopyButton, Drawer, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { FailedFile } from '../../../contract/images.ts';
import { orpc } from '../../api/client.ts';
import { CopyValue } from '../../shared/copy-value.tsx';
import { formatCount } from '../../shared/format.ts';

/** Rows of one reason that are drawn at first; more on request. */
const firstRows = 50;

export function FailuresDrawer({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      title="Files that could not be scored"
      position="right"
      size="lg"
    >
      <Failures />
    </Drawer>
  );
}

function Failures() {
  const failures = useQuery(orpc.library.failures.queryOptions()).data ?? [];
  const groups = Object.entries(Object.groupBy(failures, ({ code }) => code)).map(
    ([code, files]) => [code, files ?? []] as const,
  );
  groups.sort(([, a], [, b]) => b.length - a.length);
  if (groups.length === 0) return <Text c="dimmed">Every file could be scored.</Text>;
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          Nothing else stopped because of them. A file that was put right is read when its folder is scored
          again.
        </Text>
        <CopyButton value={asText(failures)}>
          {({ copied, copy }) => (
            <Button size="compact-sm" variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy all'}
            </Button>
          )}
        </CopyButton>
      </Group>
      {groups.map(([code, files]) => (
        <FailureGroup key={code} code={code} files={files} />
      ))}
    </Stack>
  );
}

function FailureGroup({ code, files }: { code: string; files: FailedFile[] }) {
  const [rows, setRows] = useState(firstRows);
  return (
    <Stack gap={8} component="section" aria-label={code}>
      <Group gap={8}>
        <Text fw={600}>{inWords(code)}</Text>
        <Badge variant="light" color="gray">
          {formatCount(files.length)}
        </Badge>
      </Group>
      {files.slice(0, rows).map(({ path, message }) => (
        <div key={path} data-testid="failure">
          <CopyValue label="path" value={path} />
          <Text size="sm" c="dimmed">
            {message}
          </Text>
        </div>
      ))}
      {files.length > rows && (
        <Group>
          <Button size="compact-sm" variant="default" onClick={() => setRows(rows + 500)}>
            Show more ({formatCount(files.length - rows)})
          </Button>
        </Group>
      )}
    </Stack>
  );
}

/** A code such as `tooManyPixels` as a heading: `Too many pixels`. */
function inWords(code: string): string {
  const words = code.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function asText(failures: readonly FailedFile[]): string {
  return failures.map(({ path, code, message }) => `${path}\t${code}\t${message}`).join('\n');
}
