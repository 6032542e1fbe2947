import type { Page } from 'playwright-core';

/** Waits until so many files are with the server, and no more. */
export const uploaded = (page: Page, n: number) =>
  page.waitForFunction((wanted) => document.querySelectorAll('[data-upload="done"]').length === wanted, n);

/** Waits until a picture is there to be looked at. */
export const seen = (page: Page, selector: string) =>
  page.waitForFunction((one) => {
    const img = document.querySelector<HTMLImageElement>(one);
    return img !== null && img.complete && img.naturalWidth > 0;
  }, selector);
