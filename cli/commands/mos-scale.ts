/** `sfiqa mos-scale`: on which scale an imported MOS set was rated. */
import { type Command, Option } from 'commander';
import { StudioError } from '../../contract/errors.ts';
import type { MosSet, ScaleEnds } from '../../contract/mos.ts';
import { withLibrary } from '../library-session.ts';
import type { LibrarySession } from '../open-session.ts';
import { addLibraryOption, parseId, parseScaleOrUnknown } from '../options.ts';

interface MosScaleOptions {
  library?: string;
  scale: ScaleEnds | 'unknown';
  dimension?: string;
  lowerIsBetter?: true;
  higherIsBetter?: true;
}

export function addMosScaleCommand(program: Command): void {
  addLibraryOption(program.command('mos-scale <id>'))
    .description('say or correct on which scale an imported MOS set was rated')
    .requiredOption(
      '--scale <low:high>',
      'lowest and highest value of the scale it was rated on, or `unknown`',
      parseScaleOrUnknown,
    )
    .option('--dimension <name>', 'of this dimension (default: of all that it has)')
    .addOption(
      new Option(
        '--lower-is-better',
        'the lowest value was the best: means are turned round on their scale',
      ).conflicts('higherIsBetter'),
    )
    .option('--higher-is-better', 'the highest value was the best, whatever was said before')
    .action((id: string, options: MosScaleOptions) =>
      withLibrary(options, (session) => changeScale(session, parseId(id), options)),
    );
}

async function changeScale(
  { client }: LibrarySession,
  mosSetId: number,
  options: MosScaleOptions,
): Promise<void> {
  const known = (await client.mos.sets()).find(({ id }) => id === mosSetId);
  if (known === undefined)
    throw new StudioError('notFound', `There is no MOS set ${mosSetId}: see \`sfiqa mos-sets\`.`);
  const { scale: ends, dimension: only = null } = options;
  const scale = ends === 'unknown' ? null : ends;
  const said = options.lowerIsBetter ?? (options.higherIsBetter === true ? false : null);
  const dimensions = only === null ? known.dimensions : [only];
  const set = await client.mos.changeScales({
    mosSetId,
    scales: dimensions.map((dimension) => {
      const before = known.scales.find((one) => one.dimension === dimension);
      const isTurned = scale !== null && before?.lowerIsBetter === true;
      return { dimension, scale, lowerIsBetter: said ?? isTurned };
    }),
  });
  console.log(`“${set.name}”: ${describeScales(set)}.`);
}

/** Each dimension with the ends of its scale. */
export function describeScales({ scales }: Pick<MosSet, 'scales'>): string {
  return scales
    .map(({ dimension, scale, lowerIsBetter }) =>
      [
        dimension,
        scale === null ? 'not known' : scale.join(':'),
        ...(lowerIsBetter ? ['(turned round)'] : []),
      ].join(' '),
    )
    .join(', ');
}
