/** Downloads everything of a comparison: one HTML file that stands by itself and prints, or its numbers as JSON. */
import { Button, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { Comparison } from '../../../contract/agreement.ts';
import type { ReportFile } from '../../../contract/agreement-views.ts';
import { orpc } from '../../api/client.ts';
import { type ElectronBridge, electronBridge } from '../../shared/electron-bridge.ts';
import { saveFile } from '../../shared/save-file.ts';
import { showError } from '../../shared/show-error.ts';
import { suggestTiers, useTiers } from './tiers.ts';

export function ReportMenu({ comparison }: { comparison: Comparison }) {
  const { chosen } = useTiers();
  const points = useQuery(orpc.agreement.points.queryOptions({ input: comparison })).data;
  // As the page shows them: those that were made, else what it suggests.
  const shown = chosen ?? (points === undefined ? [] : suggestTiers(points).tiers);
  const tiers = shown.filter(({ generators }) => generators.length > 0);
  const electron = electronBridge();
  const report = useMutation(
    orpc.agreement.report.mutationOptions({
      onError: (error) => showError('The report could not be made', error),
    }),
  );
  function download(save: (file: ReportFile) => void): void {
    report.mutate({ ...comparison, tiers }, { onSuccess: save });
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          size="xs"
          variant="default"
          loading={report.isPending}
          leftSection={<IconDownload size={14} stroke={1.7} />}
        >
          Report
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {electron !== undefined && (
          <Menu.Item onClick={() => download((file) => void savePdf(electron, file))}>
            PDF: saved by the studio
          </Menu.Item>
        )}
        <Menu.Item
          onClick={() => download(({ html, fileName }) => saveFile(`${fileName}.html`, 'text/html', html))}
        >
          {electron === undefined ? 'HTML: one file, prints to PDF' : 'HTML: one file'}
        </Menu.Item>
        <Menu.Item
          onClick={() =>
            download(({ report: data, fileName }) =>
              saveFile(`${fileName}.json`, 'application/json', JSON.stringify(data, null, 2)),
            )
          }
        >
          JSON: every number
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Where it is, is said: nothing else on the page changes. */
async function savePdf(electron: ElectronBridge, { html, fileName }: ReportFile): Promise<void> {
  try {
    const path = await electron.savePdf({ html, fileName });
    if (path !== null) notifications.show({ title: 'The report is saved', message: path });
  } catch (error) {
    showError('The PDF could not be saved', error);
  }
}
