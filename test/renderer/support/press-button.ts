/** Presses a button by the keyboard, as soon as it can be pressed. */
import type { Locator } from 'playwright-core';
import { expect } from 'vitest';

/** A key on a disabled button does nothing: playwright waits for a click's target to be enabled, but not for a key's. */
export async function pressButton(button: Locator): Promise<void> {
  await expect.poll(() => button.isEnabled()).toBe(true);
  await button.press('Enter');
}
