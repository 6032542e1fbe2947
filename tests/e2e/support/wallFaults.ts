/**
 * Texts, marks and labels of the whole wall that lie on a seam between the screens it is put together from. Runs in the page,
 * so it may use nothing from outside itself.
 * @param seams CSS px of the page
 */
export function faultsOnSeams(seams: { x: readonly number[]; y: readonly number[] }): string[] {
  const faults: string[] = [];
  const lies = (box: DOMRect, what: string) => {
    for (const x of seams.x)
      if (box.left < x - 0.5 && box.right > x + 0.5) faults.push(`${what} lies on the seam at ${x}`);
    for (const y of seams.y)
      if (box.top < y - 0.5 && box.bottom > y + 0.5) faults.push(`${what} lies on the seam at ${y} below`);
  };
  const wall = document.querySelector('.wall')!;
  const walker = document.createTreeWalker(wall, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement!;
    if (
      !node.textContent!.trim() ||
      element.closest('.visually-hidden') ||
      !element.checkVisibility({ opacityProperty: true })
    )
      continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    let clip: { left: number; right: number } = { left: -Infinity, right: Infinity };
    for (let box: Element | null = element; box && wall.contains(box); box = box.parentElement) {
      if (getComputedStyle(box).overflowX === 'visible') continue;
      const frame = box.getBoundingClientRect();
      clip = { left: Math.max(clip.left, frame.left), right: Math.min(clip.right, frame.right) };
    }
    for (const line of range.getClientRects()) {
      const left = Math.max(line.left, clip.left);
      const right = Math.min(line.right, clip.right);
      // The letters are lower than their line.
      const inset = line.height * 0.15;
      if (right > left)
        lies(
          new DOMRect(left, line.top + inset, right - left, line.height - 2 * inset),
          `“${node.textContent!.trim()}”`,
        );
    }
  }
  for (const mark of wall.querySelectorAll<HTMLElement>('.cluster, .callout, .signs > li, .legend, button'))
    if (mark.checkVisibility({ opacityProperty: true }) && mark.getBoundingClientRect().width > 0)
      lies(mark.getBoundingClientRect(), `${mark.className || mark.tagName}`);
  return [...new Set(faults)];
}
