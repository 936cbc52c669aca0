/** Backups: made by the clock and on request, rotated, gone back to from every door; nothing is lost by going back. */
import {
  closeSync,
  cpSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Backup, BackupReason } from '../../contract/keep.ts';
import { backupFolderOf, listBackups } from '../../core/backup-folder.ts';
import { chooseOutdated, nameBackup, parseBackupName } from '../../core/backup-names.ts';
import { restoreLibrary } from '../../core/restore.ts';
import { addImages } from '../support/add-images.ts';
import { openTestStudio } from '../support/open-test-studio.ts';
import { startSfiqa } from '../support/run-sfiqa.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

const dayMs = 86_400_000;
const temporary = makeTempFolder();
let made = 0;
function newLibrary(): string {
  made += 1;
  return join(temporary, `library-${made}`);
}

/** Writes nonsense over the pages after the first few, as a bad disk does. */
function damage(library: string): void {
  const path = join(library, 'studio.sqlite');
  const file = openSync(path, 'r+');
  const { size } = statSync(path);
  for (let at = 8192; at < size; at += 4096) writeSync(file, Buffer.alloc(2048, 0xa5), 0, 2048, at);
  closeSync(file);
}

async function imagesOf(library: string): Promise<number> {
  const { client, close } = openTestStudio({ libraryFolder: library });
  const { images } = await client.library.info();
  await close();
  return images;
}

describe('A backup', () => {
  test('holds what was there while the studio goes on writing, and its name says when and why', async () => {
    const opened = openTestStudio();
    addImages(opened.studio, 300);
    const making = opened.client.library.backUp();
    addImages(opened.studio, 310);
    const backup = await making;
    expect(parseBackupName(backup.name)).toEqual({ madeAt: backup.madeAt, reason: 'asked' });
    const { backups, problem } = await opened.client.library.backups();
    expect(backups).toEqual([backup]);
    expect(problem).toBeNull();
    await opened.close();
  });

  test('is made by itself once a day, where something changed, and on closing', async () => {
    const library = newLibrary();
    let clock = Date.now();
    const opened = openTestStudio({ libraryFolder: library, now: () => clock });
    await opened.studio.backups.backUpWhereDue();
    expect(listBackups(library)).toEqual([]);
    clock += 2 * 3_600_000;
    await opened.studio.backups.backUpWhereDue();
    await opened.studio.backups.backUpWhereDue();
    expect(listBackups(library)).toHaveLength(1);
    clock += dayMs + 1;
    await opened.studio.backups.backUpWhereDue();
    // Nothing was written since (in the clock of the file system, which has not moved).
    expect(listBackups(library)).toHaveLength(1);
    await opened.close();
  });

  test('is due although one says that it is of the future, which is not the newest', async () => {
    const library = newLibrary();
    const day = Date.now() + 3 * dayMs;
    const first = openTestStudio({ libraryFolder: library, now: () => day + 400 * dayMs });
    addImages(first.studio, 3);
    await first.studio.backups.backUp('asked');
    await first.close();
    const again = openTestStudio({ libraryFolder: library, now: () => day });
    await again.close();
    const reasons = listBackups(library, day).map(({ reason }) => reason);
    expect(reasons).toEqual(['automatic', 'asked']);
  });

  test('that was being made when the studio was killed leaves nothing', async () => {
    const library = newLibrary();
    mkdirSync(join(library, 'backups'), { recursive: true });
    writeFileSync(join(library, 'backups', `${nameBackup(5, 'automatic')}.part`), 'half');
    await openTestStudio({ libraryFolder: library }).close();
    expect(readdirSync(join(library, 'backups'))).toEqual([]);
  });
});

describe('A large library, which is opened before it is checked', () => {
  test('is checked on a thread: damage is told with the way out, and not backed up over what is whole', async () => {
    const library = newLibrary();
    let clock = Date.now();
    const first = openTestStudio({ libraryFolder: library });
    addImages(first.studio, 400);
    await first.client.library.backUp();
    await first.close();
    const opened = openTestStudio({ libraryFolder: library, now: () => clock });
    const { studio } = opened;
    await studio.check.run(studio);
    expect(studio.check.damage).toBeNull();
    damage(library);
    await studio.check.run(studio);
    expect(studio.check.damage).toMatch(/damaged.*sfiqa restore/s);
    clock += 2 * dayMs;
    await studio.backups.backUpWhereDue();
    expect(listBackups(library).map(({ reason }) => reason)).toEqual(['asked']);
    expect((await opened.client.library.backups()).problem).toContain('damaged');
    await opened.close();
  });
});

