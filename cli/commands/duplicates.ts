/** `sfiqa duplicates`: groups of near-duplicates, the best of each first, and the rest rejected where that is asked for. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  type DuplicateGroup,
  DuplicateMeasure,
  type DuplicateMember,
  type Duplicates,
  describeBest,
  likenessBounds,
} from '../../contract/duplicates.ts';
import { exitCodes } from '../exit-codes.ts';
import { followJob } from '../follow-job.ts';
import { withLibrary } from '../library-session.ts';
import type { LibrarySession } from '../open-session.ts';
import { addLibraryOption } from '../options.ts';
import { formatTable } from '../print-table.ts';

interface DuplicatesOptions {
  library?: string;
  by?: string;
  threshold?: number;
  json?: true;
  rejectRest?: true;
}

/** The words of the command line: what there are many of. */
const measures = new Map(DuplicateMeasure.options.map((measure) => [`${measure}s`, measure]));
/** So many groups are asked for at once. */
const mostAtOnce = 500;

export function addDuplicatesCommand(program: Command): void {
  const { least, most } = likenessBounds;
  addLibraryOption(program.command('duplicates'))
    .description('near-duplicates of the library in groups, the best of each first; nothing is changed')
    .addOption(
      new Option(
        '--by <what>',
        'compare these (default: embeddings where there are, else fingerprints)',
      ).choices([...measures.keys()]),
    )
    .option('--threshold <likeness>', `least likeness of two, from ${least} to ${most}`, parseLikeness)
    .option('--json', 'as JSON, settled groups as well')
    .option('--reject-rest', 'flag all but the best and what was picked as rejected; no file is touched')
    .action((options: DuplicatesOptions) =>
      withLibrary(options, (session) => listDuplicates(session, options)),
    );
}

function parseLikeness(text: string): number {
  const { least, most } = likenessBounds;
  const likeness = Number(text);
  if (!(likeness >= least && likeness <= most))
    throw new InvalidArgumentError(`A likeness is a number from ${least} to ${most}.`);
  return likeness;
}

async function listDuplicates(session: LibrarySession, options: DuplicatesOptions): Promise<void> {
  const { client } = session;
  const order = { by: measures.get(options.by ?? ''), threshold: options.threshold };
  const { wasStopped, summary } = await followJob(session, await client.duplicates.find(order));
  if (wasStopped) {
    console.error('Stopped. What was found before still holds.');
    process.exitCode = exitCodes.stopped;
    return;
  }
  const found = await client.duplicates.list();
  const rest = found.groups.flatMap((group) => group.rest);
  if (options.rejectRest && rest.length > 0) await client.curate.change({ imageIds: rest, flag: 'reject' });
  const rejected = options.rejectRest ? rest.length : 0;
  if (options.json) await printJson(session, found, rejected);
  else await printGroups(session, found);
  console.error(describeEnd(found, summary.failed ?? 0));
  if (options.rejectRest) console.error(describeRejected(rejected));
}

/** Groups with their images as they are known now, block by block. */
async function* readMembers(
  { client }: LibrarySession,
  groups: readonly DuplicateGroup[],
): AsyncGenerator<[DuplicateGroup, DuplicateMember[]]> {
  for (let at = 0; at < groups.length; at += mostAtOnce) {
    const block = groups.slice(at, at + mostAtOnce);
    const members = await client.duplicates.members({ groups: block.map(({ imageIds }) => imageIds) });
    for (const [k, group] of block.entries()) yield [group, members[k]!];
  }
}

async function printGroups(session: LibrarySession, { groups, target }: Duplicates): Promise<void> {
  const open = groups.filter(({ rest }) => rest.length > 0);
  for await (const [group, members] of readMembers(session, open)) {
    const rows = members.map((member, at) => [
      at === 0 ? describeBest(group.reason, target) : describeLikeness(member.likeness),
      member.score?.toFixed(3) ?? '–',
      member.width === null ? '–' : `${member.width} × ${member.height}`,
      member.flag ?? '',
      member.paths[0] ?? member.name,
    ]);
    console.log(`\nGroup ${group.id}: ${members.length} images`);
    console.log(formatTable(['like the best', target, 'size', 'flag', 'file'], rows));
  }
}

function describeLikeness(likeness: number | null): string {
  return likeness === null ? '–' : `${(100 * likeness).toFixed(1)} %`;
}

async function printJson(session: LibrarySession, found: Duplicates, rejected: number): Promise<void> {
  const { search, target } = found;
  const groups = [];
  for await (const [group, images] of readMembers(session, found.groups)) {
    groups.push({ id: group.id, reason: group.reason, images });
  }
  console.log(JSON.stringify({ search, target, groups, rejected }, null, 2));
}

/** E.g. `2 groups among 8 images compared by fingerprints, at least 95 % alike.` and what else there is to know. */
function describeEnd({ search, groups }: Duplicates, failed: number): string {
  const { by, images, threshold } = search!;
  const settled = groups.filter(({ rest }) => rest.length === 0).length;
  const lines = [
    `${countOf(groups.length, 'group')} among ${countOf(images, 'image')} compared by ${by}s, at least ${+(100 * threshold).toFixed(2)} % alike.`,
    settled === 0 ? '' : `${countOf(settled, 'group')} settled before.`,
    failed === 0 ? '' : `${countOf(failed, 'image')} could not be looked at.`,
  ];
  return lines.filter((line) => line !== '').join('\n');
}

function describeRejected(rejected: number): string {
  return rejected === 0
    ? 'Nothing to reject.'
    : `${countOf(rejected, 'image')} rejected; their files stay. Ctrl+Z in the window’s library takes it back.`;
}

function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
