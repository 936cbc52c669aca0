/** Makes the pictures in `docs/screens`: runs the browser tests, which take them on their way, over the built page. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));

/** Screens in two sizes and two schemes take their time. */
const testTimeoutMs = 180_000;

const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', 'test/renderer', '--testTimeout', String(testTimeoutMs)],
  { cwd: root, stdio: 'inherit', env: { ...process.env, SFIQA_SCREENS: '1' } },
);
process.exitCode = status ?? 1;
