/** Whether everything that can be operated can be got at in a small window: 1280 × 800 at 200 % zoom. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** 1280 × 800 at 200 %. */
const zoomed = { width: 640, height: 400 };
const usual = { width: 1280, height: 800 };

/** Sees that no control is cut off, covered or out of reach at 200 % zoom, and that nothing makes the page wider than its window. */
export async function expectReachableZoomed(page: Page): Promise<void> {
  await page.setViewportSize(zoomed);
  await expect.poll(() => page.evaluate(findUnreachable)).toEqual([]);
  await expect
    .poll(() => page.evaluate(() => document.documentElement.scrollWidth))
    .toBeLessThanOrEqual(zoomed.width);
  await page.setViewportSize(usual);
}

/**
 * Controls that no scrolling brings into the window, as what they are called: clipped by a box that does not scroll, beyond the page, or
 * under something else. Of a page with a dialog those of the topmost one. Runs in the page.
 */
function findUnreachable(): string[] {
  const wanted = 'a[href], button, input, select, textarea, [role=slider], [role=tab], [role=listbox]';
  const dialogs = [...document.querySelectorAll('[role=dialog], [role=menu]')].filter((one) =>
    one.checkVisibility({ visibilityProperty: true }),
  );
  const found: string[] = [];

  /** A script may scroll what a person cannot: such a box clips what lies outside it. */
  function isClippedBy(element: HTMLElement): boolean {
    let isClipped = false;
    for (let box = element.parentElement; box !== null; box = box.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(box);
      if ((overflowX === 'hidden' && box.scrollLeft > 0) || (overflowY === 'hidden' && box.scrollTop > 0)) {
        isClipped = true;
        box.scrollTo(0, 0);
      }
    }
    return isClipped;
  }

  /** Whether a click in its middle meets it, or what it stands in. */
  function isMet(element: HTMLElement): boolean {
    const { left, top, width, height } = element.getBoundingClientRect();
    const [x, y] = [left + width / 2, Math.min(Math.max(top + height / 2, 1), innerHeight - 1)];
    const met = document.elementFromPoint(x, y);
    return met !== null && (element.contains(met) || met.contains(element) || met.closest('label') !== null);
  }

  for (const element of (dialogs.at(-1) ?? document).querySelectorAll<HTMLElement>(wanted)) {
    if (!element.checkVisibility({ visibilityProperty: true }) || element.matches('[type=hidden], :disabled'))
      continue;
    element.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
    const isClipped = isClippedBy(element);
    const { left, right, top, bottom, width, height } = element.getBoundingClientRect();
    if (width <= 1 || height <= 1) continue;
    const isIn =
      left >= -1 &&
      right <= innerWidth + 1 &&
      (height > innerHeight || (top >= -1 && bottom <= innerHeight + 1));
    if (isIn && !isClipped && !isMet(element)) {
      // A head that stays in view may cover what only just came into it.
      element.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
      isClippedBy(element);
    }
    if (!isIn || isClipped || !isMet(element))
      found.push(
        (element.getAttribute('aria-label') ?? element.textContent ?? '').slice(0, 60) ||
          element.outerHTML.slice(0, 90),
      );
  }
  return found;
}
