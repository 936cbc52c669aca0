/** Takes raw votes of other tools in as a study of their own, as a job: whole or not at all, a few milliseconds at a time. */
import { once } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Job } from '../../contract/jobs.ts';
import { StudyDesign } from '../../contract/studies.ts';
import type { ImportVotes } from '../../contract/study-files.ts';
import { saveImage, setGenerator, setPrompt } from '../../db/images.ts';
import { finishStudy } from '../../db/partial-studies.ts';
import { insertPresentation, insertSession, saveRater } from '../../db/sittings.ts';
import { insertStimuli, labelStimulus, removeStimuli } from '../../db/studies.ts';
import { insertPairVote, insertVote } from '../../db/votes.ts';
import { unpack } from '../compute/carry-error.ts';
import { freeze } from '../freeze-study.ts';
import { type JobContext, stopIfCancelled } from '../jobs.ts';
import { takeAway } from '../partial-studies.ts';
import { getStudyCore, storeStudy } from '../studies.ts';
import type { Studio } from '../studio.ts';
import { updateMos } from '../study-mos.ts';
import { writeInSlices } from '../write-in-slices.ts';
import type { StagedHead, StagedImage, StagedPresentation, StagedRows, StageRequest } from './stage-votes.ts';

/**
 * Starts to store votes as a study that takes no others, with raters, presentations and MOS. A second vote of a rater on an image is a
 * repeat, which does not count, unless the table says otherwise. The study is seen once it is whole; where the job is cancelled or fails,
 * nothing of it stays. The job fails with `badInput` and line numbers where rows are wrong, or where it is not clear what is what, and
 * with `conflict` for votes that are in this library.
 *
 * @throws StudioError `conflict` while another import runs
 */
export function startImportingVotes(studio: Studio, order: ImportVotes): Job {
  const title = `Votes of ${'path' in order.source ? order.source.path : order.source.fileName}`;
  const { source: _, ...params } = order;
  return studio.jobs.start({
    kind: 'importVotes',
    title,
    params,
    work: async (context) => {
      const staged = await openStaged(studio, order, context.signal);
      const { head } = staged;
      const studyId = studio.db.transaction(() => storeEmpty(studio, order, head));
      try {
        await new VoteWriter(studio, { studyId, staged, context }).write();
      } catch (error) {
        staged.close();
        await takeAway(studio, studyId);
        throw error;
      }
      staged.close();
      studio.bus.changed('images', 'studies', 'votes', 'mos');
      return { studyId, rows: head.counts.votes };
    },
  });
}

interface Staged {
  head: StagedHead;
  /** The rows of a part in their order, a block at a time. */
  read<Part extends keyof StagedRows>(part: Part): AsyncGenerator<StagedRows[Part]>;
  close(): void;
}

/** The table, read and checked on a thread, which is ended when the signal aborts. */
async function openStaged(studio: Studio, order: ImportVotes, signal: AbortSignal): Promise<Staged> {
  const { port1, port2 } = new MessageChannel();
  const task = { libraryFolder: studio.folder, order, nowMs: studio.now(), port: port2 };
  const ended = studio.compute.run('stageVotes', task, { signal, transfer: [port2] }).then(unpack);
  // It is awaited beside every answer; between two of them nobody listens.
  ended.catch(() => undefined);
  const head = await answerOf<StagedHead>(port1, ended);
  return {
    head,
    read: async function* <Part extends keyof StagedRows>(part: Part) {
      for (let from = 0; from < head.counts[part]; ) {
        port1.postMessage({ part, from } satisfies StageRequest);
        const rows = await answerOf<StagedRows[Part]>(port1, ended);
        from += rows.length;
        yield rows;
      }
    },
    close: () => {
      port1.postMessage(null satisfies StageRequest);
      port1.close();
    },
  };
}

/** The thread's next message. @throws what ended it instead */
async function answerOf<Answer>(port: MessagePort, ended: Promise<null>): Promise<Answer> {
  const next = once(port, 'message').then(([answer]: Answer[]) => answer!);
  const none = ended.then(() => {
    throw new Error('The thread that reads the votes ended too early.');
  });
  return await Promise.race([next, none]);
}

function storeEmpty(studio: Studio, order: ImportVotes, head: StagedHead): number {
  const { fileName, name, dimensions, isPairs } = head;
  const stem = fileName.replace(/\.[^.]+$/, '').slice(0, 120);
  return storeStudy(
    studio,
    {
      name: order.name ?? (name?.slice(0, 120) || stem),
      design: StudyDesign.parse({
        ...{ seed: 0, instructions: '', plan: isPairs ? { method: 'pairs' } : {} },
        dimensions: dimensions.map(({ key, scale }) => ({
          ...{ key, label: key.replaceAll('_', ' '), question: '', showsPrompt: false, scale },
        })),
      }),
      imageIds: [],
      items: { training: [], stabilising: [], gold: [], traps: [] },
      labels: [],
    },
    { origin: 'table', isPartial: true },
  );
}

