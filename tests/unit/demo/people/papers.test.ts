import { expect, it } from 'vitest';
import { preparePapers } from '../../../../demo/people/papers.ts';
import { Refused } from '../../../../demo/sender.ts';

const NOW = Date.parse('2026-11-30T04:00:00+08:00');

/** @param there how many there are of each already */
async function asked(there: { briefings?: number; reports?: number }, refuses = false) {
  const posted: [string, object][] = [];
  const lines: string[] = [];
  await preparePapers({
    region: '330110',
    read: async (path) => {
      const [, of] = /^\/api\/v1\/(briefings|reports)\?scope=330110$/.exec(path)!;
      const n = there[of as 'briefings' | 'reports'];
      return n === undefined ? undefined : { items: new Array<object>(n).fill({}) };
    },
    post: async (path, body) => {
      posted.push([path, body]);
      if (refuses) throw new Refused(409, 'too many');
    },
    now: () => NOW,
    log: { info: () => {}, warn: (_, line) => void lines.push(line), error: () => {} },
  });
  return { posted, lines };
}

it('a briefing and the report of the last whole week are asked for, where there is none', async () => {
  expect((await asked({ briefings: 0, reports: 0 })).posted).toEqual([
    ['/api/v1/briefings', { scope: '330110', window: '30d' }],
    ['/api/v1/reports', { kind: 'weekly', scope: '330110', at: '2026-11-23T04:00:00+08:00' }],
  ]);
  expect((await asked({ briefings: 1, reports: 0 })).posted).toHaveLength(1);
  expect((await asked({ briefings: 2, reports: 1 })).posted).toEqual([]);
  // A server without them.
  expect((await asked({})).posted).toEqual([]);
});

it('what is refused is a line in the log, and no more', async () => {
  expect((await asked({ briefings: 0, reports: 0 }, true)).lines).toEqual([
    'demonstration: a briefing or a report was refused',
  ]);
});
