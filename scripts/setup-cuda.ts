/**
 * `npm run setup:cuda`: fetches onnxruntime's CUDA libraries with the package's own installer, which npm does not run here because they come
 * from outside the registry (nuget.org, some hundred MB). Says what is in the way where it cannot work, then tries the provider.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { reportProviders } from '../native-models/report-providers.ts';

/** What the installed version of onnxruntime-node can fetch: its `script/install-metadata.js`. */
const cudaPlatform = 'linux x64';
const cudaFlag = 'cuda12';

process.exitCode = await setUp();

async function setUp(): Promise<number> {
  const here = `${process.platform} ${process.arch}`;
  if (here !== cudaPlatform) {
    console.error(
      `onnxruntime offers its CUDA libraries to npm for ${cudaPlatform} only; this is ${here}. See \`npx sfiqa doctor\` for what is usable.`,
    );
    return 1;
  }
  if (!existsSync('/proc/driver/nvidia/version')) {
    console.log('No NVIDIA driver is loaded here: the libraries are fetched, but need one to run.');
  }
  const problem = await runInstaller();
  if (problem !== null) {
    console.error(`The CUDA libraries could not be fetched: ${problem}`);
    console.error(
      'They come from https://api.nuget.org (Microsoft.ML.OnnxRuntime.Gpu.Linux). Behind a proxy set GLOBAL_AGENT_HTTPS_PROXY. Without them everything runs on the CPU.',
    );
    return 1;
  }
  const { providers } = await reportProviders(1);
  const cuda = providers.find(({ name }) => name === 'cuda');
  if (cuda?.isUsable === true) {
    console.log('CUDA is usable.');
    return 0;
  }
  console.error(
    `The libraries are there, but CUDA is not usable: ${cuda?.reason ?? 'for an unknown reason'}`,
  );
  return 1;
}

/** Runs the package's installer; gives its last words where it fails, or null. */
function runInstaller(): Promise<string | null> {
  const packageFile = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
  const script = join(dirname(packageFile), 'script', 'install.js');
  const child = spawn(process.execPath, [script], {
    stdio: ['ignore', 'inherit', 'pipe'],
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: cudaFlag },
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) => resolve(code === 0 ? null : lastError(said)));
  });
}

/** The line of a stack trace that says what went wrong. */
function lastError(text: string): string {
  const line = text.split('\n').findLast((one) => /error/i.test(one) && !/^\s+at /.test(one));
  return (line ?? text).trim().slice(0, 300);
}
