/** Binds every operation of the contract to its function in core, with the files `bind-…` beside it: where the two lists meet. */
import { implement } from '@orpc/server';
import { contract } from '../contract/operations.ts';
import { listCollections } from '../db/curation.ts';
import { listGenerators } from '../db/images.ts';
import { assertRole, type CallContext } from './access/caller.ts';
import { describeCaller, join, leave } from './access/join.ts';
import { planPack, removePack, startAdding, startFetching } from './add-pack.ts';
import { describeBackups } from './backups.ts';
import { bindAgreement } from './bind-agreement.ts';
import { bindHeads } from './bind-heads.ts';
import { bindRating, bindStudies } from './bind-studies.ts';
import { browseFolder } from './browse.ts';
import { changeMosScales } from './change-mos-scales.ts';
import { curate, deleteCollection, describeCuration, renameCollection, stepBack } from './curate.ts';
import { importDataset, previewDataset } from './datasets/import-dataset.ts';
import { reportHealth } from './doctor.ts';
import { describeMembers } from './duplicate-members.ts';
import { describeDuplicates, readLikeness, startFindingDuplicates } from './duplicates.ts';
import { startExport } from './export/export-images.ts';
import { startExportingSidecars } from './export/export-sidecars.ts';
import { describeExportOptions, previewExport } from './export/plan-images.ts';
import { forgetOwnPreset, saveOwnPreset } from './export/presets.ts';
import { asOrpcError } from './http/orpc-error.ts';
import { beginDrop } from './http/receive-drop.ts';
import { answerWith } from './http/written-answer.ts';
import {
  countImages,
  describeFacets,
  describeRanges,
  planList,
  readImageCards,
  readImageDetail,
} from './images.ts';
import { importMosTable, previewMosTable } from './import-mos.ts';
import { importPromptList } from './import-prompts.ts';
import { describeFailures, describeLibrary, describeRoots, watchRoot } from './library.ts';
import { describeMosSets, describeScales, getMosSetCore } from './mos-sets.ts';
import { startExportingPack } from './pack-folder.ts';
import { listPacks } from './packs.ts';
import { planRun } from './plan-run.ts';
import { readRawMetadata } from './raw-metadata.ts';
import { relinkRoots } from './relink.ts';
import { startRemaking } from './remake-pack.ts';
import { stageRestore } from './restore.ts';
import { describeSavedQueries, dropQuery, giveQueryName, rememberQuery } from './saved-queries.ts';
import { startScan } from './scan-folder.ts';
import { startScoring } from './score-folder.ts';
import { changeSettings, getSettings } from './settings.ts';
import type { Studio } from './studio.ts';
import { planTakeOut, startTakingOut } from './take-out.ts';
import { startTrashing } from './trash-rejected.ts';
import { startVerifying } from './verify-pack.ts';
import { studioVersion } from './version.ts';

/** The operations over one open studio, for a server handler or an in-process client. */
export function createRouter(studio: Studio) {
  const os = implementContract();
  return os.router({
    library: {
      info: os.library.info.handler(() => describeLibrary(studio)),
      coverage: os.library.coverage.handler(() => studio.reading.read('countCoverage')),
      roots: os.library.roots.handler(() => describeRoots(studio)),
      failures: os.library.failures.handler(() => describeFailures(studio)),
      browse: os.library.browse.handler(({ input }) => browseFolder(input.path)),
      score: os.library.score.handler(({ input }) => startScoring(studio, input)),
      beginDrop: os.library.beginDrop.handler(({ input }) => beginDrop(studio, input.name)),
      importPrompts: os.library.importPrompts.handler(({ input }) => importPromptList(studio, input.source)),
      ...bindKeeping(os, studio),
    },
    images: {
      query: os.images.query.handler(async ({ input, context }) =>
        answerWith(studio, context, ['readList', await planList(studio, input)]),
      ),
      count: os.images.count.handler(({ input }) => countImages(studio, input.filter)),
      cards: os.images.cards.handler(({ input }) => readImageCards(studio, input.ids, input.mosSetId)),
      detail: os.images.detail.handler(({ input }) => readImageDetail(studio, input.id)),
      metadata: os.images.metadata.handler(({ input }) => readRawMetadata(studio, input.id)),
      generators: os.images.generators.handler(() => listGenerators(studio.db)),
      ...bindFinding(os, studio),
    },
    curate: bindCurating(os, studio),
    duplicates: bindDuplicates(os, studio),
    access: bindAccess(os, studio),
    jobs: {
      list: os.jobs.list.handler(() => studio.jobs.list()),
      cancel: os.jobs.cancel.handler(({ input }) => studio.jobs.cancel(input.id)),
    },
    studies: bindStudies(os, studio),
    rating: bindRating(os, studio),
    mos: {
      sets: os.mos.sets.handler(() => describeMosSets(studio)),
      rows: os.mos.rows.handler(({ input, context }) => {
        const { id } = getMosSetCore(studio, input.mosSetId);
        return answerWith(studio, context, ['readMosRows', id]);
      }),
      preview: os.mos.preview.handler(({ input }) => previewMosTable(studio, input.source)),
      import: os.mos.import.handler(({ input }) => importMosTable(studio, input)),
      scales: os.mos.scales.handler(({ input }) => describeScales(studio, input.dimension)),
      changeScales: os.mos.changeScales.handler(({ input }) => changeMosScales(studio, input)),
      previewDataset: os.mos.previewDataset.handler(({ input }) => previewDataset(studio, input.path)),
      importDataset: os.mos.importDataset.handler(({ input }) => importDataset(studio, input)),
    },
    agreement: bindAgreement(os, studio),
    heads: bindHeads(os, studio),
    exports: bindExports(os, studio),
    packs: bindPacks(os, studio),
    settings: {
      get: os.settings.get.handler(() => getSettings(studio)),
      change: os.settings.change.handler(({ input }) => changeSettings(studio, input)),
    },
    doctor: { report: os.doctor.report.handler(() => reportHealth(studio)) },
    events: {
      watch: os.events.watch.handler(async function* ({ signal }) {
        // Subscribed before hello is said: whoever hears it misses nothing from then on.
        const events = studio.bus.watch(signal);
        yield { kind: 'hello', version: studioVersion, moment: studio.bus.moment };
        yield* events;
      }),
    },
  });
}

