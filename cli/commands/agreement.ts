/** `sfiqa agreement`: how far scores and MOS agree, as a table or JSON. */
import type { Command } from 'commander';
import type { Agreement, Coefficients, Comparison, PredictionChoice } from '../../contract/agreement.ts';
import { StudioError } from '../../contract/errors.ts';
import type { MosSet } from '../../contract/mos.ts';
import { withLibrary } from '../library-session.ts';
import type { LibrarySession } from '../open-session.ts';
import { addLibraryOption, parseId } from '../options.ts';
import { formatEstimate, formatTable } from '../print-table.ts';

interface AgreementOptions {
  library?: string;
  mos?: number;
  dimension?: string;
  head?: number;
  signal?: string;
  column?: string;
  lowerIsBetter?: true;
  json?: true;
}

interface Measured {
  comparison: Comparison;
  label: string;
  agreement: Agreement;
}

export function addAgreementCommand(program: Command): void {
  addLibraryOption(program.command('agreement'))
    .description('coefficients of scores against MOS, each with n and a 95 % interval')
    .option('--mos <id>', 'MOS set (default: the newest; see mos-sets)', parseId)
    .option('--dimension <name>', 'one dimension only (default: all of the set)')
    .option('--head <id>', 'this head (default: the active head of each dimension; see heads)', parseId)
    .option('--signal <name>', 'a signal in place of a head, e.g. niqe')
    .option('--column <name>', 'the scores of another metric (see import-scores)')
    .option('--lower-is-better', 'turns the sign of that metric')
    .option('--json', 'as JSON')
    .action((options: AgreementOptions) =>
      withLibrary(options, (session) => showAgreement(session, options)),
    );
}

async function showAgreement({ client }: LibrarySession, options: AgreementOptions): Promise<void> {
  const sets = await client.mos.sets();
  const set = options.mos === undefined ? sets[0] : sets.find(({ id }) => id === options.mos);
  if (set === undefined) throw new StudioError('notFound', 'There is no such MOS set: see `sfiqa mos-sets`.');
  const choices = await client.agreement.choices();
  const measured: Measured[] = [];
  for (const dimension of dimensionsOf(set, options)) {
    const choice = choosePrediction(choices, dimension, options);
    if (choice === undefined) {
      console.error(`${dimension}: ${describeAbsent(options)}`);
      continue;
    }
    const comparison = { prediction: choice.prediction, mosSetId: set.id, dimension };
    measured.push({ comparison, label: choice.label, agreement: await client.agreement.measure(comparison) });
  }
  if (options.json) console.log(JSON.stringify({ mosSet: set, measured }, null, 2));
  else for (const one of measured) console.log(describeAgreement(set, one));
  if (measured.length === 0) process.exitCode = 1;
}

function dimensionsOf(set: MosSet, { dimension }: AgreementOptions): string[] {
  if (dimension === undefined) return set.dimensions;
  if (set.dimensions.includes(dimension)) return [dimension];
  const known = set.dimensions.join(', ');
  throw new StudioError('badInput', `“${set.name}” has no dimension “${dimension}” (it has: ${known}).`);
}

function choosePrediction(
  choices: readonly PredictionChoice[],
  dimension: string,
  { head, signal, column, lowerIsBetter }: AgreementOptions,
): PredictionChoice | undefined {
  if (column !== undefined) {
    const found = choices.find(
      ({ prediction }) => prediction.kind === 'column' && prediction.name === column,
    );
    const prediction = { kind: 'column' as const, name: column, lowerIsBetter: lowerIsBetter === true };
    return found === undefined ? undefined : { ...found, prediction };
  }
  return choices.find(({ prediction, target, isActive }) => {
    if (signal !== undefined) return prediction.kind === 'signal' && prediction.signal === signal;
    if (prediction.kind !== 'head') return false;
    return head === undefined ? isActive && target === dimension : prediction.headId === head;
  });
}

/** Why there is nothing to compare with: a name that nothing has, or no scores at all. */
function describeAbsent({ head, signal, column }: AgreementOptions): string {
  if (head !== undefined)
    return `no image has a score of head ${head}; \`sfiqa heads\` lists those there are.`;
  if (signal !== undefined) return `no image has a signal “${signal}”.`;
  if (column !== undefined) return `no scores were imported as “${column}”.`;
  return 'no scores to compare with. Score the images, or name a --head, --signal or --column.';
}

function describeAgreement(set: MosSet, { comparison, label, agreement }: Measured): string {
  const { overall, byGenerator, humanCeiling, missingPrediction, higherIsBetter, mixed } = agreement;
  const rows = [
    describeRow('all', overall),
    ...byGenerator.map(({ generator, coefficients }) => describeRow(generator ?? '(unknown)', coefficients)),
  ];
  const notes = [
    `Human ceiling: ${formatEstimate(humanCeiling)}`,
    `After the logistic mapping: PLCC ${formatEstimate(overall.plccMapped)}, RMSE ${formatEstimate(overall.rmseMapped)}`,
    ...(missingPrediction === 0
      ? []
      : [`${missingPrediction} images of the set have no score and are left out.`]),
    ...(higherIsBetter ? [] : ['Less is better for this signal: its sign was turned.']),
    ...(mixed === null ? [] : [mixed]),
  ];
  return [
    `\n${label} against ${comparison.dimension} of “${set.name}” (95 % intervals)`,
    formatTable(['generator', 'n', 'SRCC', 'PLCC', 'KRCC', 'RMSE', 'main score'], rows),
    ...notes,
  ].join('\n');
}

function describeRow(name: string, coefficients: Coefficients): string[] {
  const { n, srcc, plcc, krcc, rmse, mainScore } = coefficients;
  return [name, String(n), ...[srcc, plcc, krcc, rmse, mainScore].map(formatEstimate)];
}
