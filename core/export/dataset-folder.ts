/** A data set as the `datasets` library loads it with `imagefolder`: images in folders, and a table of their metadata with `file_name`. */
import { constants } from 'node:fs';
import { access, copyFile, link, mkdir, rename, rm, rmdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError, systemCodeOf } from '../../contract/errors.ts';
import type { ImagePlacing, MetadataFormat } from '../../contract/export-images.ts';
import type { JobSummary } from '../../contract/jobs.ts';
import type { Db } from '../../db/database.ts';
import { asFsPath, findUnchanged } from '../find-unchanged.ts';
import { stopIfCancelled } from '../jobs.ts';
import { encodeCsv } from './encode-csv.ts';
import { encodeJsonl } from './encode-jsonl.ts';
import { encodeParquet } from './encode-parquet.ts';
import { fileStem } from './file-stem.ts';
import { blocksOf, columnsOfPlan, factsOf } from './image-rows.ts';
import { LeftOut } from './left-out.ts';
import { LoaderTypes } from './loader-types.ts';
import type { WriteHooks } from './run-writer.ts';
import type { Cell, Column } from './table.ts';
import type { WriteTask } from './write-images.ts';
import { explainWriting, writeWhole } from './write-whole.ts';

/** Images a folder: hubs of data sets take at most 10,000 files in one. */
const imagesPerFolder = 5000;
/**
 * All of it is the split “train”. Without a folder that says so the loader looks for splits in the names of files
 * (`datasets/data_files.py`): `a train in snow.png` or `test-1.png` would be the whole data set.
 */
const splitFolder = 'train';
/** The column of the pictures themselves, and those that the loader opens as paths of pictures (`folder_based_builder.py`). */
const takenNames = /^image$|(^|_)file_names?$/;
const nameColumn: Column = { name: 'file_name', type: 'text' };

/**
 * Writes `train/images/0000/…` and `train/metadata.jsonl` (or `.csv`, `.parquet`), whose first column is `file_name`. Images whose file is gone
 * or has changed are left out and counted, with the reason; what a loader would fail on is told.
 *
 * @throws StudioError `badInput` for a column called `file_name` and the like, `unsupported` where the disk makes no such links, and as `writeWhole`
 */
export async function writeDataset(
  db: Db,
  { plan, target }: Pick<WriteTask, 'plan' | 'target'>,
  hooks: WriteHooks,
): Promise<JobSummary> {
  const taken = plan.columns.find(({ name }) => takenNames.test(name));
  if (taken !== undefined) {
    const message = `A data set’s loader takes a column “${taken.name}” for its images: give yours another name.`;
    throw new StudioError('badInput', message, { name: taken.name });
  }
  const folder = join(target.partial, splitFolder);
  const placer = new ImagePlacer(folder, target.images);
  async function* placedRows(): AsyncGenerator<Cell[][]> {
    for (const { facts, rows, cells } of factsOf(db, blocksOf(db, plan), plan)) {
      const placed: Cell[][] = [];
      for (const [at, { id }] of rows.entries()) {
        stopIfCancelled(hooks.signal);
        const image = facts.images().get(id)!;
        const name = await placer.place(image.name, facts.files().get(id) ?? []);
        if (name !== null) placed.push([name, ...cells[at]!]);
        hooks.onRow();
      }
      yield placed;
    }
  }
  const columns = [nameColumn, ...columnsOfPlan(plan.columns)];
  const { content, notes } = tabulate(columns, placedRows(), target.metadata);
  try {
    await mkdir(folder, { recursive: true });
    await writeWhole(content, join(folder, `metadata.${target.metadata}`), {
      signal: hooks.signal,
      shownPath: target.path,
    });
    await rmdir(target.path).catch(() => undefined);
    await rename(target.partial, target.path);
  } catch (error) {
    await rm(target.partial, { recursive: true, force: true });
    throw explainWriting(error, target.path, hooks.signal);
  }
  const told = notes();
  return { ...placer.describe(), ...(told.length === 0 ? {} : { notes: told }) };
}