export type Implementer = ReturnType<typeof implementContract>;

/** The contract's operations to be bound: refused to whom their role does not let in; whatever they throw leaves as an error of the contract. */
function implementContract() {
  const base = implement(contract).$context<CallContext>();
  return base.use(async ({ next, context, procedure }) => {
    try {
      assertRole(context.caller, procedure['~orpc'].meta.role);
      return await next();
    } catch (thrown) {
      throw asOrpcError(thrown);
    }
  });
}

function bindKeeping({ library }: Implementer, studio: Studio) {
  return {
    backups: library.backups.handler(() => describeBackups(studio)),
    backUp: library.backUp.handler(() => studio.backups.backUp('asked')),
    restore: library.restore.handler(async ({ input }) => {
      await stageRestore(studio, input.name);
      return describeBackups(studio);
    }),
    relink: library.relink.handler(({ input }) => relinkRoots(studio, input)),
    watch: library.watch.handler(({ input }) => watchRoot(studio, input)),
    rescan: library.rescan.handler(({ input }) => startScan(studio, { rootId: input.id, isAsked: true })),
    planTakeOut: library.planTakeOut.handler(({ input }) => planTakeOut(studio, input.id)),
    takeOut: library.takeOut.handler(({ input }) => startTakingOut(studio, input.id)),
  };
}

function bindFinding({ images }: Implementer, studio: Studio) {
  return {
    facets: images.facets.handler(({ input }) => describeFacets(studio, input)),
    ranges: images.ranges.handler(({ input }) => describeRanges(studio, input)),
    savedQueries: images.savedQueries.handler(() => describeSavedQueries(studio)),
    saveQuery: images.saveQuery.handler(({ input }) => rememberQuery(studio, input)),
    renameQuery: images.renameQuery.handler(({ input }) => giveQueryName(studio, input)),
    forgetQuery: images.forgetQuery.handler(({ input }) => dropQuery(studio, input.id)),
  };
}

function bindCurating({ curate: operations }: Implementer, studio: Studio) {
  return {
    change: operations.change.handler(({ input }) => curate(studio, input)),
    undo: operations.undo.handler(() => stepBack(studio, 'undo')),
    redo: operations.redo.handler(() => stepBack(studio, 'redo')),
    state: operations.state.handler(() => describeCuration(studio)),
    collections: operations.collections.handler(() => listCollections(studio.db)),
    renameCollection: operations.renameCollection.handler(({ input }) => renameCollection(studio, input)),
    deleteCollection: operations.deleteCollection.handler(({ input }) => deleteCollection(studio, input.id)),
    trash: operations.trash.handler(({ input }) => startTrashing(studio, input.imageIds)),
  };
}

function bindExports({ exports }: Implementer, studio: Studio) {
  return {
    options: exports.options.handler(({ input }) => describeExportOptions(studio, input)),
    preview: exports.preview.handler(({ input }) => previewExport(studio, input)),
    start: exports.start.handler(({ input }) => startExport(studio, input)),
    sidecars: exports.sidecars.handler(({ input }) => startExportingSidecars(studio, input)),
    savePreset: exports.savePreset.handler(({ input }) => saveOwnPreset(studio, input)),
    forgetPreset: exports.forgetPreset.handler(({ input }) => forgetOwnPreset(studio, input.title)),
  };
}

function bindDuplicates({ duplicates }: Implementer, studio: Studio) {
  return {
    find: duplicates.find.handler(({ input }) => startFindingDuplicates(studio, input)),
    list: duplicates.list.handler(() => describeDuplicates(studio)),
    likeness: duplicates.likeness.handler(({ input }) => readLikeness(studio, input.ids)),
    members: duplicates.members.handler(({ input }) => describeMembers(studio, input.groups)),
  };
}

function bindAccess(os: Implementer, studio: Studio) {
  return {
    who: os.access.who.handler(({ context }) => describeCaller(studio, context)),
    join: os.access.join.handler(({ context, input }) => join(studio, context, input)),
    leave: os.access.leave.handler(({ context }) => leave(studio, context)),
  };
}

function bindPacks(os: Implementer, studio: Studio) {
  return {
    list: os.packs.list.handler(() => listPacks(studio)),
    plan: os.packs.plan.handler(({ input }) => planPack(studio, input)),
    add: os.packs.add.handler(({ input }) => startAdding(studio, input)),
    fetch: os.packs.fetch.handler(({ input }) => startFetching(studio, input)),
    planRun: os.packs.planRun.handler(({ input }) => planRun(studio, input)),
    verify: os.packs.verify.handler(({ input }) => startVerifying(studio, input)),
    export: os.packs.export.handler(({ input }) => startExportingPack(studio, input)),
    remake: os.packs.remake.handler(({ input }) => startRemaking(studio, input.id)),
    remove: os.packs.remove.handler(({ input }) => removePack(studio, input.id)),
  };
}
