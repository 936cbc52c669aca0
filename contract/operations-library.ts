/** The operations that keep a library (backups, restoring, relinking) find in it, and curate it. */
import { z } from 'zod';
import { Id, Name } from './common.ts';
import { Collection, Curation, CurationState } from './curate.ts';
import { DuplicateMember, Duplicates, FindDuplicates } from './duplicates.ts';
import { Facet, ImageQuery, RangeFacet, Root, SavedQuery } from './images.ts';
import { Job } from './jobs.ts';
import { Backup, Backups, Relink, Relinked, TakeOutPlan } from './keep.ts';
import { ask, read, write } from './operation.ts';

export const keepOperations = {
  backups: read('/library/backups', 'Backups of the database, the newest first').output(Backups),
  backUp: write('/library/backups', 'Make a backup of the database now, while the studio goes on').output(
    Backup,
  ),
  restore: write(
    '/library/restore',
    'Go back to a backup when the library is next opened; null takes that back',
  )
    .input(z.object({ name: z.string().max(200).nullable() }))
    .output(Backups),
  relink: write('/library/relink', 'Say where folders lie now that moved to another disk or machine')
    .input(Relink)
    .output(Relinked),
  watch: write('/library/roots/{id}/watch', 'Keep a folder in step while the studio runs, or not')
    .input(z.object({ id: Id, isWatched: z.boolean() }))
    .output(z.array(Root)),
  rescan: write('/library/roots/{id}/rescan', 'Look for new, changed, moved and deleted files of a folder')
    .input(z.object({ id: Id }))
    .output(Job),
  planTakeOut: read(
    '/library/roots/{id}/out',
    'What a folder would take along that is taken out of the library',
  )
    .input(z.object({ id: Id }))
    .output(TakeOutPlan),
  takeOut: write(
    '/library/roots/{id}/out',
    'Take a folder out of the library: files on disk stay, and what is known of its images comes back with them',
  )
    .input(z.object({ id: Id }))
    .output(Job),
};

export const findOperations = {
  facets: ask('/images/facets', 'What the matching images have, with counts: generators, folders, tags …')
    .input(ImageQuery)
    .output(z.array(Facet)),
  ranges: ask('/images/ranges', 'How the matching images spread over scores, MOS, gaps and votes: histograms')
    .input(ImageQuery)
    .output(z.array(RangeFacet)),
  savedQueries: read('/images/saved', 'Queries that were saved, by name').output(z.array(SavedQuery)),
  saveQuery: write('/images/saved', 'Save a query under a name; one of that name is replaced')
    .input(z.object({ name: Name, query: ImageQuery }))
    .output(z.array(SavedQuery)),
  renameQuery: write('/images/saved/{id}/rename', 'Give a saved query another name')
    .input(z.object({ id: Id, name: Name }))
    .output(z.array(SavedQuery)),
  forgetQuery: write('/images/saved/{id}/forget', 'Forget a saved query')
    .input(z.object({ id: Id }))
    .output(z.array(SavedQuery)),
};

export const duplicateOperations = {
  find: write('/duplicates', 'Look for near-duplicates among all images, by embeddings or fingerprints')
    .input(FindDuplicates)
    .output(Job),
  list: read(
    '/duplicates',
    'The groups of near-duplicates that were found last, the best of each first',
  ).output(Duplicates),
  likeness: ask('/duplicates/likeness', 'How much images are like the first of them')
    .input(z.object({ ids: z.array(Id).min(1).max(1000) }))
    .output(z.array(z.number().nullable())),
  members: ask('/duplicates/members', 'The images of some groups, each group with the best first')
    .input(z.object({ groups: z.array(z.array(Id).min(1)).max(1000) }))
    .output(z.array(z.array(DuplicateMember))),
};

export const curateOperations = {
  change: write('/curate', 'Flag, label, tag or collect images, as one step that can be undone')
    .input(Curation)
    .output(CurationState),
  undo: write('/curate/undo', 'Undo the last step').output(CurationState),
  redo: write('/curate/redo', 'Do again what was undone last').output(CurationState),
  state: read('/curate', 'What can be undone and done again').output(CurationState),
  collections: read('/curate/collections', 'Collections by name').output(z.array(Collection)),
  renameCollection: write(
    '/curate/collections/{id}/rename',
    'Give a collection another name, as one step that can be undone',
  )
    .input(z.object({ id: Id, name: Name }))
    .output(CurationState),
  deleteCollection: write(
    '/curate/collections/{id}/delete',
    'Delete a collection, as one step that can be undone; its images stay',
  )
    .input(z.object({ id: Id }))
    .output(CurationState),
  trash: write(
    '/curate/trash',
    'Move the files of rejected images to the system’s trash; what is known of them stays',
  )
    .input(z.object({ imageIds: z.array(Id).min(1).max(1_000_000) }))
    .output(Job),
};
