/**
 * What is wrong with the boxes of the elements that `selector` finds: text outside them, text cut without an ellipsis
 * and a title, texts over one another. Runs in the page, so it may use nothing from outside itself.
 */
export function faultsOfBoxes(selector: string): string[] {
  const faults: string[] = [];
  type Rect = { left: number; right: number; top: number; bottom: number };

  /** The letters of a line: the em box in its middle; the area of a font's line is higher than anything drawn. */
  const letters = (rect: DOMRect, fontSize: number): Rect => {
    const middle = (rect.top + rect.bottom) / 2;
    return { left: rect.left, right: rect.right, top: middle - fontSize * 0.45, bottom: middle + fontSize * 0.45 };
  };
  const clips = (style: CSSStyleDeclaration) => style.overflowX !== 'visible' || style.overflowY !== 'visible';

  for (const root of document.querySelectorAll<HTMLElement>(selector)) {
    const name = root.dataset.panel ?? root.dataset.slot ?? selector;
    const bounds = root.getBoundingClientRect();
    const texts: { text: string; rect: Rect; element: Element }[] = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.textContent!.trim();
      const element = node.parentElement!;
      if (
        !text ||
        element.closest('.visually-hidden') ||
        !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
      )
        continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const fontSize = parseFloat(getComputedStyle(element).fontSize);
      for (const line of range.getClientRects()) {
        let rect = letters(line, fontSize);
        let gone = false;
        for (let box: Element | null = element; box && root.contains(box); box = box.parentElement) {
          const style = getComputedStyle(box);
          if (!clips(style)) continue;
          const frame = box.getBoundingClientRect();
          const wide = rect.left < frame.left - 1 || rect.right > frame.right + 1;
          const high = rect.top < frame.top - 1 || rect.bottom > frame.bottom + 1;
          if (wide && !(style.textOverflow === 'ellipsis' && element.closest('[title]')))
            faults.push(`${name}: “${text}” is cut at the side`);
          // Lines beyond the last one that shows end in an ellipsis, too; the title has all of them.
          const clamped = Number(style.webkitLineClamp) > 0 && element.closest('[title]') !== null;
          if (high && !clamped) faults.push(`${name}: “${text}” is cut above or below`);
          rect = {
            left: Math.max(rect.left, frame.left),
            right: Math.min(rect.right, frame.right),
            top: Math.max(rect.top, frame.top),
            bottom: Math.min(rect.bottom, frame.bottom),
          };
          if (rect.left >= rect.right || rect.top >= rect.bottom) gone = true;
        }
        if (gone) continue;
        if (
          rect.left < bounds.left - 1 ||
          rect.right > bounds.right + 1 ||
          rect.top < bounds.top - 1 ||
          rect.bottom > bounds.bottom + 1
        ) {
          faults.push(`${name}: “${text}” is outside its panel`);
        }
        texts.push({ text, rect, element });
      }
    }
    texts.forEach((a, i) => {
      for (const b of texts.slice(i + 1)) {
        const across = Math.min(a.rect.right, b.rect.right) - Math.max(a.rect.left, b.rect.left);
        const down = Math.min(a.rect.bottom, b.rect.bottom) - Math.max(a.rect.top, b.rect.top);
        // A text with an ellipsis has two boxes, whole and cut.
        if (a.element !== b.element && across > 1 && down > 2)
          faults.push(`${name}: “${a.text}” and “${b.text}” overlap`);
      }
    });
    const least = parseFloat(getComputedStyle(document.documentElement).fontSize) * 1.5;
    for (const { text, element } of texts) {
      if (parseFloat(getComputedStyle(element).fontSize) < least - 0.1)
        faults.push(`${name}: “${text}” is smaller than 1.5rem`);
    }
  }
  return [...new Set(faults)];
}