/** The table in its format, and what is to be told of it once it is written. */
function tabulate(
  columns: readonly Column[],
  blocks: AsyncIterable<Cell[][]>,
  metadata: MetadataFormat,
): { content: AsyncIterable<string | Uint8Array>; notes: () => string[] } {
  async function* rows(): AsyncGenerator<Cell[]> {
    for await (const block of blocks) yield* block;
  }
  if (metadata === 'parquet') return { content: encodeParquet({ columns, rows: rows() }), notes: () => [] };
  const types = new LoaderTypes(columns, metadata);
  const encode = metadata === 'csv' ? encodeCsv : encodeJsonl;
  async function* lines(): AsyncGenerator<string> {
    let hasHeader = true;
    for await (const block of blocks) {
      const text = [...encode({ columns, rows: block, hasHeader })].join('');
      types.see(block, Buffer.byteLength(text));
      hasHeader = false;
      yield text;
    }
  }
  return { content: lines(), notes: () => types.describe() };
}

/** What a promise that gives nothing came to. */
const yesOrNo = [() => true, () => false] as const;

type KnownFiles = Parameters<typeof findUnchanged>[0];

/** Puts images into their folders under names that every system accepts and that are there once. */
class ImagePlacer {
  readonly #folder: string;
  readonly #placing: ImagePlacing;
  readonly #leftOut = new LeftOut();
  #rows = 0;
  #used = new Set<string>();

  constructor(folder: string, placing: ImagePlacing) {
    this.#folder = folder;
    this.#placing = placing;
  }

  /** The image's path in the data set; null where no file of it can be had. */
  async place(name: string, files: KnownFiles): Promise<string | null> {
    const found = await findUnchanged(files);
    if ('why' in found) return this.#leaveOut(found.why);
    const from = asFsPath(found.path);
    const isReadable = await access(from, constants.R_OK).then(...yesOrNo);
    if (!isReadable) return this.#leaveOut('its file may not be read by this user');
    const inside = `images/${String(Math.floor(this.#rows / imagesPerFolder)).padStart(4, '0')}`;
    if (this.#rows % imagesPerFolder === 0) {
      await mkdir(join(this.#folder, inside), { recursive: true });
      this.#used = new Set();
    }
    const path = `${inside}/${this.#freeName(name)}`;
    await this.#put(from, join(this.#folder, path));
    this.#rows += 1;
    return path;
  }

  #leaveOut(why: string): null {
    this.#leftOut.add(why);
    return null;
  }

  describe(): JobSummary {
    return { rows: this.#rows, ...this.#leftOut.describe() };
  }

  /** Names are compared without case and composition, as some systems do. */
  #freeName(name: string): string {
    const [, stem = '', ending = ''] = /^(.*?)(\.[A-Za-z0-9]{1,5})?$/s.exec(name) ?? [];
    const safe = fileStem(stem).replace(/[. ]+$/, '') || 'image';
    const keyOf = (one: string) => one.normalize('NFC').toLowerCase();
    let free = safe + ending;
    for (let copy = 2; this.#used.has(keyOf(free)); copy += 1) free = `${safe}-${copy}${ending}`;
    this.#used.add(keyOf(free));
    return free;
  }

  async #put(from: string | Buffer, to: string): Promise<void> {
    // Disks that can, share the bytes of a copy with the original until one changes.
    if (this.#placing === 'copy') return await copyFile(from, to, constants.COPYFILE_FICLONE);
    try {
      if (this.#placing === 'hardlink') await link(from, to);
      else await symlink(from, to);
    } catch (error) {
      const code = systemCodeOf(error);
      const reason =
        code === 'EXDEV'
          ? 'the images lie on another disk than the data set'
          : 'this disk, or this system without further rights, makes no such links';
      if (code !== 'EXDEV' && code !== 'EPERM' && code !== 'ENOTSUP') throw error;
      throw new StudioError(
        'unsupported',
        `Images cannot be linked: ${reason}. Have them copied.`,
        {},
        { cause: error },
      );
    }
  }
}
