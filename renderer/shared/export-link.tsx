/** A link that downloads a table. */
import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { ExportRequestInput } from '../../contract/exports.ts';

/** The address of an export. */
export function exportUrl(request: ExportRequestInput): string {
  const fields = Object.entries(request).map(([name, value]) => [name, String(value)]);
  return `/export?${new URLSearchParams(fields)}`;
}

interface ExportLinkProps {
  request: ExportRequestInput;
  label: string;
  /** What is inside, for those who cannot see the row it stands in. */
  about?: string;
}

export function ExportLink({ request, label, about }: ExportLinkProps) {
  return (
    <Button
      component="a"
      href={exportUrl(request)}
      download
      size="compact-sm"
      variant="default"
      leftSection={<IconDownload size={14} stroke={1.7} />}
      aria-label={about === undefined ? label : `${label}: ${about}`}
    >
      {label}
    </Button>
  );
}
