/** What a draft leads to before it is created: how narrow its intervals will be, and what the recommendations say to it. */
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { MosSet } from '../../../contract/mos.ts';
import type { Checklist, PlannedStudy } from '../../../contract/study-quality.ts';
import { orpc } from '../../api/client.ts';
import { type DraftImages, type DraftStudy, designOfDraft, scaleOf } from './draft.ts';
import type { DraftProblems } from './draft-problems.ts';
import { type Panel, spreadOf, usualSd } from './planner.tsx';

export interface Outlook {
  /** Images that count. */
  images: number;
  sets: readonly MosSet[];
  planned: PlannedStudy | undefined;
  planError: Error | null;
  checklist: Checklist | undefined;
}

export type Environment = 'any' | 'controlled';

interface OutlookProps {
  draft: DraftStudy;
  images: DraftImages;
  problems: DraftProblems;
  panel: Panel;
  environment: Environment;
  /** Of a study that is there already, only the plan: its images and their roles are not in the draft. */
  isNew: boolean;
}

/** Follows the draft a moment after the last key; while a question has no name yet, what was known stays. */
export function useOutlook({ draft, images, problems, panel, environment, isNew }: OutlookProps): Outlook {
  const sets = useQuery(orpc.mos.sets.queryOptions()).data ?? [];
  const counts = countItems(draft, images);
  const [planInput] = useDebouncedValue({ ...planOf(draft, panel, sets), ...counts.plan }, waitMs);
  const planned = useQuery({
    ...orpc.studies.plan.queryOptions({ input: planInput }),
    placeholderData: keepPreviousData,
  });
  const { imageIds, labels } = images;
  const variety = useQuery({
    ...orpc.studies.variety.queryOptions({ input: { imageIds, labels } }),
    placeholderData: keepPreviousData,
    enabled: isNew && imageIds.length > 0,
  }).data;
  const isAskable =
    isNew &&
    problems.dimensions === undefined &&
    problems.seed === undefined &&
    [problems.labels, problems.words].every((found) => Object.keys(found).length === 0);
  const isPairs = draft.plan.method === 'pairs';
  const [checkInput] = useDebouncedValue(
    {
      design: designOfDraft(draft),
      ...counts.check,
      prompts: variety?.prompts ?? 0,
      raters: panel.raters,
      // In pairs every rater votes on an image as often as it is in a pair.
      votesPerImage: isPairs ? panel.raters : (planned.data?.votesPerImage ?? 0),
      environment,
    },
    waitMs,
  );
  const checklist = useQuery({
    ...orpc.studies.checkDraft.queryOptions({ input: checkInput }),
    placeholderData: keepPreviousData,
    enabled: isAskable,
  });
  return {
    images: counts.check.images,
    sets,
    planned: planned.data,
    planError: planned.error,
    checklist: checklist.data,
  };
}

const waitMs = 200;

function planOf(draft: DraftStudy, { sd, spread, ...numbers }: Panel, sets: readonly MosSet[]) {
  const scale = scaleOf(draft.dimensions[0] ?? { scale: 'acr5', words: '' });
  return {
    ...numbers,
    dimensions: Math.max(1, draft.dimensions.length),
    sessionMinutes: draft.plan.sittings.capMinutes,
    spread: spreadOf(spread, sets) ?? { sd: sd ?? usualSd(scale) },
  };
}

/** What is shown beside the images that count: drawn from them, or named by a table. */
function countItems(
  { plan, training, stabilising, checks }: DraftStudy,
  { imageIds, labels, items }: DraftImages,
) {
  const isPairs = plan.method === 'pairs';
  const drawn = training + (isPairs ? 0 : stabilising + new Set(checks.map(({ imageId }) => imageId)).size);
  const named = items.training.length + items.stabilising.length + items.gold.length + items.traps.length;
  const { repeatedImages, showings } = plan.order;
  const left = Math.max(0, imageIds.length - drawn);
  return {
    plan: {
      images: Math.max(1, left),
      uncountedPerSession: drawn + named + repeatedImages * (showings - 1),
    },
    check: {
      images: left,
      references: new Set(labels.flatMap(({ referenceId }) => referenceId ?? [])).size,
      trainingItems: training + items.training.length,
      stabilisingItems: isPairs ? 0 : stabilising + items.stabilising.length,
    },
  };
}