/** Writes staged rows into the study, in transactions of some milliseconds between which others have their turn. */
class VoteWriter {
  readonly #studio: Studio;
  readonly #studyId: number;
  readonly #staged: Staged;
  readonly #context: JobContext;
  /** Ids by place in the staged rows. */
  readonly #images: number[] = [];
  readonly #isMain: boolean[] = [];
  readonly #raters: number[] = [];
  readonly #sessions: number[] = [];
  readonly #presentations: number[] = [];
  readonly #votes: number[] = [];
  #done = 0;

  constructor(
    studio: Studio,
    { studyId, staged, context }: { studyId: number; staged: Staged; context: JobContext },
  ) {
    this.#studio = studio;
    this.#studyId = studyId;
    this.#staged = staged;
    this.#context = context;
  }

  async write(): Promise<void> {
    const { db, now } = this.#studio;
    const { raters, sessions, counts, fileName, isPairs } = this.#staged.head;
    const at = now();
    const total = counts.images + counts.presentations + counts.votes;
    this.#context.report({ phase: 'storing votes', done: 0, total });
    for await (const block of this.#staged.read('images')) await this.#each(block, (row) => this.#image(row));
    const client = JSON.stringify({ importedFrom: fileName });
    db.transaction(() => {
      for (const name of raters) this.#raters.push(saveRater(db, name, at).id);
      for (const { rater, uid, startedAt, endedAt } of sessions) {
        const ids = { study_id: this.#studyId, rater_id: this.#raters[rater]!, uid };
        this.#sessions.push(insertSession(db, { ...ids, client, started_at: startedAt, ended_at: endedAt }));
      }
    });
    for await (const block of this.#staged.read('presentations')) {
      await this.#each(block, (row) => this.#presentation(row));
    }
    for await (const block of this.#staged.read('votes')) {
      await this.#each(block, ({ choice, value, ...vote }) => {
        const row = {
          presentation_id: this.#presentations[vote.presentation]!,
          session_id: this.#sessions[vote.session]!,
          ...{ dimension: vote.dimension, key: vote.key, shown_ms: vote.shownMs, key_ms: vote.keyMs },
          ...{ paused_ms: vote.pausedMs, cast_at: vote.castAt },
          supersedes: vote.supersedes === null ? null : this.#votes[vote.supersedes]!,
        };
        this.#votes.push(
          choice === null ? insertVote(db, { ...row, value }) : insertPairVote(db, { ...row, choice }),
        );
      });
    }
    await this.#finish(isPairs);
  }

  /** Everything is there: MOS, the frozen design (written on a thread: nobody else sees the study yet), and the study is seen. */
  async #finish(isPairs: boolean): Promise<void> {
    const { db, folder, compute } = this.#studio;
    const { signal } = this.#context;
    const study = getStudyCore(this.#studio, this.#studyId);
    const counted = new Set(this.#images.filter((_, at) => this.#isMain[at] === true));
    const main = isPairs ? [] : [...counted];
    const extra = this.#images.filter((id) => !counted.has(id));
    const keys = study.design.dimensions.map(({ key }) => key);
    this.#done = 0;
    this.#context.report({
      phase: isPairs ? 'storing votes' : 'MOS',
      done: 0,
      total: main.length + extra.length,
    });
    await this.#each(main, (imageId) => {
      for (const dimension of keys) updateMos(this.#studio, study, { imageId, dimension });
    });
    await this.#each(extra, (imageId) => removeStimuli(db, this.#studyId, [imageId]));
    const text = await compute.run('manifest', { libraryFolder: folder, study }, { signal });
    stopIfCancelled(signal);
    db.transaction(() => {
      freeze(this.#studio, study, text);
      finishStudy(db, this.#studyId);
    });
  }

  #image({ known, name, hash, prompt, generator, group, isMain }: StagedImage): void {
    const { db, now } = this.#studio;
    const unseen = { name, hash, format: null, width: null, height: null, sizeBytes: null };
    const id = known ?? saveImage(db, unseen, now());
    if (prompt !== null) setPrompt(db, id, prompt, 'mosTable');
    if (generator !== null) setGenerator(db, id, generator, 'mosTable');
    insertStimuli(db, this.#studyId, [id]);
    if (group !== null) {
      labelStimulus(db, { studyId: this.#studyId, imageId: id, group, referenceId: null });
    }
    this.#images.push(id);
    this.#isMain.push(isMain);
  }

  #presentation({ rater, image, other, role, position, uid }: StagedPresentation): void {
    const whose = { studyId: this.#studyId, raterId: this.#raters[rater]! };
    const otherImageId = other === null ? null : this.#images[other]!;
    this.#presentations.push(
      insertPresentation(this.#studio.db, whose, {
        ...{ imageId: this.#images[image]!, otherImageId, position, role, uid },
      }),
    );
  }

  async #each<Row>(rows: readonly Row[], write: (row: Row) => void): Promise<void> {
    await writeInSlices(this.#studio.db, rows, write, (written) => {
      stopIfCancelled(this.#context.signal);
      this.#done += written;
      this.#context.report({ done: this.#done });
    });
  }
}
