/** `sfiqa models`: packs made of your own checkpoints, fetched, verified, taken to other machines, and removed. */
import { resolve } from 'node:path';
import { Argument, type Command, Option } from 'commander';
import { StudioError } from '../../contract/errors.ts';
import type { Job } from '../../contract/jobs.ts';
import {
  type AddPack,
  FetchablePack,
  type PackInfo,
  type PackPlan,
  type PackVerification,
  Precision,
} from '../../contract/pack.ts';
import { Sampling } from '../../contract/sampling.ts';
import { exitCodes } from '../exit-codes.ts';
import { followJob } from '../follow-job.ts';
import { untilInterrupt } from '../interrupt.ts';
import { withLibrary } from '../library-session.ts';
import type { LibrarySession } from '../open-session.ts';
import { addLibraryOption, parseId, parseList } from '../options.ts';
import { formatTable } from '../print-table.ts';
import { describeBytes } from '../progress-line.ts';

interface LibraryOption {
  library?: string;
}

interface AddOptions extends LibraryOption {
  sfiqa?: string;
  pickscore?: string;
  clip?: string;
  backbone?: string;
  folder?: string;
  tokeniser?: string;
  sets?: string[];
  precision: Precision;
  sampling?: Sampling;
  id?: string;
  title?: string;
  copy?: true;
  plan?: true;
}

export function addModelCommands(program: Command): void {
  const models = program.command('models').description('models (packs) of the library');
  addLibraryOption(models.command('list'))
    .description('list models, what they are made of, and what is wrong with them')
    .option('--json', 'as JSON')
    .action((options: LibraryOption & { json?: true }) =>
      withLibrary(options, async ({ client }) => {
        const packs = await client.packs.list();
        console.log(options.json ? JSON.stringify(packs, null, 2) : formatPacks(packs));
      }),
    );
  addAddCommand(models);
  addLibraryOption(models.command('verify <pack>'))
    .description('compare a pack’s precision with float32 on a sample of the library’s images')
    .option('--images <n>', 'how many images', parseId, 32)
    .action((id: string, options: LibraryOption & { images: number }) =>
      withLibrary(options, (session) => verify(session, id, options.images)),
    );
  addLibraryOption(models.command('export <pack> <folder>'))
    .description('copy a pack with its weights into a new folder, for another machine')
    .action((id: string, folder: string, options: LibraryOption) =>
      withLibrary(options, async (session) => {
        const to = resolve(folder);
        const done = await follow(session, session.client.packs.export({ id, folder: to }));
        if (done)
          console.log(`Exported to ${to}: \`sfiqa models add --folder <folder>\` takes it in elsewhere.`);
      }),
    );
  addLibraryOption(models.command('remake <pack>'))
    .description('make a pack again from the same files, in its place; heads and scores stay')
    .action((id: string, options: LibraryOption) =>
      withLibrary(options, async (session) => {
        const { wasStopped, summary } = await followJob(session, await session.client.packs.remake({ id }));
        if (wasStopped) process.exitCode = exitCodes.stopped;
        else console.log([`“${id}” is made again.`, ...(summary.notes ?? [])].join(' '));
      }),
    );
  addLibraryOption(models.command('remove <pack>'))
    .description('take a pack out of the library; checkpoints and scores stay')
    .action((id: string, options: LibraryOption) =>
      withLibrary(options, async ({ client }) => {
        await client.packs.remove({ id });
        console.log(`“${id}” is removed. Your checkpoint files and what was scored with it are kept.`);
      }),
    );
}

function addAddCommand(models: Command): void {
  addLibraryOption(models.command('add'))
    .description(
      'make a pack of your own checkpoint files, which stay where they are, or fetch a published one',
    )
    .addArgument(new Argument('[name]', 'fetch this model from its hub').choices(FetchablePack.options))
    .option('--sfiqa <file>', 'the authors’ weights_dict.pt')
    .option(
      '--pickscore <file or folder>',
      'PickScore: model.safetensors or its folder (with --sfiqa: for keys it lacks)',
    )
    .addOption(new Option('--clip <file or folder>', 'any CLIP, or HPS v2').conflicts('pickscore'))
    .option('--backbone <file>', 'a plain timm SwinV2: features for quality heads of your own')
    .option('--folder <folder>', 'a pack that was exported on another machine')
    .option('--tokeniser <file>', 'tokenizer.json, where none lies beside the checkpoint')
    .option('--sets <names>', 'trained sets, e.g. base,rank (default: all)', parseList)
    .addOption(
      new Option('--precision <name>', 'precision of the large products')
        .choices(Precision.options)
        .default('float32'),
    )
    .addOption(
      new Option('--sampling <name>', 'how the quality branch sees images (default: sama)').choices(
        Sampling.options,
      ),
    )
    .option('--id <id>', 'id of the pack (default: by what it is)')
    .option('--title <title>', 'title of the pack')
    .option('--copy', 'copy the weights into the library (default: link them, or read them where they are)')
    .option('--plan', 'only say what would be made and written')
    .action((name: FetchablePack | undefined, options: AddOptions) =>
      withLibrary(options, (session) =>
        name === undefined ? add(session, options) : fetch(session, name, options),
      ),
    );
}

async function add(session: LibrarySession, options: AddOptions): Promise<void> {
  const { client } = session;
  const order = orderOf(options);
  const plan = await untilInterrupt(client.packs.plan(order));
  console.error(describePlan(plan));
  if (options.plan) return;
  const { id, title } = plan;
  if (await follow(session, client.packs.add({ ...order, id, title }))) {
    console.log(`Added “${id}”. Score with it: \`sfiqa score <folder> --pack ${id}\``);
  }
}

