import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type {
  FromModels,
  LookRequest,
  ModelsProgress,
  ModelsRequest,
  ToModels,
} from '../../native-models/messages.ts';
import { openPack } from '../../native-models/packs/open-pack.ts';
import { makeUntrained } from '../../scripts/support/make-untrained.ts';
import { drawScene } from '../support/make-images.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

const folder = makeTempFolder();
const limits = { maxPixels: 1e8, maxBytes: 1e9 };
const auto = { members: null, precision: null, providers: null };
let packFolder: string;
let weights: string;
let child: ChildProcess | null = null;

beforeAll(async () => {
  ({ packFolder, weights } = await makeUntrained('tiny', folder, {
    sets: ['base', 'rank'],
    precision: 'int8',
  }));
  for (const at of [0, 1]) {
    const size = { width: 300 + at, height: 270 };
    await sharp(drawScene(at, size), { raw: { ...size, channels: 3 } }).toFile(join(folder, `${at}.png`));
  }
});
afterEach(() => {
  child?.kill('SIGKILL');
  child = null;
});

function start(): ChildProcess {
  child = fork(fileURLToPath(new URL('../../native-models/process.ts', import.meta.url)), {
    serialization: 'advanced',
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  return child;
}

let lastId = 0;
type Answer = Exclude<FromModels, { progress: ModelsProgress }>;

function ask(to: ChildProcess, request: ModelsRequest, onProgress?: (id: number) => void): Promise<Answer> {
  const id = ++lastId;
  return new Promise((resolve) => {
    to.on('message', (message: FromModels) => {
      if (message.id !== id) return;
      if ('progress' in message) onProgress?.(id);
      else resolve(message);
    });
    to.send({ id, request } satisfies ToModels);
  });
}

function lookAt(path: string, more: Partial<LookRequest> = {}): LookRequest {
  const hash = createHash('sha256').update(readFileSync(path)).digest('hex');
  return { kind: 'look', path, hash, limits, packFolder, run: auto, ...more };
}

describe('the models process', () => {
  test('tells a file’s fault from a pack’s', async () => {
    const models = start();
    const text = join(folder, 'text.png');
    writeFileSync(text, 'no picture');
    const [looked, notAPicture, changed, noPack, noSet] = await Promise.all([
      ask(models, lookAt(join(folder, '0.png'))),
      ask(models, lookAt(text)),
      ask(models, lookAt(join(folder, '0.png'), { hash: 'another' })),
      ask(models, lookAt(join(folder, '0.png'), { packFolder: join(folder, 'nowhere') })),
      ask(models, lookAt(join(folder, '1.png'), { run: { ...auto, members: ['plcc'] } })),
    ]);
    expect(looked).toMatchObject({ answer: { provenance: { precision: 'int8', provider: 'cpu' } } });
    expect(notAPicture).toMatchObject({ failure: { code: 'unsupported' } });
    expect(changed).toMatchObject({ failure: { code: 'unreadable' } });
    expect(noPack).toMatchObject({ problem: { code: 'notFound', details: { path: expect.any(String) } } });
    expect(noSet).toMatchObject({ problem: { code: 'badInput', message: expect.stringContaining('plcc') } });
    const check = (where: string) => ask(models, { kind: 'checkPack', packFolder: where });
    expect(await check(packFolder)).toMatchObject({ answer: { problem: null } });
    expect(await check(folder)).toMatchObject({ answer: { problem: { code: 'notFound' } } });
  });

  test('a build that is withdrawn leaves nothing; a killed one leaves what the next removes', async () => {
    const to = join(folder, 'killed');
    const request: ModelsRequest = {
      ...{ kind: 'buildPack', id: 'killed', title: 'Killed', to },
      order: { sfiqa: weights, precision: 'int8' },
    };
    const models = start();
    const withdrawn = await ask(models, request, (id) =>
      models.send({ id, cancel: true } satisfies ToModels),
    );
    expect(withdrawn).toMatchObject({ problem: { code: 'cancelled' } });
    expect(readdirSync(folder).filter((name) => name.startsWith('killed'))).toEqual([]);

    const ended = once(models, 'exit');
    void ask(models, request, () => models.kill('SIGKILL'));
    await ended;
    expect(existsSync(to)).toBe(false);
    expect(existsSync(`${to}.partial`)).toBe(true);
    const links = statSync(weights).nlink;

    const again = start();
    expect(await ask(again, request)).toMatchObject({
      answer: { manifest: { id: 'killed' }, fusion: [{}, {}] },
    });
    expect(existsSync(`${to}.partial`)).toBe(false);
    expect(statSync(weights).nlink).toBe(links);
    await openPack(to);
  });
});

test.skipIf(process.platform === 'win32')(
  'Ctrl-C, which a terminal sends to every process, does not end it: the engine does',
  async () => {
    const to = start();
    await ask(to, { kind: 'checkPack', packFolder });
    to.kill('SIGINT');
    expect(await ask(to, { kind: 'checkPack', packFolder })).toMatchObject({ answer: { problem: null } });
    const ended = once(to, 'exit');
    to.disconnect();
    expect(await ended).toEqual([0, null]);
  },
);
