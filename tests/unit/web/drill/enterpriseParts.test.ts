import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHANNELS, TEN_SOURCES } from '../../../../contract/codes.ts';
import { HOUR_MS, parseRfc3339, toRfc3339 } from '../../../../common/regionTime.ts';
import { channelBars, loudest, storiesOf, type TimelineEntry } from '../../../../web/drill/enterpriseParts.ts';
import { gain } from '../../../../web/drill/gain.ts';
import { fixtureBrief, fixturePack } from '../../../support/webFixtures.ts';

const NOW = Date.parse('2026-11-18T15:30:00+08:00');
const pack = fixturePack();

describe('the sources of an enterprise', () => {
  it('are ranked, with bars as long as they spoke often; those of the ten that never did are only named', () => {
    const { bars, silent } = channelBars({ hotline: 2, water: 1, petition: 4 });
    expect(bars).toEqual([
      { channel: 'petition', count: 4, share: 1 },
      { channel: 'hotline', count: 2, share: 0.5 },
      { channel: 'water', count: 1, share: 0.25 },
    ]);
    expect(silent).toEqual(TEN_SOURCES.filter((channel) => !['water', 'petition', 'hotline'].includes(channel)));
  });

  it('speak most by points, a few of them, equals in their usual order', () => {
    expect(loudest({ petition: 15, water: 30, tax: 15, electricity: 0, hotline: 40 }, 3)).toEqual([
      { channel: 'hotline', points: 40 },
      { channel: 'water', points: 30 },
      { channel: 'petition', points: 15 },
    ]);
    expect(loudest({}, 4)).toEqual([]);
  });

  it('are each a bar or named, whatever they said', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...CHANNELS), fc.nat(9)), (byChannel) => {
        const { bars, silent } = channelBars(byChannel);
        for (const channel of TEN_SOURCES)
          expect(bars.some((bar) => bar.channel === channel)).toBe(!silent.includes(channel));
        expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(
          Object.values(byChannel).reduce((sum, n) => sum + (n ?? 0), 0),
        );
        bars.slice(1).forEach((bar, i) => {
          expect(bar.count).toBeLessThanOrEqual(bars[i]!.count);
        });
        for (const { share } of bars) expect(share).toBeGreaterThan(0);
      }),
    );
  });
});

describe('what happened to an enterprise', () => {
  const alert = (alertId: string, hours: number) => ({
    ...fixtureBrief(1, pack, NOW),
    alertId,
    raisedAt: toRfc3339(NOW + hours * HOUR_MS),
  });
  const entry = (alertId: string, hours: number, change: Partial<TimelineEntry> = {}): TimelineEntry => ({
    at: toRfc3339(NOW + hours * HOUR_MS),
    alertId,
    type: 'wage.alert.dispatched',
    ...change,
  });

  it('is told by alert: the one that moved last on top, each in the order of its events', () => {
    const stories = storiesOf({
      alerts: [alert('B', -50), alert('A', -90), alert('Q', -60)],
      timeline: [
        entry('A', -90, { type: 'wage.alert.raised' }),
        entry('B', -50, { type: 'wage.alert.raised' }),
        entry('A', -2, { type: 'wage.alert.closed' }),
        entry('A', -80),
      ],
    });
    expect(stories.map(({ alertId, events }) => [alertId, events.map(({ type }) => type.split('.').at(-1))])).toEqual([
      ['A', ['raised', 'dispatched', 'closed']],
      ['B', ['raised']],
      ['Q', []],
    ]);
    expect(stories.every(({ alertId, alert: own }) => own?.alertId === alertId)).toBe(true);
  });

  it('names a unit once, until it is another', () => {
    const units = ['某大队', '某大队', undefined, '某中队', '某大队'];
    const [story] = storiesOf({
      alerts: [],
      timeline: units.map((unit, i) => entry('A', i, unit === undefined ? {} : { unit })),
    });
    expect(story!.events.map(({ unit }) => unit)).toEqual(['某大队', undefined, undefined, '某中队', '某大队']);
    expect(story!.alert).toBeUndefined();
  });

  it('loses no event and no alert, and tells none twice', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom('A', 'B', 'C', 'D'), { maxLength: 4 }),
        fc.array(fc.tuple(fc.constantFrom('A', 'B', 'C', 'D', 'E'), fc.integer({ min: -500, max: 0 })), {
          maxLength: 30,
        }),
        (known, events) => {
          const timeline = events.map(([id, hours]) => entry(id, hours));
          const stories = storiesOf({ alerts: known.map((id, i) => alert(id, -i)), timeline });
          expect(new Set(stories.map(({ alertId }) => alertId))).toEqual(
            new Set([...known, ...events.map(([id]) => id)]),
          );
          expect(stories.length).toBe(new Set(stories.map(({ alertId }) => alertId)).size);
          const told = stories.flatMap((story) => story.events);
          expect(told.map(({ at, alertId }) => `${alertId} ${at}`).sort()).toEqual(
            timeline.map(({ at, alertId }) => `${alertId} ${at}`).sort(),
          );
          for (const story of stories)
            story.events.slice(1).forEach((event, i) => {
              expect(parseRfc3339(event.at)!).toBeGreaterThanOrEqual(parseRfc3339(story.events[i]!.at)!);
            });
        },
      ),
    );
  });
});

it('what was got back is green where it is something, and quiet where it is nothing', () => {
  expect(gain(0)).toEqual({ good: false, quiet: true });
  expect(gain(1)).toEqual({ good: true, quiet: false });
});