describe('Going back', () => {
  test('a damaged library is not opened; the message names the backup, and sfiqa restore brings every image back', async () => {
    const library = newLibrary();
    const first = openTestStudio({ libraryFolder: library });
    addImages(first.studio, 400);
    const { name } = await first.client.library.backUp();
    await first.close();
    damage(library);
    expect(() => openTestStudio({ libraryFolder: library })).toThrow(/damaged.*sfiqa restore/s);
    const doctor = await startSfiqa(library, ['doctor']).ended;
    expect(doctor).toMatchObject({ code: 1 });
    expect(doctor.err).toContain('sfiqa restore');
    const restored = await startSfiqa(library, ['restore']).ended;
    expect(restored).toMatchObject({ code: 0, err: '' });
    expect(restored.out).toContain(name);
    expect(await imagesOf(library)).toBe(400);
    // What it replaced is kept.
    expect(listBackups(library).map(({ reason }) => reason)).toEqual(['replaced', 'asked']);
  });

  test('is asked for while the library is open and done when it is next opened; it can be taken back', async () => {
    const library = newLibrary();
    const first = openTestStudio({ libraryFolder: library });
    addImages(first.studio, 10);
    const { name } = await first.client.library.backUp();
    addImages(first.studio, 20);
    expect((await first.client.library.restore({ name })).restoresNext).toBe(name);
    expect((await first.client.library.restore({ name: null })).restoresNext).toBeNull();
    await first.client.library.restore({ name });
    await first.close();
    expect(await imagesOf(library)).toBe(10);
    expect(await imagesOf(library)).toBe(10);
    // And back again, to what it was before.
    const replaced = listBackups(library).find(({ reason }) => reason === 'replaced')!;
    restoreLibrary(library, replaced.name, Date.now);
    expect(await imagesOf(library)).toBe(20);
  });

  test('to what a killed studio had only written into its log brings that back, too', async () => {
    const [library, killed] = [newLibrary(), newLibrary()];
    const opened = openTestStudio({ libraryFolder: library });
    addImages(opened.studio, 10);
    await opened.client.library.backUp();
    addImages(opened.studio, 20);
    // What lies on the disk in the middle of its work.
    cpSync(library, killed, { recursive: true });
    await opened.close();
    const { replaced } = restoreLibrary(killed, undefined, Date.now);
    expect(await imagesOf(killed)).toBe(10);
    restoreLibrary(killed, replaced!, Date.now);
    expect(await imagesOf(killed)).toBe(20);
  });

  test('is to the one that was chosen, although its time is up when the studio closes', async () => {
    const library = newLibrary();
    const clock = { now: Date.now() };
    const opened = openTestStudio({ libraryFolder: library, now: () => clock.now });
    addImages(opened.studio, 10);
    const { name } = await opened.studio.backups.backUp('automatic');
    addImages(opened.studio, 20);
    await opened.client.library.restore({ name });
    for (let week = 0; week < 5; week += 1) {
      clock.now += 7 * dayMs;
      await opened.studio.backups.backUp('automatic');
    }
    await opened.close();
    expect(await imagesOf(library)).toBe(10);
  });

  test('to one that has gone bad since is refused once, and the library opens as it was', async () => {
    const library = newLibrary();
    const opened = openTestStudio({ libraryFolder: library });
    addImages(opened.studio, 10);
    const { name } = await opened.client.library.backUp();
    addImages(opened.studio, 20);
    await opened.client.library.restore({ name });
    await opened.close();
    writeFileSync(join(backupFolderOf(library), name), 'no database');
    // It is not the library that is damaged.
    expect(() => openTestStudio({ libraryFolder: library })).toThrow(
      expect.objectContaining({
        code: 'unreadable',
        message: expect.stringMatching(/cannot be gone back to.*Open it again/s),
      }),
    );
    expect(await imagesOf(library)).toBe(20);
  });

  test('is offered where the database is gone or empty: a library that has backups does not begin anew', async () => {
    const library = newLibrary();
    const opened = openTestStudio({ libraryFolder: library });
    addImages(opened.studio, 10);
    await opened.client.library.backUp();
    await opened.close();
    writeFileSync(join(library, 'studio.sqlite'), '');
    expect(() => openTestStudio({ libraryFolder: library })).toThrow(/empty.*sfiqa restore/s);
    rmSync(join(library, 'studio.sqlite'));
    expect(() => openTestStudio({ libraryFolder: library })).toThrow(/not there.*sfiqa restore/s);
    restoreLibrary(library, undefined, Date.now);
    expect(await imagesOf(library)).toBe(10);
    expect(() => restoreLibrary(newLibrary(), undefined, Date.now)).toThrow(/no folder/);
  });

  test('to what is no whole backup is refused, and the library is as it was', async () => {
    const library = newLibrary();
    const opened = openTestStudio({ libraryFolder: library });
    addImages(opened.studio, 3);
    await expect(opened.client.library.restore({ name: 'none.sqlite' })).rejects.toMatchObject({
      code: 'notFound',
    });
    expect(() => restoreLibrary(library, undefined, Date.now)).toThrow(/has the library/);
    await opened.close();
    const bad = join(temporary, 'bad.sqlite');
    writeFileSync(bad, 'no database');
    expect(() => restoreLibrary(library, bad, Date.now)).toThrow(/cannot be gone back to/);
    expect(() => restoreLibrary(library, undefined, Date.now)).toThrow(/no whole backup/);
    expect(await imagesOf(library)).toBe(3);
    rmSync(bad);
  });
});

