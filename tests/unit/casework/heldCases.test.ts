import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startPlatform } from '../../../demo/platform/referencePlatform.ts';
import { CaseBook, type Delivered } from '../../../demo/platform/caseBook.ts';

const event = (id: string, type: string, alertId: string): Delivered => ({
  id,
  type,
  time: '2026-11-23T10:00:00+08:00',
  data: { alertId, region: '330110', unit: '某街道', alert: { enterprise: { name: '某禾建筑有限公司' } } },
});

describe('the cases of the reference platform', () => {
  it('go on in another run: what came is not taken again, what was held is held', () => {
    const first = new CaseBook();
    expect(first.take('w1', event('d1', 'wage.alert.dispatched', 'A'), 1)).toBe(true);
    const next = new CaseBook(JSON.parse(JSON.stringify(first.kept())));
    expect(next.take('w1', event('d1', 'wage.alert.dispatched', 'A'), 2)).toBe(false);
    expect(next.cases.get('A')).toMatchObject({ standsBy: 'd1', state: 'dispatched', employer: '某禾建筑有限公司' });
  });

  it('have an end: those that are over are forgotten, the oldest first, and none that is open', () => {
    const book = new CaseBook();
    book.take('open', event('open', 'wage.alert.dispatched', 'OPEN'), 0);
    for (let n = 0; n < 300; n++) {
      book.take(`d${n}`, event(`d${n}`, 'wage.alert.dispatched', `A${n}`), n);
      book.take(`c${n}`, event(`c${n}`, 'wage.alert.closed', `A${n}`), n);
    }
    expect(book.cases.size).toBe(201);
    expect(book.cases.has('OPEN')).toBe(true);
    expect(book.cases.has('A99')).toBe(false);
    expect(book.cases.has('A299')).toBe(true);
  });

  it('are not guessed from what is damaged', () => {
    expect(() => new CaseBook({ cases: 'x' })).toThrow(/damaged/);
  });

  it.each(['{"cases":"x"}', '{"cases":[', ''])(
    'are told with their file and what to do where that holds %j',
    async (text) => {
      const folder = mkdtempSync(join(tmpdir(), 'wagewatch-cases-'));
      const keep = join(folder, 'demo-platform.json');
      writeFileSync(keep, text);
      try {
        const starting = startPlatform({
          port: 0,
          secrets: [],
          server: 'http://127.0.0.1:1',
          token: '',
          source: 's',
          keep,
        });
        await expect(starting).rejects.toThrow(`${keep} is damaged: remove it, and the platform begins without cases`);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});
