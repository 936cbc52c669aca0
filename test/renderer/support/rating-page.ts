/** A study of painted pictures and what a rater does with it: where the tests of the rating surface begin. */
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import type { Page } from 'playwright-core';
import { expect, vi } from 'vitest';
import type { Dimension, Scale, Study } from '../../../contract/studies.ts';
import { expectFocus, type LibraryPage } from './library-page.ts';

const acr: Scale = { kind: 'acr', words: ['Bad', 'Poor', 'Fair', 'Good', 'Excellent'] };
const quality = {
  key: 'quality',
  label: 'Quality',
  question: 'How good does this image look?',
  showsPrompt: false,
};
const alignment = {
  key: 'alignment',
  label: 'Alignment',
  question: 'How well does the image show the prompt?',
  showsPrompt: true,
};

/** Quality and alignment on five levels, as the dialog proposes them. */
export const bothDimensions: Dimension[] = [
  { ...quality, scale: acr },
  { ...alignment, scale: acr },
];

/** Quality alone on a scale. */
export function qualityOn(scale: Scale): Dimension[] {
  return [{ ...quality, scale }];
}

/** A study of the first pictures of the library. */
export async function createStudy(
  { studio }: LibraryPage,
  study: { name: string; dimensions: Dimension[]; images: number },
): Promise<Study> {
  const { ids } = await studio.client.images.query({ order: 'name' });
  const imageIds = ids.slice(0, study.images);
  const design = {
    dimensions: study.dimensions,
    seed: 7,
    instructions: 'Sit at arm’s length from the screen.',
  };
  return await studio.client.studies.create({ name: study.name, design, imageIds });
}

/** Opens the surface as a rater and begins; the first image is on screen when it returns. */
export async function beginRating(
  { page, studio }: LibraryPage,
  studyId: number,
  rater: string,
): Promise<void> {
  await page.goto(`${studio.url}/rate/${studyId}?${new URLSearchParams({ rater })}`);
  await expectFocus(page.getByRole('button', { name: /^(Begin|Go on)/ }));
  await page.keyboard.press('Enter');
  await page.locator('canvas[data-painted-image-id]').first().waitFor();
}

/** The image that is on screen. */
export async function paintedImage(page: Page): Promise<string | null> {
  return await page.locator('canvas').getAttribute('data-painted-image-id');
}

/** Presses keys one after another, each once the surface takes a vote on what is shown. */
export async function vote(page: Page, keys: string[]): Promise<void> {
  for (const key of keys) {
    const before = await readPlace(page);
    await page.keyboard.press(key);
    await expect.poll(() => readPlace(page), { interval: 5 }).not.toBe(before);
  }
}

/** Where the rater is, once it is painted: progress, question and image; a notice in its place; or the thanks at the end. */
async function readPlace(page: Page): Promise<string> {
  // Asked anew each time: a function that waits inside the page is evaluated there, which the page's policy forbids.
  return await vi.waitUntil(() => page.evaluate<string | null>(placeOnScreen), {
    timeout: 40_000,
    interval: 5,
  });
}

/** Null while what is painted is not what is asked about. */
const placeOnScreen = `(() => {
  if (document.querySelector('[data-testid=thanks]') !== null) return 'thanks';
  const pause = document.querySelector('[data-testid^=pause-]');
  if (pause !== null) return pause.dataset.testid;
  if (document.querySelector('[role=alertdialog]') !== null) return 'an image that cannot be shown';
  const canvases = [...document.querySelectorAll('[data-testid=stage] canvas')];
  const textOf = (name) => document.querySelector('[data-testid=' + name + ']')?.textContent ?? '';
  const isWaiting = textOf('saved').includes('next image');
  const isPainted = ({ dataset }) =>
    dataset.imageId === dataset.paintedImageId && dataset.showing === dataset.paintedShowing;
  if (canvases.length === 0 || isWaiting || !canvases.every(isPainted)) return null;
  const ids = canvases.map(({ dataset }) => dataset.imageId);
  return [textOf('progress').split(' · ')[0], textOf('question'), ...ids].join(' ');
})()`;

export interface VoteLine {
  vote: string;
  image: string;
  rater: string;
  dimension: string;
  value: string;
  shown_ms: string;
  supersedes: string;
  is_current: string;
}

/** Every vote of a study as the raw export gives it, in the order they were cast. */
export async function readVotes({ studio }: LibraryPage, studyId: number): Promise<VoteLine[]> {
  const response = await fetch(`${studio.url}/export?kind=votes&studyId=${studyId}`);
  return parse(await response.text(), { columns: true }) as VoteLine[];
}

/** Waits until every vote is acknowledged. */
export async function expectStored(page: Page): Promise<void> {
  await expect.poll(() => page.getByTestId('saved').getAttribute('data-pending')).toBe('0');
}

/** A table that was downloaded, as rows by column. */
export function readTable(path: string): Record<string, string>[] {
  return parse(readFileSync(path), { columns: true, bom: true }) as Record<string, string>[];
}
