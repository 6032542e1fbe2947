/**
 * Buttons of the dialog that is open which nobody can press as it stands: out of the picture, or below something else. Runs in the
 * page, so it may use nothing from outside itself.
 * @param what finds them within the dialog
 */
export function outOfReach(what: string): string[] {
  const dialog = document.querySelector('dialog[open], [role="dialog"]');
  if (!dialog) return ['no dialog is open'];
  const found = [...dialog.querySelectorAll<HTMLElement>(what)];
  if (found.length === 0) return [`nothing in the dialog is ${what}`];
  return found.flatMap((button) => {
    const { left, right, top, bottom } = button.getBoundingClientRect();
    const name = `“${button.textContent.trim() || (button.getAttribute('aria-label') ?? '')}”`;
    if (left < 0 || top < 0 || right > innerWidth || bottom > innerHeight) return [`${name} is out of the picture`];
    const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return button.contains(hit) ? [] : [`${name} lies below something else`];
  });
}
