/** The operations on studies, on rating in them, and on who may come in to rate. */
import { z } from 'zod';
import { Invitation, Invite, Join, Joined, Who } from './access.ts';
import { Id } from './common.ts';
import { Job } from './jobs.ts';
import { TableSource } from './mos.ts';
import { ask, read, write } from './operation.ts';
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
  StudyPackPath,
  VotePreview,
  VoteTable,
} from './study-files.ts';
import {
  AskChecklist,
  AskVariety,
  CheckDraft,
  Checklist,
  PlannedStudy,
  PlanStudy,
  Variety,
} from './study-quality.ts';
import {
  AskImageStatistics,
  AskStatistics,
  DecideRater,
  ImageStatistics,
  PairStatistics,
  RaterDecision,
  StudyStatistics,
} from './study-statistics.ts';

export const accessOperations = {
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
};

export const studyOperations = {
  create: write('/studies', 'Create a study from images').input(NewStudy).output(Study),
  revise: write('/studies/{studyId}/revise', 'Change a study; once it has votes, that makes its next version')
    .input(ReviseStudy)
    .output(Study),
  readManifest: write('/studies/manifest', 'Look at a table of images to make a study of; stores nothing')
    .input(ReadManifest)
    .output(Manifest),
  methods: read('/studies/{studyId}/methods', 'A paragraph and a table for a paper')
    .input(z.object({ studyId: Id }))
    .output(Methods),
  plan: write(
    '/studies/plan',
    'How narrow intervals will be, from raters, sessions, seconds a vote and a pilot',
  )
    .input(PlanStudy)
    .output(PlannedStudy),
  checklist: read('/studies/{studyId}/checklist', 'What ITU-T P.910 and ITU-R BT.500 ask, met or not')
    .input(AskChecklist)
    .output(Checklist),
  checkDraft: ask('/studies/draft-checklist', 'The same of a study that is being designed')
    .input(CheckDraft)
    .output(Checklist),
  variety: ask('/studies/variety', 'How many prompts and generators images are of')
    .input(AskVariety)
    .output(Variety),
  statistics: read(
    '/studies/{studyId}/statistics',
    'Images, raters and their doubts, as the votes have it now',
  )
    .input(AskStatistics)
    .output(StudyStatistics),
  imageStatistics: read(
    '/studies/{studyId}/image-statistics',
    'Images of the statistics, a page at a time in the order of a column',
  )
    .input(AskImageStatistics)
    .output(ImageStatistics),
  pairStatistics: read('/studies/{studyId}/pair-statistics', 'Scores of images that were compared in pairs')
    .input(AskStatistics)
    .output(PairStatistics),
  decideRater: write(
    '/studies/{studyId}/raters/{raterId}/decisions',
    'Leave a rater out of the MOS, or count them again, with the reason',
  )
    .input(DecideRater)
    .output(z.array(RaterDecision)),
  exportPack: write(
    '/studies/{studyId}/pack',
    'Put a study with its images into one file or a folder, to be rated on another machine',
  )
    .input(ExportStudyPack)
    .output(Job),
  importPack: write('/studies/packs', 'Take a study pack in, a file or a folder, to rate it here')
    .input(z.object({ path: StudyPackPath }))
    .output(Job),
  merge: write('/studies/results', 'Take results of another machine in; any order, any number of times')
    .input(z.object({ source: TableSource }))
    .output(Merged),
  previewVotes: write('/studies/votes/preview', 'Look at raw votes of another tool before taking them in')
    .input(VoteTable)
    .output(VotePreview),
  importVotes: write('/studies/votes', 'Take raw votes in as a study, whole or not at all; a job')
    .input(ImportVotes)
    .output(Job),
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
};

export const ratingOperations = {
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
};
