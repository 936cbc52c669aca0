/** Takes the focus from a button that was clicked, so that the next Enter or Space does not press it again. */

/** @param clicks `detail` of the click event: 0 where the keyboard pressed the button, which then keeps the focus */
export function releaseFocus(button: HTMLElement, clicks: number): void {
  if (clicks > 0) button.blur();
}
