/** Buttons that are written as boxes (flexButtons.ts) are pressed by Enter and Space like all others, unless they are disabled. */
export function pressedByKeyboard(): void {
  const boxOf = (target: EventTarget | null) =>
    target instanceof HTMLElement && 'button' in target.dataset ? target : undefined;
  document.addEventListener('keydown', (event) => {
    const box = boxOf(event.target);
    if (!box || (event.key !== 'Enter' && event.key !== ' ')) return;
    event.preventDefault();
    if (!event.repeat && !box.hasAttribute('disabled')) box.click();
  });
  document.addEventListener(
    'click',
    (event) => {
      const box = event.target instanceof Element ? event.target.closest('[data-button]') : null;
      if (!box?.hasAttribute('disabled')) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );
}
