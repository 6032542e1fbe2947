import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LADDER, ladderOf } from '../../../common/ladder.ts';
import { encodeDocument } from '../../../server/alerts/document.ts';
import { foldAlert, foldRulesOf } from '../../../server/alerts/fold.ts';
import type { StoredEvent } from '../../../server/alerts/state.ts';
import { decodeCase, encodeCase } from '../../../server/casework/clock/case.ts';
import { CaseBook } from '../../../server/casework/clock/caseBook.ts';
import { lookAt } from '../../../server/casework/clock/look.ts';
import { casePack } from '../../support/casework.ts';
import { SHIPPED } from '../terms/support.ts';
import { walkRungs } from './walkRungs.ts';

/** What the clock says of an alert, against a book that knows nothing but which rungs were passed in which stage. */

const MINUTE = 60_000;
const START = Date.parse('2026-09-28T01:00:00Z');
const pack = casePack();
const rules = foldRulesOf(pack, SHIPPED);
const ALERT = 'A1';

type Kind = 'dispatched' | 'accepted' | 'handled' | 'returned' | 'audited' | 'closed' | 'extended' | 'redder';
const eventOf = (kind: Kind, time: number, id: string, days: number): StoredEvent => {
  const common = { time, source: 'urn:test', id };
  switch (kind) {
    case 'dispatched':
      return { ...common, type: 'wage.alert.dispatched', data: { platform: 'tri-colour', unit: 'brigade' } };
    case 'accepted':
      return { ...common, type: 'wage.alert.accepted', data: { unit: 'brigade' } };
    case 'handled':
      return { ...common, type: 'wage.alert.handled', data: { outcome: 'other' } };
    case 'returned':
      return { ...common, type: 'wage.alert.audited', data: { verdict: 'returned' } };
    case 'audited':
      return { ...common, type: 'wage.alert.audited', data: { verdict: 'effective' } };
    case 'closed':
      return { ...common, type: 'wage.alert.closed', data: {} };
    case 'extended':
      return {
        ...common,
        type: 'wage.case.extended',
        data: { dueAt: new Date(time + days * 24 * 60 * MINUTE).toISOString(), reason: '某理由' },
      };
    case 'redder':
      return { ...common, type: 'wage.alert.amended', data: { tier: 'red' } };
  }
};
const raised: StoredEvent = {
  type: 'wage.alert.raised',
  time: START,
  source: 'urn:test',
  id: 'raised',
  data: {
    tier: 'orange',
    town: '330110010',
    industry: 'E',
    channel: 'water',
    enterprise: { name: '某甲建筑劳务有限公司' },
    workers: 3,
    amountFen: 100,
  },
};

const MOST = 60 * 24 * 30;
const happening = fc.record({
  kind: fc.constantFrom<Kind>(
    'dispatched',
    'accepted',
    'handled',
    'returned',
    'audited',
    'closed',
    'extended',
    'redder',
  ),
  // Tens, so that shares of terms named by events are whole minutes.
  tens: fc.integer({ min: 1, max: MOST / 10 }),
  days: fc.integer({ min: 1, max: 20 }),
});
const minutes = fc.integer({ min: 0, max: MOST });

it('each rung of each stage once, of those missed the last, whenever one looks and whenever the clock begins anew', () => {
  fc.assert(
    fc.property(
      fc.array(happening, { maxLength: 8 }),
      fc.array(minutes, { minLength: 1, maxLength: 25 }),
      fc.integer({ min: -5, max: 100 }),
      (happenings, looks, sinceMinute) => {
        const since = START + sinceMinute * MINUTE;
        const events = [
          raised,
          ...happenings.map(({ kind, tens, days }, i) => eventOf(kind, START + tens * 10 * MINUTE, `e${i}`, days)),
        ];
        let book = new CaseBook(rules.clock!, ladderOf(pack));
        const spoken: string[] = [];
        const expected: string[] = [];
        const passed = new Set<string>();
        for (const minute of [...looks].sort((a, b) => a - b)) {
          const now = START + minute * MINUTE;
          const happened = events.filter(({ time }) => time <= now);
          const read = new Map([[ALERT, encodeDocument(happened)]]);
          const by = { pack, rules, since, now };
          lookAt([{ kind: 'changed', alertId: ALERT }], read, book, by);
          const due = book.takeDue(now, 10);
          const { inbox } = lookAt(
            due.map((alertId) => ({ kind: 'due', alertId, at: now })),
            read,
            book,
            by,
          );
          for (const { stage, rung } of inbox) spoken.push(`${minute} ${stage} ${rung}`);
          // What is kept is enough to go on with.
          const kept = book.get(ALERT);
          book = new CaseBook(rules.clock!, ladderOf(pack));
          if (kept) book.put(decodeCase(ALERT, encodeCase(kept)));

          const state = foldAlert(ALERT, happened, rules)!;
          if (state.stage === 'closed' || state.stageAt < since) continue;
          const over = [...walkRungs(state.termFrom, state.dueAt, DEFAULT_LADDER)]
            .filter(([rung, at]) => now > at && !passed.has(`${state.stageEvent} ${rung}`))
            .map(([rung]) => rung);
          for (const rung of over) passed.add(`${state.stageEvent} ${rung}`);
          const order = DEFAULT_LADDER.map(({ rung }) => rung);
          const last = over.sort((a, b) => order.indexOf(a) - order.indexOf(b)).at(-1);
          if (last !== undefined) expected.push(`${minute} ${state.stage} ${last}`);
        }
        expect(spoken).toEqual(expected);
      },
    ),
    { numRuns: 150 },
  );
});

