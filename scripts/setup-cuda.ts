/**
 * `npm run setup:cuda`: fetches onnxruntime's CUDA libraries, which the npm package leaves out because of their size (nuget.org, some
 * hundred MB). Says what is in the way where it cannot work, then tries the provider.
 */
import { existsSync } from 'node:fs';
import envPaths from 'env-paths';
import { reportProviders } from '../native-models/report-providers.ts';
import {
  findCudaPackage,
  installRuntimePackage,
  isInstalled,
  type RuntimePackage,
} from './cuda/runtime-libraries.ts';

process.exitCode = await setUp();

async function setUp(): Promise<number> {
  const wanted = findCudaPackage(`${process.platform}/${process.arch}`);
  if (wanted === null) {
    console.error(
      `onnxruntime offers its CUDA libraries to npm for Linux x64 only; this is ${process.platform} ${process.arch}. See \`npx sfiqa doctor\` for what is usable.`,
    );
    return 1;
  }
  if (!existsSync('/proc/driver/nvidia/version')) {
    console.log('No NVIDIA driver is loaded here: the libraries are fetched, but need one to run.');
  }
  if (isInstalled(wanted)) console.log('The libraries are there already.');
  else if (!(await install(wanted))) return 1;
  const { providers } = await reportProviders(1);
  const cuda = providers.find(({ name }) => name === 'cuda');
  if (cuda?.isUsable === true) {
    console.log('CUDA is usable.');
    return 0;
  }
  console.error(
    `The libraries are there, but CUDA is not usable: ${cuda?.reason ?? 'for an unknown reason'}\nThey need an NVIDIA driver, CUDA 12 and cuDNN 9 of the system.`,
  );
  return 1;
}

async function install(wanted: RuntimePackage): Promise<boolean> {
  const cacheFolder = envPaths('sf-iqa-studio', { suffix: '' }).cache;
  console.log(`Fetching ${wanted.name} ${wanted.version} from ${wanted.feed}:`);
  for (const { from, to } of wanted.members) console.log(`  ${from} → ${to}`);
  let saidPercent = -10;
  try {
    await installRuntimePackage(wanted, cacheFolder, {
      onProgress: (doneBytes, totalBytes) => {
        const percent = Math.floor((doneBytes / totalBytes) * 100);
        if (percent < saidPercent + 10) return;
        saidPercent = percent;
        console.log(`${percent} % of ${(totalBytes / 1e6).toFixed(0)} MB`);
      },
    });
    return true;
  } catch (thrown) {
    console.error(
      `The CUDA libraries could not be fetched: ${thrown instanceof Error ? thrown.message : String(thrown)}\n` +
        `They come from ${wanted.feed} (${wanted.name} ${wanted.version}); what has arrived is kept in ${cacheFolder}, and the next try goes on from there. ` +
        'Behind a proxy set NODE_USE_ENV_PROXY=1 and HTTPS_PROXY. Without them everything runs on the CPU.',
    );
    return false;
  }
}
