/** Whether one sees where the keyboard is: a frame that stands out from the page around everything Tab comes to, in dark and in light. */
import type { Page } from 'playwright-core';

const mostStops = 30;

/** What Tab comes to without its being seen, as it is called; an empty list is good. */
export async function findUnseenFocus(page: Page): Promise<string[]> {
  const unseen: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
    await page.evaluate(() => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    });
    for (let stop = 0; stop < mostStops; stop += 1) {
      await page.keyboard.press('Tab');
      const found = await page.evaluate(nameUnseen);
      if (found !== null) unseen.push(`${colorScheme}: ${found}`);
    }
  }
  await page.emulateMedia({ colorScheme: null });
  return unseen;
}

/** The focused element where no frame of 2 px and 3 : 1 against the page (WCAG 1.4.11) shows it; else null. Runs in the page. */
function nameUnseen(): string | null {
  const focused = document.activeElement;
  // A list shows it at its active row.
  if (focused === null || focused === document.body || focused.hasAttribute('aria-activedescendant'))
    return null;
  function luminanceOf(colour: string): number {
    const [r, g, b] = colour.match(/[\d.]+/g)!.map((part) => {
      const value = Number(part) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b! + 0.05;
  }
  const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(focused);
  const both = [outlineColor, getComputedStyle(document.body).backgroundColor].map(luminanceOf);
  const isSeen =
    outlineStyle !== 'none' &&
    Number.parseFloat(outlineWidth) >= 2 &&
    Math.max(...both) / Math.min(...both) >= 3;
  return isSeen ? null : focused.outerHTML.slice(0, 160);
}
