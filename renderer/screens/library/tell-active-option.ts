/** What a field with options tells screen readers of the option that Enter takes; Mantine goes on naming one that was chosen before. */

/** Whether an option is chosen by the arrows: the field names it, and no other. */
export function tellActiveOption(field: HTMLElement): boolean {
  const list = document.getElementById(field.getAttribute('aria-controls') ?? '');
  const active = list?.querySelector('[data-combobox-selected]');
  if (active) field.setAttribute('aria-activedescendant', active.id);
  else field.removeAttribute('aria-activedescendant');
  return active != null;
}
