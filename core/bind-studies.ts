/** Binds the operations on studies and on rating to their functions. */
import { asOwnSession, assertOwnSession, type CallContext } from './access/caller.ts';
import { inviteRaters, listStudyInvitations, withdrawInvitation } from './access/join.ts';
import { checkDraft, checkStandards } from './check-standards.ts';
import { describeMethods } from './describe-methods.ts';
import { readImageStatistics } from './image-statistics.ts';
import { planStudy } from './plan-study.ts';
import { castPairVote, castVote } from './rate.ts';
import { readManifest } from './read-manifest.ts';
import type { Implementer } from './router.ts';
import { closeSession, noteInSession, openSession } from './sittings.ts';
import { createStudy, describeRaters, describeStudies, reviseStudy } from './studies.ts';
import type { Studio } from './studio.ts';
import { startExportingStudy } from './study-pack/export-study-pack.ts';
import { startImportingStudy } from './study-pack/import-study-pack.ts';
import { mergeResults } from './study-pack/results.ts';
import { decideRater, readPairStatistics, readStatistics } from './study-statistics.ts';
import { startImportingVotes } from './votes-in/import-votes.ts';
import { readVotePreview } from './votes-in/preview-votes.ts';

export function bindStudies(os: Implementer, studio: Studio) {
  const { studies } = os;
  return {
    create: studies.create.handler(({ input }) => createStudy(studio, input)),
    revise: studies.revise.handler(({ input }) => reviseStudy(studio, input)),
    readManifest: studies.readManifest.handler(({ input }) => readManifest(studio, input)),
    methods: studies.methods.handler(({ input }) => describeMethods(studio, input.studyId)),
    plan: studies.plan.handler(({ input }) => planStudy(studio, input)),
    checklist: studies.checklist.handler(({ input }) => checkStandards(studio, input)),
    checkDraft: studies.checkDraft.handler(({ input }) => checkDraft(input)),
    variety: studies.variety.handler(({ input }) => studio.reading.read('countVariety', input)),
    statistics: studies.statistics.handler(({ input }) => readStatistics(studio, input)),
    imageStatistics: studies.imageStatistics.handler(({ input }) => readImageStatistics(studio, input)),
    pairStatistics: studies.pairStatistics.handler(({ input }) => readPairStatistics(studio, input)),
    decideRater: studies.decideRater.handler(({ input }) => decideRater(studio, input)),
    exportPack: studies.exportPack.handler(({ input }) => startExportingStudy(studio, input)),
    importPack: studies.importPack.handler(({ input }) => startImportingStudy(studio, input.path)),
    merge: studies.merge.handler(({ input }) => mergeResults(studio, input.source)),
    previewVotes: studies.previewVotes.handler(({ input }) => readVotePreview(studio, input)),
    importVotes: studies.importVotes.handler(({ input }) => startImportingVotes(studio, input)),
    invite: studies.invite.handler(({ input }) => inviteRaters(studio, input)),
    invitations: studies.invitations.handler(({ input }) => listStudyInvitations(studio, input.studyId)),
    withdraw: studies.withdraw.handler(({ input }) => withdrawInvitation(studio, input.id)),
    list: studies.list.handler(() => describeStudies(studio)),
    raters: studies.raters.handler(({ input }) => describeRaters(studio, input.studyId)),
  };
}

/** A rater reaches their own sessions only. */
export function bindRating({ rating }: Implementer, studio: Studio) {
  function checked<Input extends { sessionId: number }, Output>(
    work: (studio: Studio, input: Input) => Output,
  ) {
    return ({ input, context }: { input: Input; context: CallContext }) => {
      assertOwnSession(studio, context.caller, input.sessionId);
      return work(studio, input);
    };
  }
  return {
    open: rating.open.handler(({ input, context }) =>
      openSession(studio, asOwnSession(context.caller, input)),
    ),
    vote: rating.vote.handler(checked(castVote)),
    votePair: rating.votePair.handler(checked(castPairVote)),
    note: rating.note.handler(checked(noteInSession)),
    close: rating.close.handler(checked((_, { sessionId }) => closeSession(studio, sessionId))),
  };
}
