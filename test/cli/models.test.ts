/** `sfiqa models`: a checkpoint becomes a pack, scores, is verified, travels and goes; with tiny networks that really run. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exitCodes } from '../../cli/exit-codes.ts';
import { writeUntrained } from '../../scripts/support/make-untrained.ts';
import { writeScenes } from '../support/make-images.ts';
import { startSfiqa } from '../support/run-sfiqa.ts';

let folder: string;
let weights: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sfiqa-models-'));
  weights = await writeUntrained('tiny', join(folder, 'weights'), { sets: ['base', 'rank'] });
  mkdirSync(join(folder, 'images'));
  await writeScenes(join(folder, 'images'), 4, { width: 64, height: 48 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function sfiqa(...args: string[]) {
  return await startSfiqa(join(folder, 'library'), args).ended;
}

test('add says first what it will make and write, then makes it', async () => {
  const plan = await sfiqa('models', 'add', '--sfiqa', weights, '--precision', 'int8', '--plan');
  expect(plan.code, plan.err).toBe(exitCodes.done);
  expect(plan.err).toMatch(
    /SF-IQA as “sfiqa”\n.*weights\.safetensors: .*sets base, rank\)\n {2}writes .* free\)/,
  );
  expect(existsSync(join(folder, 'library', 'packs', 'sfiqa'))).toBe(false);
  const added = await sfiqa('models', 'add', '--sfiqa', weights, '--precision', 'int8', '--title', 'Tiny');
  expect(added.code, added.err).toBe(exitCodes.done);
  expect(added.out).toContain('Added “sfiqa”. Score with it');
  expect(readdirSync(join(folder, 'library', 'packs'))).toEqual(['sfiqa']);
});

test('the networks score, on the provider that was asked for, and numbers of untrained ones are not exported', async () => {
  const args = ['score', join(folder, 'images'), '--pack', 'sfiqa', '--provider', 'cpu'];
  const scored = await sfiqa(...args);
  expect(scored.code, scored.err).toBe(exitCodes.done);
  expect(scored.err).toMatch(/4 scored.*\nComputed by onnxruntime [\d.]+ on cpu in int8\./);
  const again = await sfiqa(...args, '--out', join(folder, 'out.csv'));
  expect(again.err).toContain('0 scored, 4 skipped');
  const elsewhere = process.platform === 'win32' ? 'coreml' : 'dml';
  const plan = await sfiqa(...args.slice(0, -1), `${elsewhere},cpu`, '--plan');
  expect(plan.out).toMatch(
    new RegExp(`onnxruntime [\\d.]+ on cpu in int8; ${elsewhere} cannot be used here, sfiqa doctor says why`),
  );
  expect(again.err).toContain('never trained');
  expect(again.code).toBe(exitCodes.failed);
  expect(existsSync(join(folder, 'out.csv'))).toBe(false);
  const challenge = await sfiqa('export', 'challenge', '--pack', 'sfiqa');
  expect(challenge.code).toBe(exitCodes.failed);
});

test('verify prints |Δ| and SRCC, and tells by its exit code whether they are good', async () => {
  const { code, out, err } = await sfiqa('models', 'verify', 'sfiqa', '--images', '3');
  expect(out, err).toMatch(
    /int8 against float32 on 3 images:\n +max \|Δ\| +mean \|Δ\| +SRCC\n.*\nQ .*\nS .*\nP /,
  );
  expect(code).toBe(out.includes('\nGood') ? exitCodes.done : exitCodes.precisionBad);
  const { out: list } = await sfiqa('models', 'list');
  expect(list).toMatch(/sfiqa +Tiny +base, rank +int8 +overall +(verified|not good) +never trained/);
});

test('export, add from the folder under another id, remove', async () => {
  const to = join(folder, 'exported');
  expect((await sfiqa('models', 'export', 'sfiqa', to)).code).toBe(exitCodes.done);
  expect(readdirSync(to)).toContain('SHA256SUMS');
  const elsewhere = join(folder, 'elsewhere');
  cpSync(to, elsewhere, { recursive: true });
  expect((await sfiqa('models', 'add', '--folder', elsewhere, '--id', 'other')).code).toBe(exitCodes.done);
  const removed = await sfiqa('models', 'remove', 'sfiqa');
  expect(removed.code, removed.err).toBe(exitCodes.done);
  expect(readdirSync(join(folder, 'library', 'packs'))).toEqual(['other']);
  const again = await sfiqa('score', join(folder, 'images'), '--pack', 'other');
  expect(again.err).toContain('4 scored');
});

test('what a person gets wrong is a sentence with its exit code', async () => {
  const junk = join(folder, 'junk.pt');
  writeFileSync(junk, 'no weights');
  for (const [code, ...args] of [
    [exitCodes.badUsage, 'models', 'add'],
    [exitCodes.badUsage, 'models', 'add', 'nonsense'],
    [exitCodes.badUsage, 'models', 'add', 'pickscore', '--sets', 'base'],
    [exitCodes.badUsage, 'models', 'add', '--sfiqa', junk, '--precision', 'int3'],
    [exitCodes.failed, 'models', 'add', '--sfiqa', junk],
    [exitCodes.failed, 'models', 'remove', 'classic'],
    [exitCodes.badUsage, 'score', folder, '--provider', 'abacus'],
  ] as const) {
    const ended = await sfiqa(...args);
    expect(ended.code, `${args.join(' ')}: ${ended.err}`).toBe(code);
    expect(ended.err.trim()).not.toBe('');
    expect(ended.err).not.toMatch(/^ +at /m);
  }
});
