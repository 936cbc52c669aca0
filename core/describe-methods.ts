/** What a paper says of a study: a paragraph and a table, made from its design and from what happened. */
import type { Dimension, StudyDesign } from '../contract/studies.ts';
import type { Methods } from '../contract/study-files.ts';
import { countStudy } from './check-standards.ts';
import type { StudyCounts } from './compute/study-facts.ts';
import { getStudy, readItems } from './studies.ts';
import type { Studio } from './studio.ts';
import { studioVersion } from './version.ts';

interface Facts extends StudyCounts {
  name: string;
  version: number;
  design: StudyDesign;
  manifestHash: string | null;
  raters: number;
  votes: number;
  items: ReturnType<typeof readItems>;
}

/** @throws StudioError `notFound` */
export async function describeMethods(studio: Studio, studyId: number): Promise<Methods> {
  const study = getStudy(studio, studyId);
  const facts: Facts = {
    ...study,
    ...(await countStudy(studio, study)),
    items: readItems(studio, studyId),
  };
  return { paragraph: writeParagraph(facts), table: writeTable(facts) };
}

function writeParagraph(facts: Facts): string {
  const { design, items } = facts;
  const { order, sittings, passes, method } = design.plan;
  const sentences = [
    `The study comprised ${count(facts.images, 'image')}${describeOrigin(facts)}.`,
    `${count(facts.raters, 'rater')} gave ${count(facts.votes, 'vote')}${standing(facts.raters)}; the median image has ${count(facts.medianVotes, 'vote')} a dimension.`,
    `${methodWords[method]}; ${design.dimensions.map(describeDimension).join('; ')}.`,
    design.dimensions.length < 2
      ? ''
      : passes === 'together'
        ? 'All dimensions of an image were asked before the next image.'
        : 'Each dimension was asked over all images in a pass of its own.',
    `Every rater had an order of their own, drawn from the seed ${design.seed}${describeOrder(facts)}.`,
    order.repeatedImages > 0
      ? `${count(order.repeatedImages, 'image')} a layout were shown ${order.showings} times for intra-rater consistency; only the first showing counts.`
      : '',
    describeExtras(items),
    `${describeViewing(design)}.`,
    `A sitting lasted ${sittings.capMinutes} minutes at most, training, breaks and pauses included.`,
    describeWindows(facts.windows),
    `Votes were collected with SF-IQA Studio ${studioVersion}${facts.manifestHash === null ? '' : ` (design frozen at the first vote, SHA-256 ${facts.manifestHash})`}.`,
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

const methodWords = {
  absolute: 'Images were rated one at a time (absolute category rating, ITU-T P.910)',
  hiddenReference: 'Images were rated one at a time with hidden references among them (ACR-HR, ITU-T P.910)',
  pairs: 'Images were compared in pairs, side by side (PC, ITU-T P.910)',
} as const;

function describeOrigin({ prompts, generators }: Facts): string {
  const parts = [
    ...(generators.length > 0
      ? [`by ${count(generators.length, 'generator')} (${generators.join(', ')})`]
      : []),
    ...(prompts > 0 ? [`of ${count(prompts, 'prompt')}`] : []),
  ];
  return parts.length === 0 ? '' : ` ${parts.join(' ')}`;
}

/** BT.500: fewer than 15 observers make a study informal; P.910: three to five a pre-test. */
function standing(raters: number): string {
  if (raters >= 15) return '';
  return raters >= 3 && raters <= 5 ? ' (a pre-test)' : ' (an informal study: fewer than 15 raters)';
}

function describeDimension({ label, question, scale }: Dimension): string {
  const asked = question === '' ? label : `${label} (“${question}”)`;
  const how =
    scale.kind === 'acr'
      ? `on ${scale.words.length} levels from “${scale.words[0]}” to “${scale.words.at(-1)}”`
      : `from ${scale.min} to ${scale.max} in steps of ${scale.step}`;
  return `${asked} ${how}`;
}

function describeOrder({ design }: Facts): string {
  const { spacing, balancesGenerators } = design.plan.order;
  const rules = [
    ...(spacing > 0 ? [`with at least ${spacing} others between images of one prompt where possible`] : []),
    ...(balancesGenerators ? ['generators spread evenly'] : []),
  ];
  return rules.length === 0 ? '' : `, ${rules.join(' and ')}`;
}

function describeExtras({ training, stabilising, gold, traps }: Facts['items']): string {
  const parts = [
    ...(training.length > 0 ? [`${count(training.length, 'training item')} (not stored)`] : []),
    ...(stabilising.length > 0 ? [`${count(stabilising.length, 'stabilising item')} (not counted)`] : []),
    ...(gold.length > 0 ? [`${count(gold.length, 'gold item')}`] : []),
    ...(traps.length > 0 ? [`${count(traps.length, 'trap item')}`] : []),
  ];
  return parts.length === 0 ? '' : `Beside the images, raters were shown ${parts.join(', ')}.`;
}

const sizeWords = {
  chosen: 'Images were shown in true pixels or fitted to the window, as each rater chose',
  pixels: 'Images were shown in true pixels (one pixel of the image on one of the screen)',
  fit: 'Images were shown fitted to the window, made smaller where they had to be and never enlarged',
} as const;

function describeViewing({ plan: { viewing } }: StudyDesign): string {
  const zoom = viewing.allowsZoom ? 'could be looked at in the other size' : 'in no other size';
  return `${sizeWords[viewing.size]}, on neutral grey, and ${zoom}`;
}

function describeWindows(clients: StudyCounts['windows']): string {
  if (clients.length === 0) return '';
  const widths = clients.map(({ windowWidth }) => windowWidth);
  const heights = clients.map(({ windowHeight }) => windowHeight);
  const range = (values: number[]) => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return low === high ? String(low) : `${low}–${high}`;
  };
  return `Windows were ${range(widths)} × ${range(heights)} CSS pixels in ${count(clients.length, 'session')}.`;
}

function writeTable(facts: Facts): string {
  const { design, items } = facts;
  const { order, sittings, method } = design.plan;
  const rows: [string, string | number][] = [
    ['Study', `${facts.name}, version ${facts.version}`],
    ['Method', methodWords[method]],
    ...design.dimensions.map((dimension): [string, string] => [
      `Dimension “${dimension.key}”`,
      describeDimension(dimension),
    ]),
    ['Images', facts.images],
    ['Prompts', facts.prompts],
    ['Generators', facts.generators.join(', ')],
    ['Raters', `${facts.raters}${standing(facts.raters)}`],
    ['Votes', facts.votes],
    ['Median votes an image and dimension', facts.medianVotes],
    [
      'Training / stabilising / gold / trap items',
      [items.training, items.stabilising, items.gold, items.traps].map(({ length }) => length).join(' / '),
    ],
    ['Repeated images × showings', `${order.repeatedImages} × ${order.showings}`],
    ['Viewing', describeViewing(design)],
    ['Seed', design.seed],
    ['Sitting', `${sittings.capMinutes} minutes at most`],
    ['Design (SHA-256)', facts.manifestHash ?? 'not frozen yet'],
  ];
  const lines = rows.map(([what, value]) => `| ${what} | ${String(value).replaceAll('|', '\\|')} |`);
  return ['| | |', '| --- | --- |', ...lines, ''].join('\n');
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
