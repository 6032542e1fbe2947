import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Presentation } from '../../../../contract/presenting.ts';
import {
  ALONE,
  confirmed,
  done,
  givenUp,
  hasUnsent,
  heard,
  newer,
  shown,
  type InStep,
} from '../../../../web/briefing/present/inStep.ts';

const at = (seq: number, more: Partial<Presentation> = {}): Presentation => ({
  briefing: 'b',
  scope: '330110',
  seq,
  on: true,
  presenter: { id: 'a', name: '某甲' },
  page: `p${seq}`,
  black: false,
  began: '2026-11-28T09:00:00+08:00',
  edited: 0,
  ...more,
});

describe('who follows', () => {
  it('shows the newest, in whatever order and however often it comes', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1 }), (order) => {
        const state = order.reduce((now, seq) => heard(now, at(seq)), ALONE);
        expect(state.heard).toEqual(at(Math.max(...order)));
        expect(heard(state, undefined)).toBe(state);
      }),
    );
  });

  it('of two briefings goes by the one that began last, and back when that has ended', () => {
    const one = at(100, { briefing: 'one' });
    const two = at(50, { briefing: 'two', began: '2026-11-28T10:00:00+08:00' });
    expect(newer(one, two)).toBe(two);
    expect(newer(two, { ...one, seq: 200 })).toBe(two);
    const ended = { ...two, seq: 60, on: false };
    expect(newer(two, ended)).toBe(ended);
    expect(newer(ended, one)).toBe(one);
  });
});

describe('who presents', () => {
  it('is ahead of the server, and keeps what was done since it was sent', () => {
    let state = heard(ALONE, at(1));
    state = done(state, { page: 'x' });
    expect(shown(state)).toEqual({ page: 'x', black: false });
    const sent = { ...state.mine };
    state = done(state, { page: 'y', black: true });
    // An older one of the server does not turn the page back.
    state = heard(state, at(2));
    expect(shown(state)).toEqual({ page: 'y', black: true });
    state = confirmed(state, sent, at(3, { page: 'x' }));
    expect(state.mine).toEqual({ page: 'y', black: true });
    state = confirmed(state, state.mine, at(4, { page: 'y', black: true }));
    expect(hasUnsent(state)).toBe(false);
    expect(shown(state)).toEqual({ page: 'y', black: true });
  });

  it('goes to another moment and compares, and back, whatever is sent meanwhile', () => {
    const moment = { at: '2026-11-27T09:00:00+08:00', step: 'hour', shown: false, playing: false } as const;
    let state = heard(ALONE, at(1));
    // So already: nothing is compared, and no other moment on show.
    expect(hasUnsent(done(state, { moment: null, vs: null }))).toBe(false);
    state = done(state, { moment, vs: 'week' });
    const sent = { ...state.mine };
    state = done(state, { moment: null });
    state = confirmed(state, sent, at(2, { page: 'p1', moment, vs: 'week' }));
    expect(state.mine).toEqual({ moment: null });
    expect(shown(state)).toEqual({ page: 'p1', black: false, moment: null, vs: 'week' });
    state = confirmed(state, state.mine, at(3, { page: 'p1', vs: 'week' }));
    expect([hasUnsent(state), shown(state)]).toEqual([false, { page: 'p1', black: false, vs: 'week' }]);
  });

  it('sends nothing that is so already, and nothing once another presents', () => {
    const state = heard(ALONE, at(1));
    expect(hasUnsent(done(state, { page: 'p1', black: false }))).toBe(false);
    expect(hasUnsent(givenUp(done(state, { page: 'x' })))).toBe(false);
  });

  /**
   * A server and a page, between which messages are lost, come twice or late: once the line holds, both show what was done last.
   */
  it('comes into step with the server whatever is lost', () => {
    const action = fc.oneof(
      fc.record({ kind: fc.constant('turn' as const), page: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ kind: fc.constant('black' as const), black: fc.boolean() }),
      // The message arrives or not, its answer arrives or not.
      fc.record({ kind: fc.constant('send' as const), arrives: fc.boolean(), answered: fc.boolean() }),
      fc.record({ kind: fc.constant('reload' as const) }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        let server = at(1, { page: 'a' });
        let page: InStep = heard(ALONE, server);
        const old: Presentation[] = [];
        const send = (arrives: boolean, answered: boolean) => {
          const sent = { ...page.mine };
          if (!hasUnsent(page)) return;
          if (arrives) {
            old.push(server);
            server = { ...server, ...(sent as Partial<Pick<Presentation, 'page' | 'black'>>), seq: server.seq + 1 };
            if (answered) page = confirmed(page, sent, server);
          }
        };
        let last = shown(page);
        for (const one of actions) {
          if (one.kind === 'turn') page = done(page, { page: one.page });
          else if (one.kind === 'black') page = done(page, { black: one.black });
          else if (one.kind === 'send') send(one.arrives, one.answered);
          else page = heard(ALONE, server);
          last = shown(page);
          for (const late of old.slice(-2)) page = heard(page, late);
          expect(shown(page)).toEqual(last);
        }
        // The line holds again: all of it is told, what waits is sent.
        page = heard(page, server);
        while (hasUnsent(page)) send(true, true);
        expect(shown(page)).toEqual(last);
        expect({ page: server.page, black: server.black }).toEqual(last);
      }),
    );
  });
});
