/** `sfiqa export xmp`: scores and MOS into XMP sidecars beside the images. */
import { Option } from 'commander';
import type { ImageChoice } from '../../contract/export-images.ts';
import { SidecarNaming } from '../../contract/export-sidecars.ts';
import type { ScaleEnds } from '../../contract/mos.ts';
import { exitCodes } from '../exit-codes.ts';
import { followJob } from '../follow-job.ts';
import type { LibrarySession } from '../open-session.ts';

/** What is said of sidecars on the command line. */
export interface SidecarOptions {
  pack?: string;
  mos?: number;
  naming: SidecarNaming;
  rating?: string;
  ratingScale?: ScaleEnds;
}

export const sidecarNaming = new Option('--naming <how>', 'xmp: fox.png.xmp (image) or fox.xmp (stem)')
  .choices(SidecarNaming.options)
  .default('image');

/** Writes them; files that were left out are named, and have an exit code of their own. */
export async function exportSidecars(
  session: LibrarySession,
  choice: ImageChoice,
  { naming, pack, mos, rating, ratingScale }: SidecarOptions,
): Promise<void> {
  const job = await session.client.exports.sidecars({
    choice,
    naming,
    ...(pack === undefined ? {} : { packId: pack }),
    ...(mos === undefined ? {} : { mosSetId: mos }),
    ...(rating === undefined ? {} : { rating }),
    ...(ratingScale === undefined ? {} : { ratingScale }),
  });
  const { wasStopped, summary } = await followJob(session, job);
  for (const note of summary.notes ?? []) console.error(note);
  for (const { message, count } of summary.reasons ?? []) console.error(`${count} × ${message}`);
  console.error(`Written: ${summary.rows} sidecars`);
  if (wasStopped) process.exitCode = exitCodes.stopped;
  else if ((summary.skipped ?? 0) > 0) process.exitCode = exitCodes.someFilesFailed;
}
