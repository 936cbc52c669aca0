/** What a sidecar tells of an image: signals, scores with their heads, MOS with interval, votes and method, and stars where asked for. */
import type { SidecarNaming } from '../../contract/export-sidecars.ts';
import type { ScaleEnds } from '../../contract/mos.ts';
import { mosInterval } from '../maths/mos.ts';
import { moveToScale } from '../mos-scale.ts';
import type { BlockFacts, TableContext } from './block-facts.ts';
import type { XmpFacts, XmpFields } from './xmp-document.ts';

/** Sidecars as plain data, so that a thread can be told. */
export interface SidecarPlan {
  ids: Int32Array;
  context: TableContext;
  /** The MOS set that is told of. */
  opinion: { set: string; method: string; dimensions: readonly string[] } | null;
  naming: SidecarNaming;
  rating: { dimension: string; scale: ScaleEnds } | null;
}

/** What is told of one image; null where nothing is known of it. */
export function describeImage(facts: BlockFacts, id: number, plan: SidecarPlan): XmpFacts | null {
  const { prompt = null } = facts.images().get(id) ?? {};
  const [q, s] = [facts.signal('q').get(id), facts.signal('s').get(id)];
  const scores = listScores(facts, id);
  const mos = listMos(facts, id, plan);
  const isScored = q !== undefined || s !== undefined || scores.length > 0;
  if (!isScored && mos.length === 0) return null;
  const fields: [string, string | number | null | undefined][] = [
    ['prompt', prompt],
    ['pack', isScored ? plan.context.packId : null],
    ['Q', q],
    ['S', s],
  ];
  return {
    fields: fieldsOf(fields),
    lists: [
      { name: 'scores', items: scores },
      { name: 'opinion', items: mos },
    ],
    rating: plan.rating && starsOf(facts.mos(plan.rating.dimension).get(id)?.mean, plan.rating.scale),
  };
}

function listScores(facts: BlockFacts, id: number): XmpFields[] {
  return Object.entries(facts.context.heads).flatMap(([target, { name }]) => {
    const value = facts.score(target).get(id);
    if (value === undefined) return [];
    return [
      fieldsOf([
        ['target', target],
        ['P', value],
        ['head', name],
      ]),
    ];
  });
}

function listMos(facts: BlockFacts, id: number, { opinion }: SidecarPlan): XmpFields[] {
  if (opinion === null) return [];
  return opinion.dimensions.flatMap((dimension) => {
    const mos = facts.mos(dimension).get(id);
    if (mos === undefined) return [];
    const { low, high } = mosInterval(mos);
    return [
      fieldsOf([
        ['dimension', dimension],
        ['MOS', mos.mean],
        ['ciLow', low],
        ['ciHigh', high],
        ['n', mos.n],
        ['method', opinion.method],
        ['set', opinion.set],
      ]),
    ];
  });
}

/** Without what is not known. */
function fieldsOf(fields: readonly (readonly [string, string | number | null | undefined])[]): XmpFields {
  return fields.flatMap(([name, value]) => (value == null ? [] : [[name, String(value)] as const]));
}

/** A MOS at its place between 1 and 5 stars, to the nearest whole one, halves upwards; null without a MOS. */
export function starsOf(mos: number | undefined, scale: ScaleEnds): number | null {
  if (mos === undefined) return null;
  return Math.min(5, Math.max(1, Math.round(moveToScale(mos, scale, [1, 5]))));
}
