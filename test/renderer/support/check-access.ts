/** Accessibility of what a page shows, by axe against WCAG 2.1 AA, in dark and in light. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** Violations that keep somebody out, as sentences; an empty list is good. */
export async function findBarriers(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
    // A page without frames needs no second page to gather what was found in each.
    const axe = new AxeBuilder({ page }).setLegacyMode();
    // What the schemes do not share is colour; everything else is looked at once.
    if (colorScheme === 'light') axe.withRules(['color-contrast']);
    else axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']);
    const { violations } = await axe.analyze();
    for (const { id, impact, nodes } of violations) {
      if (impact !== 'serious' && impact !== 'critical') continue;
      found.push(`${colorScheme}: ${id} (${impact}) at ${nodes.map(({ html }) => html).join('; ')}`);
    }
  }
  await page.emulateMedia({ colorScheme: null });
  return found;
}
