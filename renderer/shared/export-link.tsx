/** A table as a download: a link, or asked for first. */
import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { ExportRequestInput } from '../../contract/exports.ts';

/** The address of an export. */
export function exportUrl(request: ExportRequestInput): string {
  const fields = Object.entries(request).map(([name, value]) => [name, String(value)]);
  return `/export?${new URLSearchParams(fields)}`;
}

/** Has the browser download what an address gives. */
export function startDownload(url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = '';
  link.click();
}

/** Asks first: a download that fails would only be an error page. @throws the engine's own words */
export async function downloadExport(request: ExportRequestInput): Promise<void> {
  const url = exportUrl(request);
  const answer = await fetch(url);
  if (!answer.ok) {
    const told: unknown = await answer.json().catch(() => null);
    const isTold = typeof told === 'object' && told !== null && 'message' in told;
    throw new Error(isTold ? String(told.message) : `The engine answered ${answer.status}.`);
  }
  startDownload(url);
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
