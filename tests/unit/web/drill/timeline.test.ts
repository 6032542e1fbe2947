import { describe, expect, it } from 'vitest';
import type { AlertEventType } from '../../../../contract/codes.ts';
import { parseRfc3339 } from '../../../../common/regionTime.ts';
import type { RecordedEvent } from '../../../../contract/rest.ts';
import { reasonBars } from '../../../../web/drill/reasons.ts';
import { amendmentsOf, loopOf, voidEventsOf } from '../../../../web/drill/timeline.ts';

const at = (time: string) => parseRfc3339(`2026-11-${time}:00+08:00`)!;
let n = 0;
const event = (
  type: AlertEventType,
  time: string,
  data: Record<string, unknown> = {},
  source = 'urn:four-platforms',
): RecordedEvent => ({ id: String(n++), source, type, time: `2026-11-${time}:00+08:00`, data });
const until = (one: RecordedEvent, time: string): RecordedEvent => ({ ...one, dueAt: `2026-11-${time}:00+08:00` });
const HOUR = 3_600_000;

describe('the closed loop', () => {
  it('goes by the terms that the server has reckoned, in every stage, also where an extension has moved one', () => {
    const steps = loopOf({
      stage: 'audited',
      events: [
        until(event('wage.alert.raised', '20T08:00'), '20T08:30'),
        until(event('wage.alert.dispatched', '20T09:00', { dueAt: '9999-12-31T23:59:59Z' }), '20T11:00'),
        until(event('wage.alert.accepted', '20T10:00'), '21T10:00'),
        until(event('wage.case.extended', '21T09:00', { dueAt: '…' }), '22T10:00'),
        until(event('wage.alert.handled', '22T09:00'), '22T10:00'),
        until(event('wage.alert.audited', '22T12:00'), '24T00:00'),
      ],
    });
    const none = undefined;
    expect(steps.map(({ lateMs }) => lateMs)).toEqual([none, HOUR / 2, none, none, none, 2 * HOUR, none]);
    expect(steps.map(({ dueAt }) => dueAt)).toEqual([
      at('20T08:30'),
      at('20T11:00'),
      at('21T10:00'),
      at('22T10:00'),
      at('22T10:00'),
      at('24T00:00'),
      undefined,
    ]);
  });

  it('tells what happened with units and terms, what was late, and what is to come', () => {
    const steps = loopOf({
      stage: 'dispatched',
      events: [
        until(event('wage.alert.raised', '20T08:00', { workers: 3 }), '21T08:00'),
        event('wage.alert.amended', '20T08:30', { workers: 4 }),
        until(
          event('wage.alert.dispatched', '20T09:00', {
            platform: 'tri-colour',
            unit: '良渚中队',
            dueAt: '2026-11-21T09:00:00+08:00',
          }),
          '21T09:00',
        ),
        event('wage.alert.accepted', '20T10:00', { unit: '良渚中队' }),
        event('wage.alert.handled', '21T11:00', { outcome: '已约谈' }),
        event('wage.alert.audited', '21T12:00', { verdict: 'returned' }),
        event('wage.alert.raised', '21T12:30', { workers: 3 }),
      ],
    });
    expect(steps.map(({ step, state }) => `${step} ${state}`)).toEqual([
      'raised done',
      'dispatched done',
      'accepted done',
      'handled done',
      'returned done',
      'accepted now',
      'handled pending',
      'audited pending',
      'closed pending',
    ]);
    expect(steps[0]).toMatchObject({ at: at('20T08:00'), dueAt: at('21T08:00') });
    expect(steps[1]).toMatchObject({ platform: 'tri-colour', unit: '良渚中队', dueAt: at('21T09:00'), tookMs: HOUR });
    expect(steps[1]!.lateMs).toBeUndefined();
    expect(steps[3]).toMatchObject({ outcome: '已约谈', lateMs: 2 * HOUR, tookMs: 25 * HOUR });
  });

  it('tells what people do beside the stages, by whom, and without texts where none are shown', () => {
    const events = [
      event('wage.alert.raised', '20T08:00'),
      event('wage.alert.dispatched', '20T09:00', { platform: 'tri-colour', unit: '某中队' }),
      { ...event('wage.case.urged', '20T10:00', { text: '请尽快受理' }), actor: 'p1' },
      event('wage.case.extended', '20T11:00', { dueAt: '2026-11-25T18:00:00+08:00', reason: '当事人外出' }),
      event('wage.case.assigned', '20T11:30', { unit: '某中队', person: 'p2' }),
      event('wage.case.supervised', '20T12:00', { level: 'notice', text: '限期办结' }),
      event('wage.case.answered', '20T12:30', { text: '已约谈' }),
      event('wage.case.noted', '20T13:00', {}),
      event('wage.alert.accepted', '20T14:00', { unit: '某中队' }),
    ];
    const steps = loopOf({ stage: 'accepted', events });
    expect(steps.slice(2, 9)).toEqual([
      { step: 'urged', state: 'done', at: at('20T10:00'), note: '请尽快受理', actor: 'p1' },
      { step: 'extended', state: 'done', at: at('20T11:00'), note: '当事人外出', dueAt: at('25T18:00') },
      { step: 'assigned', state: 'done', at: at('20T11:30'), unit: '某中队', person: 'p2' },
      { step: 'supervised', state: 'done', at: at('20T12:00'), level: 'notice', note: '限期办结' },
      { step: 'answered', state: 'done', at: at('20T12:30'), note: '已约谈' },
      { step: 'noted', state: 'done', at: at('20T13:00') },
      // From stage to stage, whatever was said in between.
      { step: 'accepted', state: 'done', at: at('20T14:00'), unit: '某中队', tookMs: 5 * HOUR },
    ]);
  });

  it('is not moved by what had no effect: no step, no term, no lateness, no amendment', () => {
    const events = [
      until(event('wage.alert.raised', '20T08:00', { workers: 3 }), '20T12:00'),
      event('wage.alert.dispatched', '20T09:00', { platform: 'tri-colour', unit: '某中队' }),
      event('wage.alert.accepted', '20T13:00', { unit: '某中队' }),
    ];
    const foreign = { platform: 'four-platforms' as const, effect: false as const };
    const without = [
      { ...until(event('wage.case.extended', '20T09:30', { dueAt: '…' }), '20T14:00'), ...foreign },
      { ...event('wage.alert.amended', '20T09:40', { workers: 9 }), ...foreign },
      { ...event('wage.alert.accepted', '20T09:50', { unit: '某站' }), ...foreign },
    ];
    const all = [...events.slice(0, 2), ...without, ...events.slice(2)];
    expect(loopOf({ stage: 'accepted', events: all })).toEqual(loopOf({ stage: 'accepted', events }));
    expect(loopOf({ stage: 'accepted', events: all })[2]).toMatchObject({ lateMs: HOUR, tookMs: 4 * HOUR });
    expect(amendmentsOf(all)).toEqual([]);
    expect(voidEventsOf(all)).toEqual([
      { at: at('20T09:30'), type: 'wage.case.extended', platform: 'four-platforms' },
      { at: at('20T09:40'), type: 'wage.alert.amended', platform: 'four-platforms' },
      { at: at('20T09:50'), type: 'wage.alert.accepted', platform: 'four-platforms' },
    ]);
  });

  it('is all done when closed', () => {
    const steps = loopOf({
      stage: 'closed',
      events: [
        event('wage.alert.raised', '20T08:00'),
        event('wage.alert.closed', '20T09:00', { resolution: '已发放' }),
      ],
    });
    expect(steps).toEqual([
      { step: 'raised', state: 'done', at: at('20T08:00') },
      { step: 'closed', state: 'done', at: at('20T09:00'), tookMs: HOUR, note: '已发放' },
    ]);
  });
});

