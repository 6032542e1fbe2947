/**
 * What is wrong with the wall's arrangement: panels over one another, off the screen, or of no size; scroll bars. Runs
 * in the page, so it may use nothing from outside itself.
 */
export function layoutFaults(): string[] {
  const faults: string[] = [];
  // On a phone, what scrolls goes by below the bar and the banner of the past.
  const phone = document.querySelector('.layout-phone') !== null;
  const found = `.slot, header.bar${phone ? '' : ', [data-timebar], [data-replay-banner]'}`;
  const boxes = [...document.querySelectorAll<HTMLElement>(found)].map((element) => ({
    name: element.dataset.slot ?? element.getAttribute('aria-label') ?? 'header',
    rect: element.getBoundingClientRect(),
    isPanel: element.dataset.slot !== undefined,
  }));
  const names = boxes.map(({ name }) => name);
  for (const name of ['header', 'headline', 'towns', 'agenda', 'map'])
    if (names.filter((one) => one === name).length !== 1) faults.push(`${name} is not there once`);
  boxes.forEach((a, i) => {
    if (a.rect.left < 0 || a.rect.top < 0 || a.rect.right > innerWidth + 0.5 || a.rect.bottom > innerHeight + 0.5)
      faults.push(`${a.name} leaves the screen`);
    if (a.rect.width < 100 || a.rect.height < (a.isPanel ? 40 : 20)) faults.push(`${a.name} has no size`);
    for (const b of boxes.slice(i + 1)) {
      const across = Math.min(a.rect.right, b.rect.right) - Math.max(a.rect.left, b.rect.left);
      const down = Math.min(a.rect.bottom, b.rect.bottom) - Math.max(a.rect.top, b.rect.top);
      if (across > 0.5 && down > 0.5) faults.push(`${a.name} and ${b.name} overlap`);
    }
  });
  if (phone) return faults.filter((fault) => !fault.endsWith('leaves the screen'));
  const page = document.documentElement;
  if (page.scrollWidth > innerWidth || page.scrollHeight > innerHeight) faults.push('the page scrolls');
  for (const element of document.querySelectorAll<HTMLElement>('.wall, .wall *')) {
    const { overflowX, overflowY } = getComputedStyle(element);
    const bars =
      (element.scrollWidth > element.clientWidth + 1 && /auto|scroll/.test(overflowX)) ||
      (element.scrollHeight > element.clientHeight + 1 && /auto|scroll/.test(overflowY));
    if (bars) faults.push(`${element.className} has scroll bars`);
  }
  return faults;
}