function orderOf(options: AddOptions): AddPack {
  const clip = options.pickscore ?? options.clip;
  const paths = { ...options, ...(clip === undefined ? {} : { clip }) };
  const { sfiqa, backbone, folder, tokeniser } = paths;
  const given = Object.entries({ sfiqa, clip, backbone, folder, tokeniser }).flatMap(([name, path]) =>
    path === undefined ? [] : [[name, resolve(path)] as const],
  );
  const { precision, sampling, sets, id, title, copy } = options;
  return {
    ...Object.fromEntries(given),
    precision,
    ...(sampling === undefined ? {} : { sampling }),
    ...(sets === undefined ? {} : { sets }),
    ...(id === undefined ? {} : { id }),
    ...(title === undefined ? {} : { title }),
    ...(copy === undefined ? {} : { copiesWeights: copy }),
  };
}

const filesOfOwn = 'it is fetched from its hub. Leave the name out to add files of your own.';

/** What can be said of files of one's own, and why not of a model that is fetched by its name. */
const whyNotFetched = {
  sfiqa: filesOfOwn,
  pickscore: filesOfOwn,
  clip: filesOfOwn,
  backbone: filesOfOwn,
  folder: filesOfOwn,
  tokeniser: 'its tokenizer.json is fetched with it.',
  sets: 'it has one set of weights.',
  sampling:
    'it compares a picture with its prompt and sees it whole, as CLIP does. Only a quality branch samples (--sfiqa, --backbone).',
  copy: 'what is fetched lies in the library already.',
  plan: 'it fetches 3.9 GB into the library, verified by hash and resumable, and makes a pack of it that copies nothing.',
  id: 'it is added under its own name. Fetched once, it can be added again as files of your own, with --clip and another --id.',
  title: 'it has its own.',
} satisfies Partial<Record<keyof AddOptions, string>>;

async function fetch(session: LibrarySession, name: FetchablePack, options: AddOptions): Promise<void> {
  const extra = Object.keys(whyNotFetched).find(
    (option) => options[option as keyof AddOptions] !== undefined,
  );
  if (extra !== undefined) {
    const why = whyNotFetched[extra as keyof typeof whyNotFetched];
    throw new StudioError('badInput', `--${extra} does not go with “${name}”: ${why}`);
  }
  if (await follow(session, session.client.packs.fetch({ name, precision: options.precision }))) {
    console.log(`Added “${name}”. Score with it: \`sfiqa score <folder> --pack ${name}\``);
  }
}

/** Follows a job to its end; false where it was stopped. */
async function follow(session: LibrarySession, job: Promise<Job>): Promise<boolean> {
  const { wasStopped } = await followJob(session, await job);
  if (wasStopped) process.exitCode = exitCodes.stopped;
  return !wasStopped;
}

async function verify(session: LibrarySession, id: string, images: number): Promise<void> {
  if (!(await follow(session, session.client.packs.verify({ id, images })))) return;
  const pack = (await session.client.packs.list()).find((one) => one.id === id);
  if (pack?.verification == null) throw new StudioError('internal', 'The verification was not kept.');
  console.log(describeVerification(pack.verification));
  if (!pack.verification.isGood) process.exitCode = exitCodes.precisionBad;
}

function describeVerification(verification: PackVerification): string {
  const { precision, images, srcc, bound, isGood } = verification;
  const rows = (['q', 's', 'overall'] as const).flatMap((name) => {
    const deviation = verification[name];
    if (deviation === null) return [];
    const label = name === 'overall' ? 'P' : name.toUpperCase();
    return [[label, format(deviation.max), format(deviation.mean), srcc[name]?.toFixed(4) ?? '–']];
  });
  return [
    `${precision} against float32 on ${images} images:`,
    formatTable(['', 'max |Δ|', 'mean |Δ|', 'SRCC'], rows),
    isGood
      ? `Good: every SRCC reaches ${bound}.`
      : `Not good: an SRCC is below ${bound}. Use float32, or know that images close to each other may change places.`,
  ].join('\n');
}

function format(value: number): string {
  return value.toPrecision(3);
}

function describePlan({ id, title, parts, writesBytes, freeBytes, graphFolder, notes }: PackPlan): string {
  return [
    `${title} as “${id}”`,
    ...parts.map(({ what, path, sizeBytes, sets }) => {
      const named = sets.length === 0 ? '' : `, sets ${sets.join(', ')}`;
      return `  ${path}: ${what} (${describeBytes(sizeBytes)}${named})`;
    }),
    `  writes ${describeBytes(writesBytes)} to ${graphFolder} (${describeBytes(freeBytes)} free)`,
    ...notes.map((note) => `  ${note}`),
  ].join('\n');
}

function formatPacks(packs: readonly PackInfo[]): string {
  const rows = packs.map(({ id, title, network, heads, problem, verification, isUntrained }) => [
    id,
    title,
    network?.members.join(', ') ?? '',
    network?.precision ?? '',
    heads.map(({ target }) => target).join(', '),
    verification === null ? '' : verification.isGood ? 'verified' : 'not good',
    problem !== null ? 'cannot be used' : isUntrained ? 'never trained' : 'ready',
  ]);
  const problems = packs.flatMap(({ id, problem }) => (problem === null ? [] : [`${id}: ${problem}`]));
  const header = ['id', 'title', 'sets', 'precision', 'heads', 'precision check', 'state'];
  return [formatTable(header, rows), ...problems].join('\n');
}
