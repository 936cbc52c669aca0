/** Every operation of the studio, one row each: what it is called, what it takes, what it gives. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { FolderPath, Id } from './common.ts';
import { DatasetPath, DatasetPreview, ImportDataset } from './datasets.ts';
import { DoctorReport } from './doctor.ts';
import { StudioEvent } from './events.ts';
import {
  FailedFile,
  ImageCard,
  ImageDetail,
  ImageFilter,
  ImageList,
  ImageQuery,
  RawMetadata,
  Root,
} from './images.ts';
import { Job } from './jobs.ts';
import { ChangeMosScales, ImportMos, MosRow, MosScale, MosSet, TablePreview, TableSource } from './mos.ts';
import { ask, read, write } from './operation.ts';
import { agreementOperations } from './operations-agreement.ts';
import { exportOperations } from './operations-exports.ts';
import { headOperations } from './operations-heads.ts';
import {
  curateOperations,
  duplicateOperations,
  findOperations,
  keepOperations,
} from './operations-library.ts';
import { accessOperations, ratingOperations, studyOperations } from './operations-studies.ts';
import { AddPack, FetchablePack, PackInfo, PackPlan, Precision, Provider, RunPlan } from './pack.ts';
import { Settings, SettingsChange } from './settings.ts';
import { PackId, Target } from './targets.ts';

const BrowsedFile = z.object({ name: z.string(), path: z.string(), sizeBytes: z.int() });

export const contract = {
  library: {
    info: read('/library', 'Where the library is and how much it holds').output(
      z.object({
        folder: z.string(),
        version: z.string(),
        door: z.enum(['web', 'cli', 'electron']),
        images: z.int(),
        /** Of these, those that a MOS table announced and no file has come of. */
        announced: z.int(),
        failed: z.int(),
        studies: z.int(),
        votes: z.int(),
        /** The newest MOS set that has MOS: what `mos:` and `gap:` mean where nothing else is said. */
        mosSetId: Id.nullable(),
        /** What is wrong with the database, and what to do about it. */
        damage: z.string().nullable(),
        /** Why nothing can be stored now, and what to do about it. */
        unstorable: z.string().nullable(),
      }),
    ),
    coverage: read('/library/coverage', 'How many images have a file, and how many were scored').output(
      z.object({ withFiles: z.int(), scored: z.int() }),
    ),
    roots: read('/library/roots', 'The folders that were added').output(z.array(Root)),
    failures: read('/library/failures', 'Files that could not be scored, with reasons').output(
      z.array(FailedFile),
    ),
    browse: read(
      '/library/browse',
      'Sub-folders of a folder, its checkpoints and study packs, for choosing in the page',
    )
      .input(z.object({ path: z.string().optional(), images: z.boolean().default(true) }))
      .output(
        z.object({
          path: z.string(),
          parent: z.string().nullable(),
          folders: z.array(z.object({ name: z.string(), path: z.string() })),
          images: z.int().nonnegative(),
          /** Files that a pack can be made of: checkpoints, their indexes, tokenisers. */
          checkpoints: z.array(BrowsedFile),
          /** Files that may be study packs. */
          studyPacks: z.array(BrowsedFile),
          shortcuts: z.array(z.object({ name: z.string(), path: z.string() })),
        }),
      ),
    score: write('/library/score', 'Score a folder: find, read, compute, store; continues where it stopped')
      .input(
        z.object({
          folder: FolderPath,
          recursive: z.boolean().default(true),
          packId: PackId.default('classic'),
          /** Execution providers to try, in order; automatic where absent. */
          providers: z.array(Provider).optional(),
          /** Compute again what another runtime, provider or precision has computed; else it is kept. */
          again: z.boolean().default(false),
        }),
      )
      .output(Job),
    beginDrop: write(
      '/library/drops',
      'Make a folder for files dropped on the page; PUT each to /drop/{drop}/{path}',
    )
      .input(z.object({ name: z.string().max(200) }))
      .output(z.object({ drop: z.string(), folder: z.string() })),
    importPrompts: write(
      '/library/prompts',
      'Take prompts from a CSV or XLSX list with name and prompt columns',
    )
      .input(z.object({ source: TableSource }))
      .output(z.object({ rows: z.int(), matched: z.int(), unmatched: z.array(z.string()) })),
    ...keepOperations,
  },
  images: {
    query: ask('/images/query', 'Ids of the images that match, in order').input(ImageQuery).output(ImageList),
    count: ask('/images/count', 'How many images match')
      .input(z.object({ filter: ImageFilter.default({}) }))
      .output(z.int().nonnegative()),
    cards: ask('/images/cards', 'The cards of some images')
      .input(z.object({ ids: z.array(Id).max(1000), mosSetId: Id.optional() }))
      .output(z.array(ImageCard)),
    detail: read('/images/{id}', 'Everything known of one image')
      .input(z.object({ id: Id }))
      .output(ImageDetail),
    metadata: read('/images/{id}/metadata', 'The texts that the file of an image carries')
      .input(z.object({ id: Id }))
      .output(RawMetadata),
    generators: read('/images/generators', 'Generators and how many images each has').output(
      z.array(z.object({ generator: z.string().nullable(), images: z.int() })),
    ),
    ...findOperations,
  },
  curate: curateOperations,
  duplicates: duplicateOperations,
  access: accessOperations,
  jobs: {
    list: read('/jobs', 'Jobs, the newest first').output(z.array(Job)),
    cancel: write('/jobs/{id}/cancel', 'Stop a job cleanly; what is done stays done')
      .input(z.object({ id: Id }))
      .output(Job),
  },
  studies: studyOperations,
  rating: ratingOperations,
  mos: {
    sets: read('/mos', 'MOS sets, the newest first').output(z.array(MosSet)),
    rows: read('/mos/{mosSetId}', 'MOS, SD, N and interval of every image of a set')
      .input(z.object({ mosSetId: Id }))
      .output(z.array(MosRow)),
    preview: write('/mos/preview', 'Look at a table before importing it')
      .input(z.object({ source: TableSource }))
      .output(TablePreview),
    import: write('/mos/import', 'Import a table as a MOS set; names are matched to files')
      .input(ImportMos)
      .output(MosSet),
    scales: ask('/mos/scales', 'The scale of a dimension in every set that has it')
      .input(z.object({ dimension: Target }))
      .output(z.array(MosScale)),
    changeScales: write('/mos/{mosSetId}/scales', 'Say or correct on which scale an imported set was rated')
      .input(ChangeMosScales)
      .output(MosSet),
    previewDataset: write('/mos/datasets/preview', 'What a folder or file of a public data set holds')
      .input(DatasetPath)
      .output(DatasetPreview),
    importDataset: write('/mos/datasets', 'Take a public data set in as a MOS set')
      .input(ImportDataset)
      .output(MosSet),
  },
  agreement: agreementOperations,
  heads: headOperations,
  exports: exportOperations,
  packs: {
    list: read('/packs', 'Packs the studio can score with').output(z.array(PackInfo)),
    plan: write('/packs/plan', 'What adding a pack would do: files, members, disk')
      .input(AddPack)
      .output(PackPlan),
    add: write('/packs', 'Make a pack of your own checkpoint files, which stay where they are')
      .input(AddPack)
      .output(Job),
    fetch: write('/packs/fetch', 'Fetch a published model from its hub, verified and resumable, and add it')
      .input(z.object({ name: FetchablePack, precision: Precision.default('float32') }))
      .output(Job),
    planRun: ask('/packs/{id}/run', 'What a run would compute with, and what was computed otherwise')
      .input(z.object({ id: PackId, providers: z.array(Provider).optional() }))
      .output(RunPlan),
    verify: write('/packs/{id}/verify', 'Compare a pack’s precision with float32 on a sample of your images')
      .input(z.object({ id: PackId, images: z.int().min(1).max(1000).default(32) }))
      .output(Job),
    export: write('/packs/{id}/export', 'Copy a pack with its weights into a folder, for another machine')
      .input(z.object({ id: PackId, folder: FolderPath }))
      .output(Job),
    remake: write(
      '/packs/{id}/remake',
      'Make a pack again from the same files, in its place; heads and scores stay',
    )
      .input(z.object({ id: PackId }))
      .output(Job),
    remove: write('/packs/{id}/remove', 'Take a pack out of the library; checkpoints and scores stay')
      .input(z.object({ id: PackId }))
      .output(z.object({ id: PackId })),
  },
  settings: {
    get: read('/settings', 'Settings of this library').output(Settings),
    change: write('/settings', 'Change settings').input(SettingsChange).output(Settings),
  },
  doctor: {
    report: read('/doctor', 'What runs, with which versions, and why something is not usable').output(
      DoctorReport,
    ),
  },
  events: {
    watch: read('/events', 'Progress of jobs and changed tables, as they happen').output(
      eventIterator(StudioEvent),
    ),
  },
};
