/** The doctor: what runs here, with which versions, and why something is not usable. */
import { statfs } from 'node:fs/promises';
import { arch, availableParallelism, platform, release, totalmem } from 'node:os';
import type { DoctorLine, DoctorReport } from '../contract/doctor.ts';
import type { PackInfo } from '../contract/pack.ts';
import { sqliteVersion } from '../db/health.ts';
import { countLibrary } from '../db/images.ts';
import type { ProviderReport } from '../native-models/messages.ts';
import { listBackups } from './backup-folder.ts';
import { listPacks } from './packs.ts';
import { adviseRestore } from './restore.ts';
import type { Studio } from './studio.ts';
import { studioVersion } from './version.ts';

const gib = 1024 ** 3;

/** Looks at the runtime, the libraries, the execution providers, the library folder, the disk and the packs. */
export async function reportHealth(studio: Studio): Promise<DoctorReport> {
  const models = await askModels(studio);
  return {
    sections: [
      { title: 'Runtime', lines: describeRuntime() },
      { title: 'Libraries', lines: describeLibraries(models) },
      { title: 'Execution providers', lines: describeProviders(models) },
      { title: 'Library', lines: await describeStorage(studio) },
      { title: 'Packs', lines: await describePacks(studio) },
    ],
  };
}

function line(
  name: string,
  value: string,
  state: DoctorLine['state'] = 'ok',
  advice: string | null = null,
): DoctorLine {
  return { name, value, state, advice };
}

async function askModels(studio: Studio): Promise<ProviderReport | string> {
  try {
    return await studio.models.ask({ kind: 'report' });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function describeRuntime(): DoctorLine[] {
  return [
    line('SF-IQA Studio', studioVersion),
    line('Node', `${process.version} (${process.execPath})`),
    line('Electron', process.versions['electron'] ?? 'not in use'),
    line('System', `${platform()} ${release()} ${arch()}`),
    line('Cores', String(availableParallelism())),
    line('Memory', `${(totalmem() / gib).toFixed(1)} GiB`),
  ];
}

function describeLibraries(models: ProviderReport | string): DoctorLine[] {
  const sqlite = line('SQLite', sqliteVersion());
  if (typeof models === 'string') {
    return [
      sqlite,
      line(
        'Models process',
        models,
        'problem',
        'Run `npm ci` again; the messages above say what is missing.',
      ),
    ];
  }
  return [
    sqlite,
    line('sharp', `${models.sharp} (libvips ${models.libvips})`),
    line('onnxruntime', models.onnxruntime),
    line('Models process', `runs, ${models.workers} threads`),
  ];
}

function describeProviders(models: ProviderReport | string): DoctorLine[] {
  if (typeof models === 'string') return [line('All', 'unknown: the models process does not run', 'problem')];
  return models.providers.map(({ name, isUsable, reason }) => {
    if (isUsable) return line(name, 'usable');
    return line(name, 'not usable', name === 'cpu' ? 'problem' : 'note', reason);
  });
}

async function describeStorage(studio: Studio): Promise<DoctorLine[]> {
  const counts = { ...countLibrary(studio.db), ...(await studio.reading.read('countCoverage')) };
  const disk = await statfs(studio.folder);
  const freeGib = (disk.bavail * disk.bsize) / gib;
  const problems = await studio.compute.run('findDamage', { database: studio.db.sqlite.name });
  return [
    line('Folder', studio.folder),
    line(
      'Images',
      `${counts.images} (${counts.withFiles} with files, ${counts.scored} scored, ${counts.failed} files failed)`,
    ),
    line('Studies', `${counts.studies}, ${counts.votes} votes`),
    problems === null
      ? line('Database', 'intact')
      : line('Database', problems, 'problem', adviseRestore(studio.folder)),
    describeNewestBackup(studio),
    freeGib < 1
      ? line('Free disk', `${freeGib.toFixed(1)} GiB`, 'problem', 'Less than 1 GiB is left: free some space.')
      : line('Free disk', `${freeGib.toFixed(1)} GiB`),
  ];
}

function describeNewestBackup({ folder, backups }: Studio): DoctorLine {
  const [newest] = listBackups(folder);
  const value = newest === undefined ? 'none yet' : `newest of ${new Date(newest.madeAt).toISOString()}`;
  return backups.problem === null
    ? line('Backups', value, newest === undefined ? 'note' : 'ok')
    : line('Backups', value, 'problem', backups.problem);
}

async function describePacks(studio: Studio): Promise<DoctorLine[]> {
  return (await listPacks(studio)).flatMap((manifest) => [
    manifest.problem === null
      ? line(manifest.id, describePack(manifest))
      : line(manifest.id, `${manifest.title}: cannot be used`, 'note', manifest.problem),
    ...manifest.absent.map(({ name, reason }) =>
      line(`${manifest.id} ${name.toUpperCase()}`, 'absent', 'note', reason),
    ),
  ]);
}

function describePack({ title, heads, network }: PackInfo): string {
  const targets = heads.map((head) => head.target).join(', ') || 'no heads of its own';
  const members = network === null ? '' : ` (${network.members.join(', ')} in ${network.precision})`;
  return `${title}${members}: ${targets}`;
}
