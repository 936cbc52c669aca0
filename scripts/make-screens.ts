/** Makes the pictures in `docs/screens`: runs the browser tests that take them on their way, over the built page. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));

/** Screens in two sizes and two schemes take their time. */
const testTimeoutMs = 180_000;

const tests = join(root, 'test/renderer');
const takers = readdirSync(tests)
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => join(tests, name))
  .filter((path) => readFileSync(path, 'utf8').includes('takeScreens('));

const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', ...takers, '--testTimeout', String(testTimeoutMs)],
  { cwd: root, stdio: 'inherit', env: { ...process.env, SFIQA_SCREENS: '1' } },
);
process.exitCode = status ?? 1;