it('says that a red alert was dispatched, or that a dispatched one became red, once, and only as news', () => {
  const book = new CaseBook(rules.clock!, ladderOf(pack));
  const look = (events: StoredEvent[], now: number) => {
    const read = new Map([[ALERT, encodeDocument(events)]]);
    const { inbox } = lookAt([{ kind: 'changed', alertId: ALERT }], read, book, { pack, rules, since: START, now });
    return inbox.map(({ kind, tier, stage, unit, rung }) => ({ kind, tier, stage, unit, rung }));
  };
  const dispatched = eventOf('dispatched', START + MINUTE, 'd', 0);
  const redder = eventOf('redder', START + 2 * MINUTE, 'r', 0);
  const noted: StoredEvent = {
    type: 'wage.case.noted',
    time: START + 3 * MINUTE,
    source: 'u',
    id: 'n',
    data: { text: 'x' },
  };
  const said = { kind: 'red', tier: 'red', stage: 'dispatched', unit: 'brigade', rung: undefined };
  expect(look([raised], START)).toEqual([]);
  expect(look([raised, dispatched], START + MINUTE)).toEqual([]);
  expect(look([raised, dispatched, redder], START + 2 * MINUTE)).toEqual([said]);
  expect(look([raised, dispatched, redder, noted], START + 3 * MINUTE)).toEqual([{ ...said, kind: 'noted' }]);
  const handled = [raised, dispatched, redder, noted, eventOf('handled', START + 4 * MINUTE, 'h', 0)];
  expect(look(handled, START + 4 * MINUTE)).toEqual([]);
  // Sent back, it is known there, and told as that alone; reopened or sent elsewhere, it is news.
  const returned = [...handled, eventOf('returned', START + 5 * MINUTE, 'b', 0)];
  expect(look(returned, START + 5 * MINUTE)).toEqual([{ ...said, kind: 'returned' }]);
  const again = [...returned, eventOf('dispatched', START + 6 * MINUTE, 'd2', 0)];
  expect(look(again, START + 6 * MINUTE)).toEqual([said]);
  // A clock that was not there for two days speaks of terms.
  const late = [...again, eventOf('dispatched', START + 7 * MINUTE, 'd3', 0)];
  expect(look(late, START + 2 * 24 * 60 * MINUTE)).toEqual([]);
});

