/** `sfiqa heads`, `train-head` and `activate-head`: the small functions that turn stored features into scores. */
import { writeFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { StudioError } from '../../contract/errors.ts';
import {
  type CompleteTrainHead,
  type Head,
  HeadChoice,
  type HeadInterval,
  HeadLoss,
  type LabelSource,
} from '../../contract/heads.ts';
import type { ScaleEnds } from '../../contract/mos.ts';
import { exitCodes } from '../exit-codes.ts';
import { followJob } from '../follow-job.ts';
import { withLibrary } from '../library-session.ts';
import type { LibrarySession } from '../open-session.ts';
import { addLibraryOption, parseId, parseScale, parseSeed } from '../options.ts';
import { formatEstimate, formatTable } from '../print-table.ts';

interface TrainOptions {
  library?: string;
  mos?: number;
  scale?: ScaleEnds;
  also: Omit<LabelSource, 'dimension'>[];
  dimension: string;
  target?: string;
  inputs: CompleteTrainHead['inputs'];
  kind: CompleteTrainHead['kind'];
  loss: CompleteTrainHead['loss'];
  form: CompleteTrainHead['form'];
  withQualityLayer?: true;
  groupBy: string;
  pack: string;
  name?: string;
  seed: number;
  activate?: true;
}

export function addHeadCommands(program: Command): void {
  addLibraryOption(program.command('heads'))
    .description('list heads with lineage and held-out figures')
    .option('--json', 'as JSON')
    .action((options: { library?: string; json?: true }) =>
      withLibrary(options, async ({ client }) => {
        const heads = await client.heads.list();
        const intervals = await Promise.all(heads.map(({ id }) => client.heads.interval({ id })));
        const all = heads.map((head, at) => ({ ...head, interval: intervals[at]! }));
        console.log(options.json ? JSON.stringify(all, null, 2) : formatHeads(all));
      }),
    );
  addTrainCommand(program);
  addFileCommands(program);
  addLibraryOption(program.command('activate-head'))
    .description('make a head the active one of its target and score everything again from stored features')
    .argument('<id>', 'the head (see heads)', parseId)
    .action((id: number, options: { library?: string }) =>
      withLibrary(options, (session) => activate(session, id)),
    );
}

function addFileCommands(program: Command): void {
  addLibraryOption(program.command('export-head'))
    .description('write a head to a file: .json, or .onnx for other programs; import-head takes both')
    .argument('<id>', 'the head (see heads)', parseId)
    .argument('<file>', 'where to')
    .action((id: number, file: string, options: { library?: string }) =>
      withLibrary(options, async ({ client }) => {
        const path = resolve(file);
        if (extname(path) === '.onnx') await client.heads.export({ id, format: 'onnx', path });
        else writeFileSync(path, (await client.heads.export({ id, format: 'json' })).text!);
        console.log(`Head ${id} is in ${path}.`);
      }),
    );
  addLibraryOption(program.command('import-head'))
    .description('take in a head that was exported as JSON or ONNX; it is not in use until it is activated')
    .argument('<file>', 'the .json or .onnx file')
    .option('--pack <id>', 'the model it goes to (default: the one it was made for)')
    .action((file: string, options: { library?: string; pack?: string }) =>
      withLibrary(options, async ({ client }) => {
        const head = await client.heads.import({
          source: { path: resolve(file) },
          ...(options.pack === undefined ? {} : { packId: options.pack }),
        });
        console.log(head.equalTo ?? `Head ${head.id} “${head.name}” (${head.target}). ${head.note}`);
      }),
    );
}

function addTrainCommand(program: Command): void {
  addLibraryOption(program.command('train-head'))
    .description('fit a head on a MOS set from stored features, judged on held-out prompts')
    .option('--mos <id>', 'MOS set (default: the newest; see mos-sets)', parseId)
    .option(
      '--scale <low:high>',
      'its lowest and highest value, where the studio does not know them',
      parseScale,
    )
    .option(
      '--also <id[:low:high]>',
      'a further MOS set of the dimension, moved to the scale of the first (may be given several times)',
      collectSources,
      [],
    )
    .option('--dimension <name>', 'dimension of the MOS set', 'quality')
    .option('--target <name>', 'what the head predicts (default: the dimension)')
    .addOption(
      new Option('--inputs <inputs>', 'what the head reads')
        .choices(['features', 'signals'])
        .default('features'),
    )
    .addOption(
      new Option('--kind <method>', 'how it is fitted (auto: nested cross-validation chooses)')
        .choices(HeadChoice.options)
        .default('auto'),
    )
    .addOption(
      new Option('--loss <loss>', 'what a network on signals is trained for')
        .choices(HeadLoss.options)
        .default('mse'),
    )
    .addOption(
      new Option('--form <form>', 'widths of a network on signals: as released, or as in the paper')
        .choices(['released', 'paper'])
        .default('released'),
    )
    .option(
      '--with-quality-layer',
      'the last quality layer (features to Q) trains along with a network on signals; with auto, where it is better',
    )
    .option('--group-by <field>', 'images of one value are held out together', 'prompt')
    .option('--pack <id>', 'the model', 'classic')
    .option('--name <name>', 'name of the head')
    .option('--seed <number>', 'seed of splits and training', parseSeed, 1)
    .option('--activate', 'make it the active head at once')
    .action((options: TrainOptions) => withLibrary(options, (session) => train(session, options)));
}

/** `3` or `3:0:100`. */
function collectSources(text: string, before: TrainOptions['also']): TrainOptions['also'] {
  const at = text.indexOf(':');
  const mosSetId = parseId(at < 0 ? text : text.slice(0, at));
  return [...before, { mosSetId, ...(at < 0 ? {} : { scale: parseScale(text.slice(at + 1)) }) }];
}

async function train(session: LibrarySession, options: TrainOptions): Promise<void> {
  const { client } = session;
  const mosSetId = options.mos ?? (await client.mos.sets())[0]?.id;
  if (mosSetId === undefined) {
    throw new StudioError('notFound', 'This library has no MOS set yet: rate a study, or import a table.');
  }
  const job = await client.heads.train({
    packId: options.pack,
    mosSetId,
    dimension: options.dimension,
    also: options.also.map((source) => ({ ...source, dimension: options.dimension })),
    inputs: options.inputs,
    kind: options.kind,
    loss: options.loss,
    form: options.form,
    withQualityLayer: options.withQualityLayer === true,
    groupBy: options.groupBy,
    seed: options.seed,
    ...(options.scale === undefined ? {} : { scale: options.scale }),
    ...(options.target === undefined ? {} : { target: options.target }),
    ...(options.name === undefined ? {} : { name: options.name }),
  });
  const { summary } = await followJob(session, job);
  const head = (await client.heads.list()).find(({ id }) => id === summary.headId)!;
  // Beside the head's own account: that it equals one that was there.
  const [said, ...more] = summary.notes ?? [];
  if (more.length > 0) console.log(said);
  console.log(describeTrained(head));
  if (options.activate) await activate(session, head.id);
  else console.log(`It is not in use yet: \`sfiqa activate-head ${head.id}\` makes it the active one.`);
}

/** What was made, and how it stands beside the head it would replace on the same held-out images. */
function describeTrained(head: Head): string {
  const { heldOut, trainedOn } = head;
  const lines = [`Head ${head.id} “${head.name}” (${head.kind}). ${head.note}`];
  if (trainedOn !== null) lines.push(`Trained on ${trainedOn.images} images of ${trainedOn.groups} prompts.`);
  if (heldOut === null) return lines.join('\n');
  const rows = [
    ['SRCC', formatEstimate(heldOut.srcc), formatEstimate(heldOut.parentSrcc)],
    ['PLCC', formatEstimate(heldOut.plcc), formatEstimate(heldOut.parentPlcc)],
    ['RMSE', formatEstimate(heldOut.rmse), formatEstimate(heldOut.parentRmse)],
  ];
  lines.push(
    `Held out: ${heldOut.rows} images of ${heldOut.groups} prompts, 95 % intervals.`,
    formatTable(['', 'this head', 'its parent'], rows),
    `SRCC difference: ${formatEstimate(heldOut.srccDifference)}`,
  );
  if (head.training !== null && head.training.curve.length > 0) {
    const points = head.training.curve.map(({ labels, srcc }) => `${labels}: ${srcc.toFixed(3)}`);
    lines.push(`Held-out SRCC by number of labels: ${points.join(', ')}`);
  }
  return lines.join('\n');
}

async function activate(session: LibrarySession, id: number): Promise<void> {
  const { wasStopped, summary } = await followJob(session, await session.client.heads.activate({ id }));
  if (wasStopped) process.exitCode = exitCodes.stopped;
  else console.log(`Head ${id} is the active one; ${summary.rows ?? 0} images were scored again.`);
}

function formatHeads(heads: readonly (Head & { interval: HeadInterval })[]): string {
  const rows = heads.map((head) => [
    String(head.id),
    head.isActive ? 'active' : '',
    head.name,
    head.packId,
    head.target,
    head.kind,
    head.inputs,
    head.parentId === null ? '' : String(head.parentId),
    head.heldOut === null ? '' : formatEstimate(head.heldOut.srcc),
    head.interval.halfWidth === null ? 'none' : `± ${head.interval.halfWidth.toFixed(2)}`,
  ]);
  const table = formatTable(
    ['id', '', 'name', 'pack', 'target', 'kind', 'inputs', 'parent', 'held-out SRCC', '90 % interval'],
    rows,
  );
  const reasons = [
    ...new Set(heads.flatMap(({ interval }) => (interval.halfWidth === null ? [interval.sentence] : []))),
  ];
  return [table, ...reasons].join('\n');
}
