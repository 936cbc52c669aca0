/** Presses a button, or an item of a menu, by the keyboard, as soon as it can be pressed. */
import type { Locator } from 'playwright-core';
import { expect } from 'vitest';

/** A key on a disabled button does nothing: playwright waits for a click's target to be enabled, but not for a key's. */
export async function pressButton(button: Locator): Promise<void> {
  await expect.poll(() => button.isEnabled()).toBe(true);
  await button.press('Enter');
}

/** Presses an item of a menu that has just been opened, once the menu has taken the keyboard: a key before that goes elsewhere. */
export async function pressMenuItem(item: Locator): Promise<void> {
  await expect
    .poll(() =>
      item.evaluate((element) => element.closest('[role=menu]')?.contains(document.activeElement) === true),
    )
    .toBe(true);
  await item.press('Enter');
}
