/** Options are chosen by the keyboard as by one who looks: Enter once the wanted one is highlighted. A key before that is lost. */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** Types into a field that searches its list, and takes the one option that is left, given by its whole text. */
export async function chooseOption(
  page: Page,
  { field, typed, option }: { field: string; typed: string; option: string },
): Promise<void> {
  const box = page.getByRole('combobox', { name: field, exact: true });
  const offered = page.getByRole('listbox', { name: field, exact: true }).getByRole('option');
  await box.click();
  await page.keyboard.type(typed);
  await expect.poll(() => offered.allTextContents()).toEqual([option]);
  await takeOption(page, 'ArrowDown', offered);
}

/** Moves to an option that is offered, waits until the field that has the keyboard names it, and takes it. */
export async function takeOption(page: Page, arrow: 'ArrowDown' | 'ArrowUp', option: Locator): Promise<void> {
  const id = await option.getAttribute('id');
  await page.keyboard.press(arrow);
  await expect.poll(() => page.locator(':focus').getAttribute('aria-activedescendant')).toBe(id);
  await page.keyboard.press('Enter');
}
