import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InkChange, Present, PresentAck, Stroke } from '../../../../contract/presenting.ts';
import { MAX_CHUNK_POINTS, MAX_STROKE_POINTS } from '../../../../contract/presentLimits.ts';
import { lastOf, withInk } from '../../../../web/briefing/present/ink.ts';
import { inkPath } from '../../../../web/briefing/present/inkPath.ts';
import { createPen } from '../../../../web/briefing/present/pen.ts';

const part = (stroke: string, from: number, points: number[], page = 'map'): InkChange => ({
  briefing: 'b',
  page,
  stroke,
  from,
  points,
});

describe('strokes', () => {
  it('are whole whatever comes twice or overlaps', () => {
    const all = Array.from({ length: 40 }, (_, i) => i);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(19), fc.integer({ min: 1, max: 20 }))), (pieces) => {
        let strokes: Stroke[] = [];
        let known = 0;
        for (const [from, length] of [...pieces, [0, 20] as const]) {
          const to = Math.min(20, from + length);
          strokes = withInk(strokes, part('one', from, all.slice(2 * from, 2 * to)));
          if (from <= known) known = Math.max(known, to);
          expect(strokes[0]?.points ?? []).toEqual(all.slice(0, 2 * known));
        }
        expect(strokes).toEqual([{ id: 'one', page: 'map', points: all }]);
      }),
    );
  });

  it('are taken away one by one, the last first, and by page', () => {
    let strokes: Stroke[] = [];
    for (const [id, page] of [
      ['a', 'map'],
      ['b', 'loop'],
      ['c', 'map'],
    ] as const)
      strokes = withInk(strokes, part(id, 0, [1, 1], page));
    expect(lastOf(strokes, 'map')?.id).toBe('c');
    expect(withInk(strokes, { briefing: 'b', erased: { stroke: 'c' } }).map(({ id }) => id)).toEqual(['a', 'b']);
    expect(withInk(strokes, { briefing: 'b', erased: { page: 'map' } }).map(({ id }) => id)).toEqual(['b']);
    expect(lastOf([], 'map')).toBeUndefined();
  });

  it('have an outline, also a mere dot', () => {
    for (const points of [
      [5_000, 5_000],
      [0, 0, 5_000, 5_000, 10_000, 0],
    ])
      expect(inkPath(points)).toMatch(/^M[\d. -]+Q[\d. -]+Z$/);
    expect(inkPath([])).toBe('');
  });
});

describe('the pen', () => {
  /** A server that keeps strokes as the real one does, and a line that loses some. */
  function desk(lost: () => boolean) {
    let kept: Stroke[] = [];
    const sent: Present[] = [];
    const strokes = { value: [] as Stroke[] };
    const full: string[] = [];
    let answer: PresentAck = {};
    const pen = createPen({
      strokes,
      full: ({ code }) => full.push(code),
      pause: () => Promise.resolve(),
      send(command) {
        sent.push(command);
        if (lost()) return Promise.resolve(undefined);
        if ('problem' in answer) return Promise.resolve(answer);
        kept = withInk(kept, command.do === 'draw' ? command : { briefing: 'b', erased: command.what });
        return Promise.resolve(lost() ? undefined : {});
      },
    });
    const settle = async () => {
      for (let i = 0; i < 2_000; i++) {
        await Promise.resolve();
        if (i % 20 === 0) pen.again();
      }
    };
    return { pen, strokes, sent, full, kept: () => kept, settle, refuse: (next: PresentAck) => (answer = next) };
  }
  const draw = ({ pen }: ReturnType<typeof desk>, points: number, page: 'map' | 'loop' = 'map') => {
    pen.down('b', page, { x: 0, y: 0 });
    for (let i = 1; i < points; i++) pen.move({ x: (i * 50) % 10_000, y: Math.floor((i * 50) / 10_000) * 20 });
    pen.up();
  };

  it('has all of it arrive, in parts, over a line that loses a third', async () => {
    let n = 0;
    const here = desk(() => n++ % 3 === 1);
    draw(here, 250);
    draw(here, 3, 'loop');
    await here.settle();
    expect(here.kept()).toEqual(here.strokes.value);
    expect(here.kept().map(({ points }) => points.length / 2)).toEqual([250, 3]);
    for (const command of here.sent)
      if (command.do === 'draw') expect(command.points.length / 2).toBeLessThanOrEqual(MAX_CHUNK_POINTS);
  });

  it('makes several strokes of one that is too long', async () => {
    const here = desk(() => false);
    draw(here, MAX_STROKE_POINTS + 10);
    await here.settle();
    expect(here.kept().map(({ points }) => points.length / 2)).toEqual([MAX_STROKE_POINTS, 11]);
  });

  it('takes away what is being sent, and what was', async () => {
    const here = desk(() => false);
    draw(here, 5);
    await here.settle();
    draw(here, 5);
    here.pen.erase({ briefing: 'b', do: 'erase', what: { page: 'map' } });
    expect(here.strokes.value).toEqual([]);
    await here.settle();
    expect(here.kept()).toEqual([]);
  });

  it('takes back what the server has no room for, and says so', async () => {
    const here = desk(() => false);
    here.refuse({ problem: { code: 'full', detail: 'full' } });
    draw(here, 5);
    await here.settle();
    expect([here.full, here.strokes.value]).toEqual([['full'], []]);
  });
});