describe('what somebody urges, or puts under supervision', () => {
  const dispatched = eventOf('dispatched', START + MINUTE, 'd', 0);
  const letter = (minute: number, type: 'urged' | 'supervised', id: string, source = 'urn:wagewatch:desk') =>
    ({
      type: `wage.case.${type}`,
      time: START + minute * MINUTE,
      source,
      id,
      data: type === 'urged' ? { text: '请尽快' } : { level: 'talk', text: '某要求' },
    }) as StoredEvent;
  function clock() {
    let book = new CaseBook(rules.clock!, ladderOf(pack));
    return {
      look(events: StoredEvent[], minute: number) {
        const read = new Map([[ALERT, encodeDocument(events)]]);
        const by = { pack, rules, since: START, now: START + minute * MINUTE };
        const { inbox } = lookAt([{ kind: 'changed', alertId: ALERT }], read, book, by);
        return inbox.map(({ kind, stage, unit, level }) => ({ kind, stage, unit, level }));
      },
      /** As the next process finds it. @param change what an earlier version kept */
      restart(change = (text: string) => text) {
        const kept = book.get(ALERT);
        book = new CaseBook(rules.clock!, ladderOf(pack));
        if (kept) book.put(decodeCase(ALERT, change(encodeCase(kept))));
      },
    };
  }
  const supervised = { kind: 'supervision', stage: 'dispatched', unit: 'brigade', level: 'talk' };
  const urged = { kind: 'urge', stage: 'dispatched', unit: 'brigade', level: undefined };

  it('is told once, also after a restart, and each further letter again', () => {
    const { look, restart } = clock();
    const first = [raised, dispatched, letter(2, 'supervised', 's1')];
    expect(look(first.slice(0, 2), 1)).toEqual([]);
    expect(look(first, 2)).toEqual([supervised]);
    restart();
    expect(look(first, 3)).toEqual([]);
    const second = [...first, letter(4, 'urged', 'u1')];
    expect(look(second, 4)).toEqual([urged]);
    // Two of one moment, whichever comes first.
    const third = [...second, letter(4, 'urged', 'u2')];
    const said = look(third, 5).length;
    expect(look([...second, letter(4, 'urged', 'u2')], 6)).toEqual([]);
    expect(said).toBeLessThanOrEqual(1);
    // What comes late lies before what was told, and is no news.
    expect(look([...third, letter(3, 'supervised', 's0')], 7)).toEqual([]);
    restart();
    expect(look([...third, letter(8, 'supervised', 's2')], 8)).toEqual([supervised]);
  });

  it('is told where both come before the clock has looked', () => {
    const { look, restart } = clock();
    const events = [raised, dispatched, letter(2, 'supervised', 's1'), letter(3, 'urged', 'u1')];
    expect(look(events, 3)).toEqual([supervised, urged]);
    restart();
    expect(look(events, 4)).toEqual([]);
    // Also of one moment, once each.
    const more = [...events, letter(5, 'supervised', 's2'), letter(5, 'urged', 'u2')];
    expect(look(more, 5)).toEqual([supervised, urged]);
    for (let i = 0; i < 3; i++) expect(look(more, 6 + i)).toEqual([]);
  });

  it('is told of nobody else: what the clock has said already, what has no effect, what is a day old', () => {
    const { look } = clock();
    expect(look([raised, dispatched, letter(2, 'urged', 'c', 'urn:wagewatch:clock')], 2)).toEqual([]);
    const elsewhere = { ...letter(3, 'supervised', 'p'), by: { platform: 'four-platforms' } } as StoredEvent;
    expect(look([raised, dispatched, elsewhere], 3)).toEqual([]);
    expect(look([raised, dispatched, letter(4, 'supervised', 's')], 4 + 24 * 60 + 1)).toEqual([]);
    // Closed and opened again, what was demanded before is over.
    const opened = [eventOf('closed', START + 6 * MINUTE, 'x', 0), eventOf('dispatched', START + 7 * MINUTE, 'o', 0)];
    expect(clock().look([raised, dispatched, letter(5, 'supervised', 's'), ...opened], 8)).toEqual([
      { kind: 'sent', stage: 'dispatched', unit: 'brigade', level: undefined },
    ]);
  });

  it('is not told of what an earlier version knew, and of what comes then', () => {
    const { look, restart } = clock();
    const events = [raised, dispatched, letter(2, 'supervised', 's1')];
    expect(look(events.slice(0, 2), 1)).toEqual([]);
    restart((text) => {
      const [stage, from, [source, id], ...rest] = JSON.parse(text) as [string, number, string[], ...unknown[]];
      return JSON.stringify([stage, from, [source, id], ...rest]);
    });
    expect(look(events, 3)).toEqual([]);
    expect(look([...events, letter(4, 'supervised', 's2')], 4)).toEqual([supervised]);
  });
});

