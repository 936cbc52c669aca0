/** What a part of a page says, once it says it: a number may come a moment after the row it stands in. */
import type { Locator } from 'playwright-core';
import { expect } from 'vitest';

/** Waits until everything told stands there. */
export async function expectText(where: Locator, ...told: string[]): Promise<void> {
  await expect
    .poll(async () => {
      const text = (await where.textContent()) ?? '';
      return told.filter((one) => !text.includes(one));
    })
    .toEqual([]);
}
