import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';

/** Where a run that looks at the pages keeps their pictures (`SHOTS=<folder>`); else none are taken. */
export const shots = process.env['SHOTS'] ? resolve(process.env['SHOTS']) : undefined;

/** @param rest ms until nothing moves any more */
export async function shoot(page: Page, name: string, rest = 0): Promise<void> {
  if (!shots) return;
  if (rest) await page.waitForTimeout(rest);
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`) });
}
