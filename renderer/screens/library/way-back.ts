/** The browser's back and forward: to the list from what is looked at in the whole window, and to what was asked for before. */
import { useEffect, useRef, useState } from 'react';
import { navigate } from 'wouter/use-browser-location';
import { z } from 'zod';
import { ImageQuery } from '../../../contract/images.ts';
import { type ListQuery, useListQuery } from './list-view.ts';

/** What lies over the list: one image, or several that are compared. */
const Seen = z.union([
  z.object({ viewed: z.number() }),
  z.object({ compared: z.array(z.number()).readonly() }),
]);
export type Seen = z.infer<typeof Seen>;

/** What the history keeps of a step; nothing of those that other screens made. */
const Step = z.object({ query: ImageQuery.optional(), seen: Seen.optional() });
type Step = z.infer<typeof Step>;

/** Letters that follow each other as fast are one step. */
const typedMs = 1000;
/** A browser takes a few changes of its history a second; images are gone through faster. */
const noteMs = 300;

function readStep(): Step {
  return Step.safeParse(history.state).data ?? {};
}

function writeStep(step: Step, { replace }: { replace: boolean }): void {
  navigate(location.href, { replace, state: step });
}

/** A step back that the browser has not taken yet: what is added before it is would be gone with it. */
let goingBack = Promise.resolve();

function goBack(): void {
  goingBack = new Promise((resolve) => {
    window.addEventListener('popstate', () => resolve(), { once: true });
  });
  history.back();
}

function useSteps(onStep: (step: Step) => void): void {
  const latest = useRef(onStep);
  latest.current = onStep;
  useEffect(() => {
    const tell = () => latest.current(readStep());
    window.addEventListener('popstate', tell);
    return () => window.removeEventListener('popstate', tell);
  }, []);
}

/** The list's query, of which each change is a step; what was asked before is asked again when one goes back to it. */
export function useQuerySteps(): ReturnType<typeof useListQuery> {
  const [query, changeQuery] = useListQuery();
  const asked = textOf(query);
  const isNew = useRef(true);
  const madeAtMs = useRef(Number.NEGATIVE_INFINITY);
  const ask = (again: ListQuery) => changeQuery({ groupBy: undefined, mosSetId: undefined, ...again });
  useSteps(({ query: before }) => {
    if (before !== undefined && textOf(before) !== asked) ask(before);
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text stands for the query, which is new at each turn
  useEffect(() => {
    const step = readStep();
    const isReturn = isNew.current && step.query !== undefined;
    isNew.current = false;
    if (step.query !== undefined && textOf(step.query) === asked) return;
    if (isReturn) {
      ask(step.query!);
      return;
    }
    const now = performance.now();
    const isTyped =
      now - madeAtMs.current < typedMs && step.query !== undefined && isTypedOn(step.query, query);
    writeStep({ ...step, query }, { replace: step.query === undefined || isTyped });
    madeAtMs.current = now;
  }, [asked]);
  return [query, changeQuery];
}

/** Whether letters at the end of the text are all that differs. */
function isTypedOn(before: ListQuery, after: ListQuery): boolean {
  const [a = '', b = ''] = [before.filter.query, after.filter.query];
  const withoutText = ({ filter, ...rest }: ListQuery) =>
    textOf({ ...rest, filter: { ...filter, query: undefined } });
  return (
    a !== '' && b !== '' && (a.startsWith(b) || b.startsWith(a)) && withoutText(before) === withoutText(after)
  );
}

/** The same for the same question, however it was put together. */
function textOf(query: ListQuery): string {
  return JSON.stringify(ImageQuery.parse(query));
}

/** What lies over the list, with the functions that show it and that note where one went in it. */
type SeenSteps = [seen: Seen | null, look: (to: Seen | null) => void, note: (to: Seen) => void];

/** What lies over the list, as a step of its own: back leads to the list, and a page that is loaded anew shows it again. */
export function useSeen(): SeenSteps {
  const [seen, setSeen] = useState<Seen | null>(() => readStep().seen ?? null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useSteps((step) => {
    clearTimeout(timer.current);
    setSeen(step.seen ?? null);
  });
  function look(to: Seen | null): void {
    clearTimeout(timer.current);
    setSeen(to);
    if (to !== null) void goingBack.then(() => writeStep({ ...readStep(), seen: to }, { replace: false }));
    else if (readStep().seen !== undefined) goBack();
  }
  function note(to: Seen): void {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      if (readStep().seen !== undefined) writeStep({ ...readStep(), seen: to }, { replace: true });
    }, noteMs);
  }
  return [seen, look, note];
}
