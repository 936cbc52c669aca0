/** A query's text as terms, or the reason why not; and what its words mean in this library. */
import { StudioError } from '../contract/errors.ts';
import { parseQuery, type QueryTerm } from '../contract/query.ts';
import { standardTargets } from '../contract/targets.ts';
import { activeHeads } from '../db/heads.ts';
import { dimensionsOfMosSet } from '../db/mos.ts';
import type { Studio } from './studio.ts';

/** @throws StudioError `badInput` with the first thing that was not understood and its place */
export function readTerms(query: string | undefined): QueryTerm[] {
  const { terms, problems } = parseQuery(query ?? '');
  const [first] = problems;
  if (first === undefined) return terms;
  throw new StudioError('badInput', first.message, { start: first.start, end: first.end });
}

/** What `mos:`, `score:` and `gap:` are of where they do not say it: what is rated and scored, else rated, else scored; overall first. */
export function chooseTarget({ db }: Pick<Studio, 'db'>, packId: string, mosSetId: number | null): string {
  const rated = mosSetId === null ? [] : dimensionsOfMosSet(db, mosSetId);
  const scored = activeHeads(db, packId).map(({ target }) => target);
  const order = ['overall', ...standardTargets.filter((target) => target !== 'overall'), ...rated, ...scored];
  return (
    order.find((target) => rated.includes(target) && scored.includes(target)) ??
    order.find((target) => rated.includes(target)) ??
    order.find((target) => scored.includes(target)) ??
    'overall'
  );
}
