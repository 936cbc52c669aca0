/** What compute threads can be asked, and the file of `tasks/` that does it: a thread loads one when something of it is first asked. */
import type * as agreement from './tasks/agreement.ts';
import type * as databases from './tasks/databases.ts';
import type * as exports from './tasks/exports.ts';
import type * as heads from './tasks/heads.ts';
import type * as likeness from './tasks/likeness.ts';
import type * as lists from './tasks/lists.ts';
import type * as queue from './tasks/queue.ts';
import type * as storedInputs from './tasks/stored-inputs.ts';
import type * as studies from './tasks/studies.ts';
import type * as votesIn from './tasks/votes-in.ts';

interface Files {
  agreement: typeof agreement;
  databases: typeof databases;
  exports: typeof exports;
  heads: typeof heads;
  likeness: typeof likeness;
  lists: typeof lists;
  queue: typeof queue;
  'stored-inputs': typeof storedInputs;
  studies: typeof studies;
  'votes-in': typeof votesIn;
}

/** The functions by name: what the files export. */
export type ComputeTasks = typeof agreement &
  typeof databases &
  typeof exports &
  typeof heads &
  typeof likeness &
  typeof lists &
  typeof queue &
  typeof storedInputs &
  typeof studies &
  typeof votesIn;

export type TaskName = keyof ComputeTasks;

type FileWith<Name> = { [File in keyof Files]: Name extends keyof Files[File] ? File : never }[keyof Files];

const fileOf: { [Name in TaskName]: FileWith<Name> } = {
  coefficients: 'agreement',
  compare: 'agreement',
  calibration: 'agreement',
  oppositePairs: 'agreement',
  density: 'agreement',
  points: 'agreement',
  residuals: 'agreement',
  disagreements: 'agreement',
  written: 'agreement',
  map: 'agreement',
  evaluateScore: 'agreement',
  findDamage: 'databases',
  backUp: 'databases',
  inspectBackup: 'databases',
  writeImages: 'exports',
  writeSidecars: 'exports',
  trainFold: 'heads',
  trainCurve: 'heads',
  trainFinal: 'heads',
  judgeTraining: 'heads',
  judgeHeldOut: 'heads',
  evaluateTrained: 'heads',
  predict: 'heads',
  readVectors: 'likeness',
  compareVectors: 'likeness',
  findSketch: 'likeness',
  sketchRows: 'likeness',
  findNearPairs: 'likeness',
  countFacets: 'lists',
  countRanges: 'lists',
  mixedBy: 'lists',
  queueRating: 'queue',
  replayRating: 'queue',
  trainingRows: 'stored-inputs',
  predictStored: 'stored-inputs',
  rescore: 'stored-inputs',
  ready: 'studies',
  studyStatistics: 'studies',
  pairStatistics: 'studies',
  studyCounts: 'studies',
  manifest: 'studies',
  ceiling: 'studies',
  previewVotes: 'votes-in',
  readPackDesign: 'votes-in',
  stageVotes: 'votes-in',
};

const places: Record<keyof Files, string> = {
  agreement: new URL('./tasks/agreement.ts', import.meta.url).href,
  databases: new URL('./tasks/databases.ts', import.meta.url).href,
  exports: new URL('./tasks/exports.ts', import.meta.url).href,
  heads: new URL('./tasks/heads.ts', import.meta.url).href,
  likeness: new URL('./tasks/likeness.ts', import.meta.url).href,
  lists: new URL('./tasks/lists.ts', import.meta.url).href,
  queue: new URL('./tasks/queue.ts', import.meta.url).href,
  'stored-inputs': new URL('./tasks/stored-inputs.ts', import.meta.url).href,
  studies: new URL('./tasks/studies.ts', import.meta.url).href,
  'votes-in': new URL('./tasks/votes-in.ts', import.meta.url).href,
};

/** Where a thread finds a task. */
export function locateTask(name: TaskName): string {
  return places[fileOf[name]];
}
