/** The export of images as a job: planned here, written by a thread that reads one moment of the library. */
import { rm } from 'node:fs/promises';
import { StudioError } from '../../contract/errors.ts';
import type { ImageExport } from '../../contract/export-images.ts';
import type { Job, JobSummary } from '../../contract/jobs.ts';
import type { Studio } from '../studio.ts';
import { choosePlace, type ExportPlace } from './export-place.ts';
import { countRows, planImageTable } from './plan-images.ts';
import { runWriter } from './run-writer.ts';

/**
 * Starts an export. A failed or cancelled one leaves nothing behind.
 *
 * @throws StudioError as `planImageTable` and `choosePlace`, and `badInput` where no image is chosen
 */
export async function startExport(studio: Studio, order: ImageExport): Promise<Job> {
  studio.jobs.assertFree('export');
  const plan = await planImageTable(studio, {
    ...order,
    rows: order.format === 'folder' ? 'images' : order.rows,
  });
  const total = await countRows(studio, plan);
  if (total === 0) throw new StudioError('badInput', 'There is no image to export: nothing matches.');
  const place = await choosePlace(studio, order, plan.name);
  const { choice: _choice, ...params } = order;
  return studio.jobs.start({
    kind: 'export',
    title: `Export of ${total.toLocaleString('en')} ${total === 1 ? 'row' : 'rows'}`,
    params: { ...params, ...place },
    work: async (context) => {
      context.report({ phase: 'writing', total });
      try {
        const { path, partial } = place;
        const { format, images, metadata, overwrite } = order;
        const target = { format, images, metadata, overwrite, path, partial };
        return describe(await runWriter(studio, 'writeImages', { plan, target }, context), place);
      } catch (error) {
        await rm(place.partial, { recursive: true, force: true });
        throw error;
      }
    },
  });
}

function describe(outcome: JobSummary, { path, download }: ExportPlace): JobSummary {
  return { ...outcome, ...(download === null ? { path } : { download }) };
}