describe('what people do with a case that others must know of', () => {
  const at = (minute: number, kind: string, id: string, data: object, actor?: string) =>
    ({
      type: kind,
      time: START + minute * MINUTE,
      source: 'urn:wagewatch:desk',
      id,
      data,
      ...(actor === undefined ? {} : { by: { actor } }),
    }) as StoredEvent;
  const sent = (minute: number, id: string, unit = 'brigade') =>
    at(minute, 'wage.alert.dispatched', id, { platform: 'tri-colour', unit });
  const back = (minute: number, id: string) =>
    at(minute, 'wage.alert.audited', id, { verdict: 'returned', note: '缺支付凭证' }, 'officer');
  const handled = (minute: number, id: string) => at(minute, 'wage.alert.handled', id, { outcome: 'other' });
  function clock() {
    let book = new CaseBook(rules.clock!, ladderOf(pack));
    return {
      look(events: StoredEvent[], minute: number) {
        const read = new Map([[ALERT, encodeDocument([...events].reverse())]]);
        const by = { pack, rules, since: START, now: START + minute * MINUTE };
        return lookAt([{ kind: 'changed', alertId: ALERT }], read, book, by).inbox.map(
          ({ kind, unit, person, formerly, event }) =>
            [kind, unit, event?.id, person, formerly].filter((one) => one !== undefined).join(' '),
        );
      },
      restart(change = (text: string) => text) {
        const kept = book.get(ALERT);
        book = new CaseBook(rules.clock!, ladderOf(pack));
        if (kept) book.put(decodeCase(ALERT, change(encodeCase(kept))));
      },
    };
  }

  it('is told once: sent back, sent elsewhere, given by name, extended, answered, noted', () => {
    const { look, restart } = clock();
    const events = [raised, sent(1, 'd1')];
    const then = (...more: StoredEvent[]) => {
      events.push(...more);
      const said = look(events, Math.max(...events.map(({ time }) => (time - START) / MINUTE)));
      restart();
      expect(look(events, 100)).toEqual([]);
      return said;
    };
    // The first unit finds it in its list.
    expect(then()).toEqual([]);
    expect(then(at(2, 'wage.alert.accepted', 'a', { unit: 'brigade', person: 'p1' }, 'p1'))).toEqual([]);
    expect(then(at(3, 'wage.case.assigned', 's1', { unit: 'brigade', person: 'p2' }, 'p1'))).toEqual([
      'assigned brigade s1 p2 p1',
    ]);
    const both = [
      at(4, 'wage.case.extended', 'x', { dueAt: '2026-12-01T00:00:00Z', reason: '外出' }, 'officer'),
      at(5, 'wage.case.noted', 'n', { text: '请补材料' }, 'officer'),
      at(5, 'wage.case.noted', 'f', { text: ' ', attachments: [] }, 'officer'),
    ];
    expect(then(...both)).toEqual(['extended brigade x p2', 'noted brigade n p2']);
    expect(then(handled(6, 'h'))).toEqual([]);
    expect(then(back(7, 'b'))).toEqual(['returned brigade b p2']);
    expect(then(at(8, 'wage.case.answered', 'w', { text: '已约谈' }, 'p2'))).toEqual(['answered w']);
    // Sent there once more, what is missing is missing still.
    expect(then(sent(9, 'd2'))).toEqual([]);
    expect(then(sent(10, 'd3', 'town-010'))).toEqual(['sent town-010 d3']);
    expect(then(handled(11, 'h2'), back(12, 'b2'), handled(13, 'h3'))).toEqual([]);
    expect(then(at(14, 'wage.alert.closed', 'c', {}))).toEqual([]);
    expect(then(sent(15, 'd4', 'town-010'))).toEqual(['sent town-010 d4']);
  });

  it('is not told of what is a day old, what an earlier version knew, and what comes late', () => {
    const old = clock();
    expect(old.look([raised, sent(1, 'd'), handled(2, 'h'), back(3, 'b')], 3 + 24 * 60 + 1)).toEqual([]);
    const { look, restart } = clock();
    const events = [raised, sent(1, 'd'), handled(2, 'h'), back(3, 'b')];
    look(events.slice(0, 3), 2);
    restart((text) => {
      const [stage, from, [source, id, told], ...rest] = JSON.parse(text) as [string, number, unknown[], ...unknown[]];
      return JSON.stringify([stage, from, [source, id, told], ...rest]);
    });
    expect(look(events, 3)).toEqual([]);
    const more = [...events, handled(4, 'h2'), back(5, 'b2')];
    expect(look(more, 5)).toEqual(['returned brigade b2']);
    expect(look([...more, back(5, 'b1')], 6)).toEqual([]);
  });

  it('is red also where it becomes so while somebody works on it', () => {
    const { look } = clock();
    const events = [raised, sent(1, 'd'), at(2, 'wage.alert.accepted', 'a', { unit: 'brigade' })];
    look(events, 2);
    expect(look([...events, eventOf('redder', START + 3 * MINUTE, 'r', 0)], 3)).toEqual(['red brigade']);
  });
});
