/** Sidecars as a job: which images, and what is told of them, planned here; written by a thread. What is written stays when it is cancelled. */
import { StudioError } from '../../contract/errors.ts';
import type { SidecarExport } from '../../contract/export-sidecars.ts';
import type { Job } from '../../contract/jobs.ts';
import { scaleOfMos } from '../mos-scale.ts';
import { getMosSet } from '../mos-sets.ts';
import type { Studio } from '../studio.ts';
import { planImageTable } from './plan-images.ts';
import { runWriter } from './run-writer.ts';
import type { SidecarPlan } from './sidecar-facts.ts';

/**
 * Starts writing sidecars.
 *
 * @throws StudioError as `planImageTable`; `badInput` where no image is chosen, and for stars of a dimension that the MOS set does not have
 * or whose scale nobody said
 */
export async function startExportingSidecars(studio: Studio, order: SidecarExport): Promise<Job> {
  studio.jobs.assertFree('exportSidecars');
  const plan = await planSidecars(studio, order);
  const total = plan.ids.length;
  if (total === 0) throw new StudioError('badInput', 'There is no image to write beside: nothing matches.');
  const { choice: _choice, ...params } = order;
  return studio.jobs.start({
    kind: 'exportSidecars',
    title: `Sidecars of ${total.toLocaleString('en')} ${total === 1 ? 'image' : 'images'}`,
    params,
    work: async (context) => {
      context.report({ phase: 'writing', total });
      return await runWriter(studio, 'writeSidecars', { plan }, context);
    },
  });
}

async function planSidecars(studio: Studio, order: SidecarExport): Promise<SidecarPlan> {
  const { ids, context } = await planImageTable(studio, {
    ...order,
    columns: [{ key: 'name' }],
    rows: 'images',
  });
  const set = context.mosSetId === null ? null : getMosSet(studio, context.mosSetId);
  const opinion = set && { set: set.name, method: set.method, dimensions: set.dimensions };
  return { ids, context, opinion, naming: order.naming, rating: planRating(studio, order, set) };
}

function planRating(
  studio: Studio,
  { rating: dimension, ratingScale }: SidecarExport,
  set: ReturnType<typeof getMosSet> | null,
): SidecarPlan['rating'] {
  if (dimension === undefined) return null;
  if (set === null || !set.dimensions.includes(dimension)) {
    const known =
      set === null ? 'this library has no MOS yet' : `“${set.name}” has ${set.dimensions.join(', ')}`;
    throw new StudioError('badInput', `There is no MOS of “${dimension}” to make stars of: ${known}.`, {
      dimension,
    });
  }
  const scale = ratingScale ?? scaleOfMos(studio, { mosSetId: set.id, dimension });
  if (scale !== null) return { dimension, scale };
  throw new StudioError(
    'badInput',
    `Nobody said which scale the MOS of “${set.name}” is on: say its lowest and highest value.`,
    {
      mosSetId: set.id,
    },
  );
}
