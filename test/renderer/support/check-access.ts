/** Accessibility of what a page shows, by axe against WCAG 2.1 AA, in dark and in light. */
import axe, { type RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

/** What the schemes do not share is colour; everything else is looked at once. */
const rulesOf: Record<'dark' | 'light', RunOptions> = {
  dark: { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] } },
  light: { runOnly: { type: 'rule', values: ['color-contrast'] } },
};

/** Violations that keep somebody out, as sentences; an empty list is good. */
export async function findBarriers(page: Page): Promise<string[]> {
  // A document keeps what was put into it: reading axe takes a page as long as a run of it.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const found: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
    const violations = await page.evaluate(findViolations, rulesOf[colorScheme]);
    for (const { id, impact, nodes } of violations) {
      if (impact !== 'serious' && impact !== 'critical') continue;
      found.push(`${colorScheme}: ${id} (${impact}) at ${nodes.map(({ html }) => html).join('; ')}`);
    }
  }
  await page.emulateMedia({ colorScheme: null });
  return found;
}

/** Runs in the page, where axe is. What is well is not described: nobody asks for it, and there is much of it. */
async function findViolations(rules: RunOptions) {
  const { axe: here } = window as unknown as { axe: typeof axe };
  const { violations } = await here.run(document, { ...rules, resultTypes: ['violations'] });
  return violations.map(({ id, impact, nodes }) => ({
    id,
    impact,
    nodes: nodes.map(({ html }) => ({ html })),
  }));
}
