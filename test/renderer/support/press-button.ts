/** Presses a button, or an item of a menu, by the keyboard, as soon as it can be pressed. */
import type { FileChooser, Locator } from 'playwright-core';
import { expect } from 'vitest';

/**
 * A key on a disabled button does nothing, and a dialog that has just opened takes the keyboard from it a moment later: playwright
 * waits for a click's target to be ready, but not for a key's.
 */
export async function pressButton(button: Locator): Promise<void> {
  await expect.poll(() => button.isEnabled()).toBe(true);
  await expect.poll(() => button.evaluate(hasNoOtherKeyboard)).toBe(true);
  await button.press('Enter');
}

/** Presses a button that asks for a file, and gives it that one. */
export async function giveFile(button: Locator, file: Parameters<FileChooser['setFiles']>[0]): Promise<void> {
  const asked = button.page().waitForEvent('filechooser');
  await pressButton(button);
  await (await asked).setFiles(file);
}

/** Presses an item of a menu that has just been opened, once the menu has taken the keyboard: a key before that goes elsewhere. */
export async function pressMenuItem(item: Locator): Promise<void> {
  await expectKeyboardIn(item.locator('xpath=ancestor::*[@role="menu"]'));
  await item.press('Enter');
}

/** Waits until what has just opened (a dialog, a menu, a list of choices) has taken the keyboard. */
export async function expectKeyboardIn(opened: Locator): Promise<void> {
  await expect.poll(() => opened.evaluate((box) => box.contains(document.activeElement))).toBe(true);
}

/** Not while the keyboard is still where it was before the dialog that the button is in. Runs in the page. */
function hasNoOtherKeyboard(button: Element): boolean {
  const dialog = button.closest('[aria-modal=true]');
  const focused = document.activeElement;
  return dialog === null || focused === document.body || dialog.contains(focused);
}