it('amendments say who, why, and from what to what', () => {
  expect(
    amendmentsOf([
      event('wage.alert.raised', '20T08:00', { tier: 'yellow', workers: 3, enterprise: { name: '甲' } }),
      event('wage.alert.amended', '20T09:00', { workers: 8, tier: 'red', reason: '现场核实' }, 'urn:grid'),
      event('wage.alert.amended', '20T10:00', { workers: 9, project: { id: 'p', name: '云谷' } }),
    ]),
  ).toEqual([
    {
      at: at('20T09:00'),
      source: 'urn:grid',
      reason: '现场核实',
      changes: [
        { field: 'tier', before: 'yellow', after: 'red' },
        { field: 'workers', before: 3, after: 8 },
      ],
    },
    {
      at: at('20T10:00'),
      source: 'urn:four-platforms',
      changes: [
        { field: 'workers', before: 8, after: 9 },
        { field: 'project', after: { id: 'p', name: '云谷' } },
      ],
    },
  ]);
});

it('reasons are bars of the weightiest, which stands first', () => {
  const bars = reasonBars([
    { channel: 'water', text: 'a', weight: 10 },
    { channel: 'other', text: 'b' },
    { channel: 'petition', text: 'c', weight: 40 },
    { channel: 'tax', text: 'd', weight: -5 },
  ]);
  expect(bars.map(({ text, share }) => [text, share])).toEqual([
    ['c', 1],
    ['a', 0.25],
    ['b', 0],
    ['d', 0],
  ]);
  expect(reasonBars([{ channel: 'water', text: 'a' }])[0]!.share).toBe(0);
});

it('reasons keep what stands behind them when they are put in order, and take nothing of another text', () => {
  const reasons = [
    { channel: 'water' as const, text: 'a', weight: 10 },
    { channel: 'petition' as const, text: 'c', weight: 40 },
  ];
  const fact = {
    indicator: 'petition.received',
    ref: '',
    time: '2026-11-01T08:00:00+08:00',
    source: 'urn:test',
    id: 'p1',
    value: 1,
    amountFen: 0,
    workers: 3,
  };
  const behind = reasons.map((reason, i) => ({ ...reason, observations: [{ ...fact, id: `f${i}` }] }));
  const ids = (bars: ReturnType<typeof reasonBars>) => bars.map(({ observations }) => observations.map(({ id }) => id));
  expect(ids(reasonBars(reasons, behind))).toEqual([['f1'], ['f0']]);
  expect(ids(reasonBars(reasons, [{ ...behind[0]!, text: 'z' }]))).toEqual([[], []]);
});