describe('Rotation', () => {
  const later = 1000 * dayMs;
  const anyBackup = fc
    .record({
      madeAt: fc.integer({ min: 0, max: 400 * dayMs }),
      reason: fc.constantFrom<BackupReason>('automatic', 'asked', 'migration', 'replaced'),
    })
    .map((one): Backup => ({ ...one, name: nameBackup(one.madeAt, one.reason), sizeBytes: 1 }));

  test('keeps a bounded number, always the newest of each kind, and whatever was asked for', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyBackup, { selector: ({ name }) => name, maxLength: 60 }), (backups) => {
        const gone = new Set(chooseOutdated(backups, later));
        const kept = backups.filter((backup) => !gone.has(backup));
        const automatic = kept.filter(({ reason }) => reason === 'automatic');
        expect(automatic.length).toBeLessThanOrEqual(11);
        expect(kept.filter(({ reason }) => reason === 'asked')).toEqual(
          backups.filter(({ reason }) => reason === 'asked'),
        );
        for (const reason of ['automatic', 'migration', 'replaced']) {
          const newest = backups
            .filter((one) => one.reason === reason)
            .toSorted((a, b) => b.madeAt - a.madeAt)[0];
          if (newest !== undefined) expect(kept).toContain(newest);
        }
        // Rotating what is left takes nothing more.
        expect(chooseOutdated(kept, later)).toEqual([]);
      }),
    );
  });

  test('one a day for a year: three newest, four days, four weeks', () => {
    const backups = Array.from({ length: 365 }, (_, day): Backup => {
      const madeAt = day * dayMs + 5;
      return { madeAt, reason: 'automatic', name: nameBackup(madeAt, 'automatic'), sizeBytes: 1 };
    });
    const kept = backups.filter((one) => !chooseOutdated(backups, later).includes(one));
    const ages = kept.map(({ madeAt }) => 364 - Math.floor(madeAt / dayMs));
    expect(ages.filter((age) => age < 4)).toHaveLength(4);
    expect(Math.max(...ages)).toBeGreaterThanOrEqual(15);
    expect(kept.length).toBeLessThanOrEqual(8);
  });

  test('a clock that went ahead and came back: what is made now stays, beside three that say they are of the future', () => {
    const madeAts = [...Array.from({ length: 30 }, (_, day) => 900 + day), 1, 2, 3].map((day) => day * dayMs);
    for (const reason of ['automatic', 'migration', 'replaced'] as const) {
      const backups = madeAts.map((madeAt): Backup => {
        return { madeAt, reason, name: nameBackup(madeAt, reason), sizeBytes: 1 };
      });
      const gone = chooseOutdated(backups, 4 * dayMs);
      const kept = backups.filter((one) => !gone.includes(one)).map(({ madeAt }) => madeAt / dayMs);
      expect(kept).toEqual([927, 928, 929, 1, 2, 3]);
    }
  });

  test('names come back from what they say; other files are none of ours', () => {
    fc.assert(
      fc.property(anyBackup, ({ name, madeAt, reason }) => {
        expect(parseBackupName(name)).toEqual({ madeAt, reason });
      }),
    );
    expect(parseBackupName('holiday.sqlite')).toBeNull();
  });
});
