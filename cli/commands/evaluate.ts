/** `sfiqa evaluate`: a public data set by its published protocol, the paper's rows beside it. */
import { readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { StudioError } from '../../contract/errors.ts';
import {
  type EvaluateOrder,
  type Evaluation,
  type EvaluationCell,
  type EvaluationCheck,
  Protocol,
} from '../../contract/evaluate.ts';
import { protocols } from '../../core/evaluate/protocols.ts';
import { makeFolder } from '../../core/make-folder.ts';
import { finishJob } from '../follow-job.ts';
import { withInterrupt } from '../interrupt.ts';
import { withLibrary } from '../library-session.ts';
import type { LibrarySession } from '../open-session.ts';
import { addLibraryOption, parseId, parseSeed } from '../options.ts';
import { formatTable } from '../print-table.ts';

interface EvaluateOptions {
  library?: string;
  protocol: Protocol;
  data: string;
  pack: string;
  inputs: EvaluateOrder['inputs'];
  kind: EvaluateOrder['kind'];
  repeats: number;
  seed: number;
  groupBy?: string;
  score: boolean;
  out?: string;
  json?: true;
}

export function addEvaluateCommand(program: Command): void {
  addLibraryOption(program.command('evaluate'))
    .description('evaluate scores and heads on a public data set by its published protocol')
    .addOption(
      new Option('--protocol <name>', 'the data set’s protocol')
        .choices(Protocol.options)
        .makeOptionMandatory(),
    )
    .requiredOption('--data <path>', 'folder of the data set, or its table of MOS (CSV, XLSX, JSON)')
    .option('--pack <id>', 'the model whose features or signals heads are trained on', 'classic')
    .addOption(
      new Option('--inputs <inputs>', 'what heads read').choices(['features', 'signals']).default('features'),
    )
    .addOption(
      new Option('--kind <method>', 'how heads are fitted')
        .choices(['auto', 'ridge', 'quadratic', 'network'])
        .default('auto'),
    )
    .option('--repeats <number>', 'splits drawn', parseId, 10)
    .option('--seed <number>', 'seed of the splits', parseSeed, 1)
    .option(
      '--group-by <field>',
      'field of which images of one value stay on one side (default: the protocol’s)',
    )
    .option('--no-score', 'do not score the images of the folder first')
    .option('--out <file>', 'write the table to a file: .md, .csv or .json')
    .option('--json', 'print everything as JSON')
    .action((options: EvaluateOptions) => withLibrary(options, (session) => run(session, options)));
}

async function run(session: LibrarySession, options: EvaluateOptions): Promise<void> {
  const { client } = session;
  const data = resolve(options.data);
  const table = findTable(data, options.protocol);
  if (options.out !== undefined) assertWritable(options.out);
  const isFolder = statSync(data).isDirectory();
  const checked = await client.agreement.checkEvaluation({
    protocol: options.protocol,
    source: { path: table },
    ...(isFolder ? { folder: data } : {}),
  });
  if (checked.unmatched.length > 0) console.error(describeUnmatched(checked));
  if (options.score && isFolder) {
    await finishJob(session, await client.library.score({ folder: data, packId: options.pack }));
  }
  const set = await client.agreement.prepareEvaluation({
    protocol: options.protocol,
    source: { path: table },
  });
  const order = {
    ...{ protocol: options.protocol, mosSetId: set.id, packId: options.pack },
    ...{ inputs: options.inputs, kind: options.kind, repeats: options.repeats, seed: options.seed },
    ...(options.groupBy === undefined ? {} : { groupBy: options.groupBy }),
  };
  const evaluation = await withInterrupt((signal) => client.agreement.evaluate(order, { signal }));
  if (options.out !== undefined)
    writeWhole(resolve(options.out), describeAs(evaluation, extname(options.out)));
  console.log(options.json ? JSON.stringify(evaluation, null, 2) : describe(evaluation));
}

/** Said before anything is scored: a wrong folder is noticed at once. */
function describeUnmatched({ fileName, rows, unmatched }: EvaluationCheck): string {
  const some = unmatched.slice(0, 10).map(({ line, name }) => `“${name}” (line ${line})`);
  return `${unmatched.length} of the ${rows} names of ${fileName} have no image file in the folder, so these rows have MOS alone: ${some.join(', ')}${unmatched.length > some.length ? ' …' : ''}.`;
}

/** @throws StudioError `badInput` for an ending that no table is written in */
function assertWritable(path: string): void {
  if (/\.(md|csv|json)$/i.test(path)) return;
  throw new StudioError('badInput', `A table is written as .md, .csv or .json, not as “${extname(path)}”.`);
}

/** The table itself, or the one in a folder that the protocol expects. */
function findTable(data: string, protocol: Protocol): string {
  const info = statSync(data, { throwIfNoEntry: false });
  if (info === undefined) throw new StudioError('notFound', `There is no ${data}.`, { path: data });
  if (!info.isDirectory()) return data;
  const names = readdirSync(data).sort();
  const { tables, title } = protocols[protocol];
  const found = tables
    .map((pattern) => names.find((name) => pattern.test(name)))
    .find((name) => name !== undefined);
  if (found !== undefined) return join(data, found);
  // As its authors give it out: the index, prompts and numbers lie in files of their own.
  if (protocol === 'aigciqa2023') return data;
  throw new StudioError(
    'notFound',
    `${data} holds no table of ${title} (docs/datasets/${protocol}.md says what it is called). Name the table itself with --data.`,
    { path: data },
  );
}

function writeWhole(path: string, text: string): void {
  makeFolder(dirname(path));
  writeFileSync(`${path}.part`, text);
  renameSync(`${path}.part`, path);
}

function describeAs(evaluation: Evaluation, extension: string): string {
  switch (extension.toLowerCase()) {
    case '.json':
      return `${JSON.stringify(evaluation, null, 2)}\n`;
    case '.csv':
      return csvOf(evaluation);
    default:
      return markdownOf(evaluation);
  }
}

function spreadText(cell: EvaluationCell, name: 'srcc' | 'plcc'): string {
  const spread = cell[name];
  if (spread === null) return '–';
  const { median, low, high, repeats } = spread;
  return repeats === 1 ? median.toFixed(4) : `${median.toFixed(4)} [${low.toFixed(3)}–${high.toFixed(3)}]`;
}

interface TableText {
  title: string;
  header: string[];
  rows: string[][];
}

function tablesOf({ dimensions, columns, between }: Evaluation): TableText[] {
  const figures = columns.flatMap((column) => [`${column} SRCC`, `${column} PLCC`]);
  const byDimension = dimensions.map(
    ({ dimension, images, groups, rows, mos }): TableText => ({
      title: `${dimension}: ${images} images, ${groups} groups; MOS ${mos
        .map(
          ({ n, mean, sd }, at) =>
            `${columns[at]} ${mean?.toFixed(3) ?? '–'} ± ${sd?.toFixed(3) ?? '–'} (n ${n})`,
        )
        .join(', ')}`,
      header: ['score', ...figures, 'note'],
      rows: rows.map(({ label, kind, note, cells }) => [
        kind === 'published' ? `${label} (published)` : label,
        ...cells.flatMap((cell) => [spreadText(cell, 'srcc'), spreadText(cell, 'plcc')]),
        note,
      ]),
    }),
  );
  const pairs: TableText = {
    title: 'Between dimensions (MOS against MOS, all images)',
    header: ['', ...figures],
    rows: between.map(({ a, b, cells }) => [
      `${a} – ${b}`,
      ...cells.flatMap(({ srcc, plcc }) => [srcc?.toFixed(4) ?? '–', plcc?.toFixed(4) ?? '–']),
    ]),
  };
  return between.length === 0 ? byDimension : [...byDimension, pairs];
}

function describe(evaluation: Evaluation): string {
  const tables = tablesOf(evaluation).map(
    ({ title, header, rows }) => `\n${title}\n${formatTable(header, rows)}`,
  );
  return [evaluation.title, ...evaluation.method, ...tables, ...evaluation.problems].join('\n');
}

function markdownOf(evaluation: Evaluation): string {
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
  const row = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  const tables = tablesOf(evaluation).map(
    ({ title, header, rows }) =>
      `## ${title}\n\n${row(header)}\n${row(header.map(() => '---'))}\n${rows.map(row).join('\n')}\n`,
  );
  const notes = [...evaluation.method, ...evaluation.problems].map((text) => `- ${text}`);
  return `# ${evaluation.title}\n\n${notes.join('\n')}\n\n${tables.join('\n')}`;
}

function csvOf({ dimensions, columns }: Evaluation): string {
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const lines = dimensions.flatMap(({ dimension, rows }) =>
    rows.flatMap(({ label, kind, note, cells }) =>
      cells.flatMap((cell, at) =>
        (['srcc', 'plcc', 'plccMapped'] as const).flatMap((name) => {
          const spread = cell[name];
          if (spread === null) return [];
          const { median, low, high, repeats } = spread;
          return [
            [
              quote(dimension),
              quote(label),
              kind,
              quote(columns[at]!),
              name,
              median,
              low,
              high,
              repeats,
              quote(note),
            ].join(','),
          ];
        }),
      ),
    ),
  );
  return `dimension,score,kind,images,figure,median,low,high,repeats,note\n${lines.join('\n')}\n`;
}
