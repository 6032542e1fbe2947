import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Value } from 'typebox/value';
import { PresentationSchema, type Presentation, type PresentationCommand } from '../../../contract/presenting.ts';
import { BRIEFING_PAGES } from '../../../contract/briefingLimits.ts';
import {
  editedMeanwhile,
  isRefusal,
  presented,
  withoutName,
} from '../../../server/briefing/presenting/presentation.ts';

const BRIEFING = '330110-0f3a5c7e9b1d2f4a6c';
const A = { id: 'a', name: '某甲' };
const B = { id: 'b', name: '某乙' };
const NOW = Date.UTC(2026, 10, 28, 1);
const scope = '330110';
const step = (before: Presentation | undefined, command: object, by = A, at = NOW) =>
  presented(before, { briefing: BRIEFING, ...command } as PresentationCommand, by, { scope, at });
const good = (result: ReturnType<typeof step>): Presentation => {
  if (isRefusal(result)) throw new Error(result.detail);
  return result;
};
const begun = () => good(step(undefined, { do: 'begin', page: 'cover' }));

describe('a presentation', () => {
  it('is begun, shown, taken over where it is, and ended', () => {
    const first = begun();
    expect(first).toEqual({
      briefing: BRIEFING,
      scope,
      seq: NOW,
      on: true,
      presenter: A,
      page: 'cover',
      black: false,
      began: '2026-11-28T09:00:00+08:00',
      edited: 0,
    });
    const shown = good(step(first, { do: 'show', page: 'map', black: true, pointer: { x: 1, y: 2 } }));
    expect(shown).toMatchObject({ page: 'map', black: true, pointer: { x: 1, y: 2 }, seq: NOW + 1 });
    expect(step(shown, { do: 'show', page: 'loop' }, B)).toMatchObject({ code: 'taken', by: '某甲' });
    expect(step(shown, { do: 'end' }, B)).toMatchObject({ code: 'taken' });
    expect(step(shown, { do: 'begin', page: 'loop' }, B)).toMatchObject({ code: 'taken', by: '某甲' });
    const other = good(step(shown, { do: 'begin', page: 'loop', take: true }, B));
    expect(other).toMatchObject({ presenter: B, page: 'map', black: true, began: first.began });
    expect(other.pointer).toBeUndefined();
    expect(step(other, { do: 'show', page: 'loop' }, A)).toMatchObject({ code: 'taken', by: '某乙' });
    const ended = good(step(other, { do: 'end' }, B));
    expect(ended).toMatchObject({ on: false, black: false });
    expect(step(ended, { do: 'show', page: 'loop' }, B)).toMatchObject({ code: 'not-presenting' });
    // Begun again it is newer than all before, also if the clock has been set back.
    const again = good(step(ended, { do: 'begin', page: 'loop' }, A, NOW - 3_600_000));
    expect(again).toMatchObject({ on: true, page: 'loop', presenter: A });
    expect(again.seq).toBeGreaterThan(ended.seq);
  });

  it('takes a pointer away, and keeps it while nothing is said of it', () => {
    const pointed = good(step(begun(), { do: 'show', pointer: { x: 5, y: 5 } }));
    expect(good(step(pointed, { do: 'show', page: 'map' })).pointer).toEqual({ x: 5, y: 5 });
    expect(good(step(pointed, { do: 'show', pointer: null })).pointer).toBeUndefined();
  });

  it('keeps moment and comparison while pages turn and when another takes over, and has neither once it has ended', () => {
    const moment = { at: '2026-11-27T09:00:00+08:00', step: 'hour', shown: false, playing: false } as const;
    const seen = good(step(begun(), { do: 'show', moment, vs: 'week' }));
    expect(good(step(seen, { do: 'show', page: 'map' }))).toMatchObject({ page: 'map', moment, vs: 'week' });
    expect(step(seen, { do: 'show', moment: { ...moment }, vs: 'week' })).toBe(seen);
    expect(good(step(seen, { do: 'begin', page: 'map', take: true }, B))).toMatchObject({ moment, vs: 'week' });
    const now = good(step(seen, { do: 'show', moment: null }));
    expect([now.moment, now.vs]).toEqual([undefined, 'week']);
    const ended = good(step(seen, { do: 'end' }));
    expect([ended.moment, ended.vs]).toEqual([undefined, undefined]);
  });

  it('tells a display everything but who presents', () => {
    expect(JSON.stringify(withoutName(begun()))).not.toContain('某甲');
    expect(withoutName(begun())).toMatchObject({ page: 'cover', on: true });
  });

  const command = fc.oneof(
    fc.record({ do: fc.constant('begin'), page: fc.constantFrom(...BRIEFING_PAGES), take: fc.boolean() }),
    fc.record(
      {
        do: fc.constant('show'),
        page: fc.constantFrom(...BRIEFING_PAGES),
        black: fc.boolean(),
        pointer: fc.option(fc.record({ x: fc.nat(10_000), y: fc.nat(10_000) })),
        moment: fc.option(
          fc.record({
            at: fc.constantFrom('2026-11-27T09:00:00+08:00', '2026-11-27T10:00:00+08:00'),
            step: fc.constantFrom('hour', '5m'),
            shown: fc.boolean(),
            playing: fc.boolean(),
          }),
        ),
        vs: fc.option(fc.constantFrom('week', 'window:month')),
      },
      { requiredKeys: ['do'] },
    ),
    fc.record({ do: fc.constant('end') }),
  );
  it('changes nothing by what is sent twice, grows in seq with each change, and is of one presenter at a time', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(command, fc.constantFrom(A, B), fc.nat(5)), { maxLength: 30 }), (steps) => {
        let state: Presentation | undefined;
        for (const [one, by, later] of steps) {
          const at = NOW + later;
          const next = step(state, one, by, at);
          if (isRefusal(next)) {
            // Refused is only what is another's, or what nobody has begun.
            expect(next.code === 'taken' ? state?.on && state.presenter!.id !== by.id : !state?.on).toBe(true);
            continue;
          }
          expect(Value.Check(PresentationSchema, next)).toBe(true);
          expect(step(next, one, by, at + 1)).toBe(next);
          if (state && next !== state) expect(next.seq).toBeGreaterThan(state.seq);
          if (next !== state && next.on) expect(next.presenter).toEqual(by);
          state = next;
        }
      }),
    );
  });

  it('is newer once its pages have been changed', () => {
    const before = begun();
    expect(editedMeanwhile(before, NOW)).toEqual({ ...before, seq: before.seq + 1, edited: 1 });
  });
});
