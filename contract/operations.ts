/** Every operation of the studio, one row each: what it is called, what it takes, what it gives. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { Invitation, Invite, Join, Joined, Who } from './access.ts';
import { FolderPath, Id } from './common.ts';
import { DoctorReport } from './doctor.ts';
import { StudioEvent } from './events.ts';
import { FailedFile, ImageCard, ImageDetail, ImageQuery, Root } from './images.ts';
import { Job } from './jobs.ts';
import { ImportMos, MosRow, MosSet, TablePreview, TableSource } from './mos.ts';
import { base, read, write } from './operation.ts';
import { agreementOperations } from './operations-agreement.ts';
import { headOperations } from './operations-heads.ts';
import { AddPack, FetchablePack, PackInfo, PackPlan, Precision, Provider } from './pack.ts';
import { Settings, SettingsChange } from './settings.ts';
import {
  NewPairVote,
  NewStudy,
  NewVote,
  OpenSession,
  RaterProgress,
  RatingSession,
  ReviseStudy,
  SessionNote,
  Study,
  VoteReceipt,
} from './studies.ts';
import {
  ExportStudyPack,
  ImportVotes,
  Manifest,
  Merged,
  Methods,
  ReadManifest,
  VotePreview,
  VoteTable,
} from './study-files.ts';
import { AskChecklist, Checklist, PlannedStudy, PlanStudy } from './study-quality.ts';
import { PackId } from './targets.ts';

export const contract = {
  library: {
    info: read('/library', 'Where the library is and how much it holds').output(
      z.object({
        folder: z.string(),
        version: z.string(),
        door: z.enum(['web', 'cli', 'electron']),
        images: z.int(),
        withFiles: z.int(),
        scored: z.int(),
        failed: z.int(),
        studies: z.int(),
        votes: z.int(),
      }),
    ),
    roots: read('/library/roots', 'The folders that were added').output(z.array(Root)),
    failures: read('/library/failures', 'Files that could not be scored, with reasons').output(
      z.array(FailedFile),
    ),
    browse: read('/library/browse', 'Sub-folders and checkpoint files of a folder, for choosing in the page')
      .input(z.object({ path: z.string().optional(), images: z.boolean().default(true) }))
      .output(
        z.object({
          path: z.string(),
          parent: z.string().nullable(),
          folders: z.array(z.object({ name: z.string(), path: z.string() })),
          images: z.int().nonnegative(),
          /** Files that a pack can be made of: checkpoints, their indexes, tokenisers. */
          checkpoints: z.array(z.object({ name: z.string(), path: z.string(), sizeBytes: z.int() })),
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
  },
  images: {
    query: base
      .route({ method: 'POST', path: '/images/query', summary: 'Ids of the images that match, in order' })
      .input(ImageQuery)
      .output(z.object({ ids: z.array(Id) })),
    cards: base
      .route({ method: 'POST', path: '/images/cards', summary: 'The cards of some images' })
      .input(z.object({ ids: z.array(Id).max(1000), mosSetId: Id.optional() }))
      .output(z.array(ImageCard)),
    detail: read('/images/{id}', 'Everything known of one image')
      .input(z.object({ id: Id }))
      .output(ImageDetail),
    generators: read('/images/generators', 'Generators and how many images each has').output(
      z.array(z.object({ generator: z.string().nullable(), images: z.int() })),
    ),
  },
  access: {
    who: read('/access', 'Who is asking, and where raters can reach this studio')
      .meta({ role: 'anyone' })
      .output(Who),
    join: write('/access/join', 'Join a study by its code; the browser gets a cookie')
      .meta({ role: 'anyone' })
      .input(Join)
      .output(Joined),
    leave: write('/access/leave', 'Forget this browser')
      .meta({ role: 'anyone' })
      .output(z.object({ role: z.literal('guest') })),
  },
  jobs: {
    list: read('/jobs', 'Jobs, the newest first').output(z.array(Job)),
    cancel: write('/jobs/{id}/cancel', 'Stop a job cleanly; what is done stays done')
      .input(z.object({ id: Id }))
      .output(Job),
  },
  studies: {
    create: write('/studies', 'Create a study from images').input(NewStudy).output(Study),
    revise: write(
      '/studies/{studyId}/revise',
      'Change a study; once it has votes, that makes its next version',
    )
      .input(ReviseStudy)
      .output(Study),
    readManifest: write('/studies/manifest', 'Look at a table of images to make a study of; stores nothing')
      .input(ReadManifest)
      .output(Manifest),
    methods: read('/studies/{studyId}/methods', 'A paragraph and a table for a paper')
      .input(z.object({ studyId: Id }))
      .output(Methods),
    plan: write('/studies/plan', 'How narrow intervals will be, from raters, sessions, seconds a vote and a pilot')
      .input(PlanStudy)
      .output(PlannedStudy),
    checklist: read('/studies/{studyId}/checklist', 'What ITU-T P.910 and ITU-R BT.500 ask, met or not')
      .input(AskChecklist)
      .output(Checklist),
    exportPack: write(
      '/studies/{studyId}/pack',
      'Put a study with its images into a folder, to be rated on another machine',
    )
      .input(ExportStudyPack)
      .output(Job),
    importPack: write('/studies/packs', 'Take a study pack in, to rate it here')
      .input(z.object({ folder: FolderPath }))
      .output(Job),
    merge: write('/studies/results', 'Take results of another machine in; any order, any number of times')
      .input(z.object({ source: TableSource }))
      .output(Merged),
    previewVotes: write('/studies/votes/preview', 'Look at raw votes of another tool before taking them in')
      .input(VoteTable)
      .output(VotePreview),
    importVotes: write('/studies/votes', 'Take raw votes in as a study: long table, matrix, P.910, sureal')
      .input(ImportVotes)
      .output(Study),
    invite: write('/studies/{studyId}/invitations', 'Make join codes: one a rater, or one for everybody')
      .input(Invite)
      .output(z.array(Invitation)),
    invitations: read('/studies/{studyId}/invitations', 'The join codes of a study')
      .input(z.object({ studyId: Id }))
      .output(z.array(Invitation)),
    withdraw: write('/studies/invitations/{id}/withdraw', 'Take a join code back, and who joined with it')
      .input(z.object({ id: Id }))
      .output(Invitation),
    list: read('/studies', 'All studies').output(z.array(Study)),
    raters: read('/studies/{studyId}/raters', 'Who has rated how much')
      .input(z.object({ studyId: Id }))
      .output(z.array(RaterProgress)),
  },
  rating: {
    open: write('/rating/sessions', 'Begin or continue rating as a named rater')
      .meta({ role: 'rater' })
      .input(OpenSession)
      .output(RatingSession),
    vote: write('/rating/votes', 'Give a vote; answered once it is on disk')
      .meta({ role: 'rater' })
      .input(NewVote)
      .output(VoteReceipt),
    votePair: write('/rating/pair-votes', 'Choose between two images; answered once it is on disk')
      .meta({ role: 'rater' })
      .input(NewPairVote)
      .output(VoteReceipt),
    note: write('/rating/notes', 'Keep what happened in a sitting: a pause, a window size, a viewing check')
      .meta({ role: 'rater' })
      .input(SessionNote)
      .output(z.object({ key: z.string() })),
    close: write('/rating/sessions/{sessionId}/close', 'End a sitting')
      .meta({ role: 'rater' })
      .input(z.object({ sessionId: Id }))
      .output(z.object({ endedAt: z.int() })),
  },
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
  },
  agreement: agreementOperations,
  heads: headOperations,
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
    verify: write('/packs/{id}/verify', 'Compare a pack’s precision with float32 on a sample of your images')
      .input(z.object({ id: PackId, images: z.int().min(2).max(1000).default(32) }))
      .output(Job),
    export: write('/packs/{id}/export', 'Copy a pack with its weights into a folder, for another machine')
      .input(z.object({ id: PackId, folder: FolderPath }))
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
