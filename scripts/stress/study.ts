/** A small library and study for the stress runs, and what they read back from it. */
import { mkdirSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import type { NewStudy } from '../../contract/studies.ts';
import { writeScenes } from '../../test/support/make-images.ts';
import type { StudioClient } from '../../test/support/web-studio.ts';
import type { StoredVote } from './ledger.ts';

const imageCount = 24;
const acr = { kind: 'acr', words: ['Bad', 'Poor', 'Fair', 'Good', 'Excellent'] } as const;

/** Scores a few made images; gives their ids. */
export async function scoreScenes(client: StudioClient, imageFolder: string): Promise<number[]> {
  mkdirSync(imageFolder, { recursive: true });
  await writeScenes(imageFolder, imageCount, { width: 96, height: 96 });
  const job = await client.library.score({ folder: imageFolder });
  await waitForJob(client, job.id);
  return (await client.images.query({})).ids;
}

/** Creates a study of two dimensions; gives its id and its MOS set's. */
export async function createStressStudy(
  client: StudioClient,
  imageIds: number[],
  seed: number,
): Promise<{ studyId: number; mosSetId: number }> {
  const dimension = (key: string, showsPrompt: boolean) => ({
    key,
    label: key,
    question: `How is its ${key}?`,
    showsPrompt,
    scale: { ...acr, words: [...acr.words] },
  });
  const study: NewStudy = {
    name: 'Stress',
    imageIds,
    design: {
      dimensions: [dimension('quality', false), dimension('alignment', true)],
      seed,
      instructions: '',
    },
  };
  const { id: studyId, mosSetId } = await client.studies.create(study);
  return { studyId, mosSetId };
}

/** Waits for a job to end well. */
export async function waitForJob(client: StudioClient, id: number): Promise<void> {
  for (;;) {
    const job = (await client.jobs.list()).find((one) => one.id === id);
    if (job?.state === 'done') return;
    if (job?.state !== 'running') throw new Error(`The job ended as ${job?.state}: ${job?.error?.message}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Every vote of the study, as its export has them. */
export async function readStoredVotes(
  url: string,
  studyId: number,
): Promise<(StoredVote & { image: string })[]> {
  const response = await fetch(`${url}/export?kind=votes&studyId=${studyId}`);
  if (!response.ok) throw new Error(`The export answered ${response.status}: ${await response.text()}`);
  const rows = parse(await response.text(), { columns: true }) as Record<string, string>[];
  return rows.map((row) => ({
    key: row['vote']!,
    image: row['image']!,
    rater: row['rater']!,
    dimension: row['dimension']!,
    value: Number(row['value']),
    isCurrent: row['is_current'] === '1',
  }));
}

/** Images whose MOS is not the mean of the counted votes, in sentences. */
export async function findWrongMos(
  client: StudioClient,
  mosSetId: number,
  stored: readonly (StoredVote & { image: string })[],
): Promise<string[]> {
  const votes = Map.groupBy(
    stored.filter(({ isCurrent }) => isCurrent),
    ({ image, dimension }) => `${image} ${dimension}`,
  );
  const rows = await client.mos.rows({ mosSetId });
  const wrong = rows.flatMap(({ name, dimension, mean, n }) => {
    const values = (votes.get(`${name} ${dimension}`) ?? []).map(({ value }) => value);
    const expected = values.reduce((sum, value) => sum + value, 0) / values.length;
    const isRight = n === values.length && Math.abs(mean - expected) < 1e-9;
    return isRight
      ? []
      : [`MOS of ${name} on ${dimension} is ${mean} (${n}), not ${expected} (${values.length}).`];
  });
  return rows.length === votes.size ? wrong : [...wrong, `${rows.length} MOS rows for ${votes.size} rated.`];
}
