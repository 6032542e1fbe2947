/**
 * To be run in the page: what is wrong with the page of a briefing that is on show: texts too small, cut without an ellipsis, outside, or on one another.
 * @param least px that letters must have
 */
export function textFaults(least: number): string[] {
  const found: string[] = [];
  const sheet = document.querySelector('.tile.on .sheet')!;
  const boxes: { text: string; rect: DOMRect; element: Element }[] = [];
  const walker = document.createTreeWalker(sheet, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent!.trim();
    const element = node.parentElement!;
    if (!text) continue;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const svg = element.closest('svg');
    const scale = svg ? svg.getScreenCTM()!.a : 1;
    if (size * scale < least - 0.1) found.push(`${text.slice(0, 20)}: ${(size * scale).toFixed(1)} px`);
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      if (rect.width < 1) continue;
      // A text that ends with an ellipsis is as wide as its box.
      let { left, right } = rect;
      const { top, bottom } = rect;
      for (let up: Element | null = element; up && up !== sheet; up = up.parentElement) {
        const around = getComputedStyle(up);
        if (around.overflowX !== 'hidden') continue;
        const box = up.getBoundingClientRect();
        if (right > box.right + 1 && around.textOverflow !== 'ellipsis') found.push(`${text.slice(0, 20)}: cut`);
        // Letters are lower than their line.
        const [upper, lower] = [(top + bottom) / 2 - 0.4 * size * scale, (top + bottom) / 2 + 0.4 * size * scale];
        if (upper < box.top - 1 || lower > box.bottom + 1) found.push(`${text.slice(0, 20)}: cut above or below`);
        left = Math.max(left, box.left);
        right = Math.min(right, box.right);
      }
      if (left < 0 || right > innerWidth + 0.5 || top < 0 || bottom > innerHeight + 0.5)
        found.push(`${text.slice(0, 20)}: outside`);
      // Letters are lower than their line.
      const middle = (top + bottom) / 2;
      const half = Math.min((bottom - top) / 2, size * scale * 0.42);
      if (right - left > 1)
        boxes.push({ text, element, rect: new DOMRect(left, middle - half, right - left, 2 * half) });
    }
  }
  boxes.forEach((a, i) => {
    for (const b of boxes.slice(i + 1)) {
      // A text with an ellipsis has two boxes.
      if (a.element === b.element) continue;
      const across = Math.min(a.rect.right, b.rect.right) - Math.max(a.rect.left, b.rect.left);
      const down = Math.min(a.rect.bottom, b.rect.bottom) - Math.max(a.rect.top, b.rect.top);
      if (across > 1 && down > 1) found.push(`${a.text.slice(0, 16)} and ${b.text.slice(0, 16)} overlap`);
    }
  });
  return found;
}

/**
 * To be run in the page: texts of which a part cannot be seen, with an ellipsis or without one.
 * @param roots in what they are looked for
 */
export function cutTexts(roots: string): string[] {
  const found: string[] = [];
  for (const root of document.querySelectorAll(roots))
    for (const element of [root, ...root.querySelectorAll<HTMLElement>('*')]) {
      const { overflowX } = getComputedStyle(element);
      if (overflowX === 'visible' || element.closest('svg, .visually-hidden') || !element.checkVisibility()) continue;
      const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent!.trim());
      if (own && element.scrollWidth > element.clientWidth + 1)
        found.push(`${element.textContent.trim().slice(0, 60)}: cut`);
    }
  return found;
}

/**
 * To be run in the page: texts that are outside of the screen, to the side; below, a screen may go on.
 * @param roots in what they are looked for
 */
export function outsideTexts(roots: string): string[] {
  const found: string[] = [];
  for (const root of document.querySelectorAll(roots)) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement!;
      if (!node.textContent!.trim() || element.closest('.visually-hidden, option') || !element.checkVisibility())
        continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const { left, right } = range.getBoundingClientRect();
      if (left < -0.5 || right > innerWidth + 0.5) found.push(`${node.textContent!.trim().slice(0, 60)}: outside`);
    }
  }
  return found;
}

/** To be run in the page: towns that have no name on a map that is on show. */
export function mapNames(): string[] {
  const found: string[] = [];
  for (const map of document.querySelectorAll('.tile.on svg.map')) {
    const towns = map.querySelectorAll('.area').length;
    const names = [...map.querySelectorAll('text')].filter((text) => /\p{L}/u.test(text.textContent)).length;
    if (names !== towns) found.push(`${names} of ${towns} towns have their names`);
  }
  return found;
}
