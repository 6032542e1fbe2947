import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Boundaries } from '../../../contract/boundaries.ts';
import { ALERT_EVENT_TYPES, TIERS } from '../../../contract/codes.ts';
import { envelope, type WageEvent } from '../../../contract/events.ts';
import { DAY_MS, HOUR_MS, midnight, parseRfc3339 } from '../../../common/regionTime.ts';
import { springFestival } from '../../../demo/calendar.ts';
import { disturb } from '../../../demo/disturb.ts';
import { generateHistory } from '../../../demo/history.ts';
import { isUscc } from '../../../demo/uscc.ts';
import { count, fold, isOverdue, manyTowns, pack, squares, totals, wrong, type Folded } from './support.ts';

const PUBLISHED = {
  raised: 3446,
  effective: 2741,
  falseAlarm: 640,
  recoveredFen: 216_530_000,
  recoveredWorkers: 208,
  enterprisesPaid: 17,
};
const ANCHOR = Date.parse('2026-11-21T10:00:00+08:00');

let events: WageEvent[];
let alerts: Map<string, Folded>;
beforeAll(() => {
  events = [...generateHistory({ pack, seed: 1, anchor: ANCHOR })];
  alerts = fold(events);
});
const all = () => [...alerts.values()];

describe('totals', () => {
  it('add up to the published ones, and the open ones stand in every stage', () => {
    expect(totals(alerts.values())).toEqual(PUBLISHED);
    const { closed, ...open } = count(all(), ({ stage }) => stage);
    expect(open.raised! + open.dispatched! + open.accepted! + open.handled!).toBe(65);
    for (const stage of ['raised', 'dispatched', 'accepted', 'handled', 'audited'])
      expect(open[stage], stage).toBeGreaterThan(3);
    expect(closed).toBe(3446 - 65 - open.audited!);
    const overdue = all().filter((alert) => isOverdue(alert, ANCHOR)).length;
    expect(overdue).toBeGreaterThanOrEqual(3);
    expect(overdue).toBeLessThanOrEqual(14);
  });

  it.each([
    [2, '2024-02-29T23:59:59.999+08:00'],
    [77, '2027-01-01T00:00:00+08:00'],
    [9, '2026-02-17T12:00:00+08:00'],
    [123456789012, '2031-06-07T03:00:00+08:00'],
  ])('do so with seed %d at %s', (seed, anchor) => {
    expect(totals(fold(generateHistory({ pack, seed, anchor: Date.parse(anchor) })).values())).toEqual(PUBLISHED);
  });

  it('do so when the events come twice and in disorder', () => {
    const disturbed = [...disturb(events, { seed: 3, duplicates: 0.1, late: 0.1 })];
    expect(disturbed.length).toBeGreaterThan(events.length * 1.08);
    expect(disturbed.some((event, i) => i > 0 && event.time < disturbed[i - 1]!.time)).toBe(true);
    expect(fold(disturbed)).toEqual(alerts);
  });

  it('scale, in a region of sixty towns', () => {
    const region = manyTowns();
    const scaled = fold(generateHistory({ pack: region, seed: 1, anchor: ANCHOR, scale: 3 }), region);
    expect(totals(scaled.values())).toEqual({
      raised: 10_338,
      effective: 8223,
      falseAlarm: 1920,
      recoveredFen: 649_590_000,
      recoveredWorkers: 624,
      enterprisesPaid: 51,
    });
    expect(Object.keys(count(scaled.values(), ({ town }) => town))).toHaveLength(60);
  });

  it.each([0.02, 0.1, 0.5])('hold on a small scale (%d)', (scale) => {
    const small = totals(fold(generateHistory({ pack, seed: 1, anchor: ANCHOR, scale })).values());
    expect(small.raised).toBe(Math.round(3446 * scale));
    expect(small.effective).toBe(Math.round(2741 * scale));
    expect(small.falseAlarm).toBe(Math.round(640 * scale));
  });
});

describe('events', () => {
  it('are the same for the same options, and others for another seed', () => {
    expect([...generateHistory({ pack, seed: 1, anchor: ANCHOR })]).toEqual(events);
    const other = [...generateHistory({ pack, seed: 2, anchor: ANCHOR })];
    expect(other.map(({ time }) => time)).not.toEqual(events.map(({ time }) => time));
  });

  it('bear other ids for another anchor, so that two loads never mix', () => {
    const first = generateHistory({ pack, seed: 1, anchor: ANCHOR + 1 }).next().value as WageEvent;
    expect(first.data.alertId.slice(0, 9)).toBe(events[0]!.data.alertId.slice(0, 9));
    expect(alerts.has(first.data.alertId)).toBe(false);
  });

  it('are in order, within three years, each id once', () => {
    const times = events.map(({ time }) => parseRfc3339(time)!);
    expect(times.every((time, i) => i === 0 || time >= times[i - 1]!)).toBe(true);
    expect(times[0]).toBeGreaterThanOrEqual(Date.parse('2023-11-21T10:00:00+08:00'));
    expect(times[0]).toBeLessThan(Date.parse('2023-12-05T00:00:00+08:00'));
    expect(times.at(-1)).toBeLessThanOrEqual(ANCHOR);
    expect(new Set(events.map(({ source, id }) => `${source} ${id}`)).size).toBe(events.length);
  });

  it('satisfy the contract, with towns and tiers of the pack', () => {
    const ajv = new Ajv({ strict: false });
    ajv.addFormat('date-time', { validate: (text: string) => parseRfc3339(text) !== undefined });
    const checks = new Map(ALERT_EVENT_TYPES.map((type) => [type as string, ajv.compile(envelope(type))]));
    const towns = new Set(pack.towns.map(({ code }) => code));
    const tiers = new Set<string>(pack.tiers.map(({ tier }) => tier));
    expect(
      wrong(
        events,
        (event) =>
          checks.get(event.type)!(event) === true &&
          (!('town' in event.data) || towns.has(event.data.town)) &&
          (!('tier' in event.data) || tiers.has(event.data.tier)) &&
          event.data.region === pack.code &&
          !/undefined|NaN/.test(JSON.stringify(event)),
      ),
    ).toEqual([]);
    // All but those of cases: the history is from before there was a desk.
    const lifecycle = ALERT_EVENT_TYPES.filter((type) => !type.startsWith('wage.case.'));
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set<string>(lifecycle));
  });
});

describe('each life', () => {
  const nextOf: Record<string, string> = {
    raised: 'dispatched',
    dispatched: 'accepted',
    accepted: 'handled',
    handled: 'audited',
    returned: 'accepted',
    final: 'closed',
  };

  it('goes through the stages in order, and nothing comes after the end', () => {
    const whole = (alert: Folded) => {
      const [first, ...rest] = alert.events;
      if (first!.type !== 'wage.alert.raised') return false;
      let stage = 'raised';
      let before = Date.parse(first!.time);
      for (const event of rest) {
        const time = Date.parse(event.time);
        if (time <= before || stage === 'closed') return false;
        before = time;
        if (event.type === 'wage.alert.amended') {
          if (Object.keys(event.data).length < 4 || !event.data.reason) return false;
        } else if (event.type === 'wage.wages.recovered') {
          if (stage !== 'final') return false;
        } else {
          const step = event.type.slice('wage.alert.'.length);
          if (nextOf[stage] !== step) return false;
          stage =
            event.type === 'wage.alert.audited' ? (event.data.verdict === 'returned' ? 'returned' : 'final') : step;
        }
      }
      return true;
    };
    expect(wrong(all(), whole)).toEqual([]);
  });

  it('is handed to the platform of its tier with that term, and accepted by the same unit', () => {
    const handed = (alert: Folded) => {
      let tier = '';
      let unit: string | undefined;
      return alert.events.every((event) => {
        if ('tier' in event.data && event.data.tier) tier = event.data.tier;
        if (event.type === 'wage.alert.accepted') return event.data.unit === unit;
        if (event.type !== 'wage.alert.dispatched') return true;
        unit = event.data.unit;
        const rule = pack.tiers.find((candidate) => candidate.tier === tier)!;
        return (
          event.data.platform === rule.platform &&
          Date.parse(event.data.dueAt!) - Date.parse(event.time) === rule.termHours * HOUR_MS
        );
      });
    };
    expect(wrong(all(), handed)).toEqual([]);
  });

  it('pays only what is owed, to those it is owed, and only where the alert was right', () => {
    const paid = all().filter(({ recoveries }) => recoveries.length);
    expect(paid.length).toBeGreaterThan(17);
    expect(paid.some(({ recoveries }) => recoveries.length > 1)).toBe(true);
    for (const alert of paid) {
      expect(alert.verdict).toBe('effective');
      expect(alert.recoveries.reduce((sum, { amountFen }) => sum + amountFen, 0)).toBeLessThanOrEqual(alert.amountFen);
      expect(alert.recoveries.reduce((sum, { workers }) => sum + workers, 0)).toBeLessThanOrEqual(alert.workers);
      for (const { amountFen, workers } of alert.recoveries) {
        expect(workers).toBeGreaterThan(0);
        // Between the minimum and three good months.
        expect(amountFen / workers).toBeGreaterThan(200_000);
        expect(amountFen / workers).toBeLessThan(3_000_000);
      }
    }
  });

  it('has some that are returned, upgraded and corrected', () => {
    const amended = (field: string) =>
      all().filter(({ events: own }) => own.some(({ type, data }) => type === 'wage.alert.amended' && field in data));
    const upgraded = amended('tier');
    expect(upgraded.length).toBeGreaterThan(50);
    for (const { tier, events: own } of upgraded) {
      const first = own[0] as WageEvent<'wage.alert.raised'>;
      expect(TIERS.indexOf(tier)).toBeLessThan(TIERS.indexOf(first.data.tier));
    }
    expect(amended('amountFen').length).toBeGreaterThan(100);
    expect(amended('town').length).toBeGreaterThan(20);
    const returned = events.filter((event) => event.type === 'wage.alert.audited' && event.data.verdict === 'returned');
    expect(returned.length).toBeGreaterThan(80);
  });
});

describe('facts', () => {
  it('have believable shares', () => {
    const ranked = (key: (alert: Folded) => string) => Object.entries(count(all(), key)).sort((a, b) => b[1] - a[1]);
    expect(
      ranked(({ industry }) => industry)
        .slice(0, 3)
        .map(([code]) => code),
    ).toEqual(['E', 'C', 'H']);
    const tiers = count(all(), ({ tier }) => tier);
    expect(tiers.yellow!).toBeGreaterThan(tiers.orange! * 1.5);
    expect(tiers.orange!).toBeGreaterThan(tiers.red! * 1.5);
    const busy = ranked(({ town }) => town)
      .slice(0, 6)
      .map(([code]) => code);
    const named = (name: string) => pack.towns.find((town) => town.name['zh-CN'].startsWith(name))!.code;
    expect(busy.toSorted()).toEqual(['良渚', '临平', '余杭', '仓前', '乔司', '五常'].map(named).toSorted());
    const channels = count(all(), ({ channel }) => channel);
    for (const channel of [
      'water',
      'electricity',
      'social-insurance',
      'petition',
      'penalty',
      'construction',
      'wage-account',
      'litigation',
      'dishonest',
      'opinion',
    ]) {
      expect(channels[channel], channel).toBeGreaterThan(50);
    }
    const construction = all().filter(({ industry }) => industry === 'E');
    expect(construction.filter(({ project }) => project).length / construction.length).toBeGreaterThan(0.75);
    expect(all().filter(({ industry, project }) => industry !== 'E' && project)).toEqual([]);
    const rate = (tier: string) => {
      const of = count(
        all().filter((alert) => alert.tier === tier),
        ({ verdict }) => verdict ?? '',
      );
      return of.effective! / (of.effective! + of['false-alarm']!);
    };
    expect(rate('red')).toBeGreaterThan(rate('yellow'));
  });

  it('name enterprises and projects that nobody can take for real ones', () => {
    const byCode = new Map<string, string>();
    expect(
      wrong(all(), ({ enterprise: { uscc, name }, project }) => {
        const known = byCode.get(uscc!) ?? name;
        byCode.set(uscc!, name);
        return (
          /^某.+有限公司$/.test(name) &&
          (!project || project.name.startsWith('某')) &&
          isUscc(uscc!) &&
          uscc!.slice(8, 12) === 'XXXX' &&
          known === name
        );
      }),
    ).toEqual([]);
    expect(byCode.size).toBeGreaterThan(400);
    expect(new Set(byCode.values()).size).toBe(byCode.size);
    const often = Object.values(count(all(), ({ enterprise }) => enterprise.uscc!)).sort((a, b) => b - a);
    expect(often[0]).toBeGreaterThan(10);
    expect(often[0]).toBeLessThan(120);
    // No telephone number anywhere.
    expect(
      JSON.stringify(events.map(({ data }) => ({ ...data, alertId: '', enterprise: '', project: '' }))),
    ).not.toMatch(/(?<![\d.])1[3-9]\d{9}(?!\d)/);
  });

  it('carry one to four reasons whose weights add up to the score', () => {
    const lengths = new Set<number>();
    const raised = events.filter(
      (event): event is WageEvent<'wage.alert.raised'> => event.type === 'wage.alert.raised',
    );
    expect(
      wrong(raised, ({ data: { reasons = [], score, channel, tier } }) => {
        lengths.add(reasons.length);
        return (
          reasons[0]?.channel === channel &&
          new Set(reasons.map((reason) => reason.channel)).size === reasons.length &&
          reasons.reduce((sum, { weight }) => sum + weight!, 0) === score &&
          score >= { red: 80, orange: 60, yellow: 40, blue: 20 }[tier] &&
          reasons.every(({ text, weight }) => weight! > 0 && /[\u4e00-\u9fff]/.test(text) && !/[{}]/.test(text))
        );
      }),
    ).toEqual([]);
    expect([...lengths].sort()).toEqual([1, 2, 3, 4]);
  });

  it('lie within the disc of their town where no drawing is given', () => {
    const towns = new Map(pack.towns.map((town) => [town.code, town]));
    expect(
      wrong(placed(all()), ({ town: code, location }) => {
        const {
          seat: [lng, lat],
          areaKm2,
        } = towns.get(code)!;
        return (
          Math.hypot(
            (location!.lng - lng) * 111.32 * Math.cos((lat * Math.PI) / 180),
            (location!.lat - lat) * 111.32,
          ) <= Math.sqrt(areaKm2 / Math.PI)
        );
      }),
    ).toEqual([]);
  });

  it('lie inside the polygon of their town where a drawing is given', () => {
    const drawn = join(import.meta.dirname, '../../../assets/geo/330110/boundaries.geojson');
    const drawings = [squares(), ...(existsSync(drawn) ? [JSON.parse(readFileSync(drawn, 'utf8')) as Boundaries] : [])];
    for (const boundaries of drawings) {
      const rings = new Map(
        boundaries.features.map(({ properties, geometry }) => [
          properties.code,
          geometry.type === 'Polygon' ? [geometry.coordinates[0]!] : geometry.coordinates.map((polygon) => polygon[0]!),
        ]),
      );
      const drawnIn = fold(generateHistory({ pack, seed: 1, anchor: ANCHOR, boundaries })).values();
      expect(
        wrong(placed(drawnIn), ({ town, location }) =>
          rings.get(town)!.some((ring) => winds(ring, location!.lng, location!.lat)),
        ),
      ).toEqual([]);
    }
  });
});

/** Until an alert is accepted, nobody has noticed that its town may be wrong. */
function placed(of: Iterable<Folded>): Folded[] {
  return [...of].filter(({ stage }) => stage !== 'raised' && stage !== 'dispatched' && stage !== 'accepted');
}

/** Point in ring by winding number (the generator uses the even–odd rule). */
function winds(ring: readonly (readonly [number, number])[], x: number, y: number): boolean {
  let angle = 0;
  for (let i = 0; i + 1 < ring.length; i++) {
    const [ax, ay] = [ring[i]![0] - x, ring[i]![1] - y];
    const [bx, by] = [ring[i + 1]![0] - x, ring[i + 1]![1] - y];
    angle += Math.atan2(ax * by - ay * bx, ax * bx + ay * by);
  }
  return Math.abs(angle) > 1;
}

describe('times', () => {
  it('peak before every Spring Festival and are quiet in its holidays', () => {
    const raised = all().map(({ raisedAt }) => raisedAt);
    const perDay = (from: number, to: number) =>
      raised.filter((time) => time >= from && time < to).length / ((to - from) / DAY_MS);
    for (const year of [2024, 2025, 2026]) {
      const festival = springFestival(year)!;
      const usual = perDay(midnight(year, 5, 1), midnight(year, 8, 1));
      expect(perDay(festival - 30 * DAY_MS, festival - 5 * DAY_MS), String(year)).toBeGreaterThan(usual * 2);
      expect(perDay(festival, festival + 7 * DAY_MS), String(year)).toBeLessThan(usual * 0.5);
    }
  });

  it('know the festival as the Chinese calendar has it', () => {
    // ICU's moon is some minutes off, which moves a new moon near midnight (2027, 2030) by a day.
    const chinese = new Intl.DateTimeFormat('en-u-ca-chinese', {
      timeZone: 'Asia/Shanghai',
      month: 'numeric',
      day: 'numeric',
    });
    const isFirst = (ms: number) => {
      const parts = chinese.formatToParts(ms);
      const of = (type: string) => parts.find((part) => part.type === type)?.value;
      return of('month') === '1' && of('day') === '1';
    };
    const years = Array.from({ length: 23 }, (_, i) => 2018 + i);
    expect(years.filter((year) => !isFirst(springFestival(year)!) && year !== 2027 && year !== 2030)).toEqual([]);
    expect(years.filter((year) => ![-1, 0, 1].some((days) => isFirst(springFestival(year)! + days * DAY_MS)))).toEqual(
      [],
    );
  });

  it('follow the day and the week', () => {
    const old = all().filter(({ raisedAt }) => raisedAt < ANCHOR - 30 * DAY_MS);
    const hours = count(old, ({ raisedAt }) => String(new Date(raisedAt + 8 * HOUR_MS).getUTCHours()));
    const days = count(old, ({ raisedAt }) => String(new Date(raisedAt + 8 * HOUR_MS).getUTCDay()));
    expect(hours['10']!).toBeGreaterThan(5 * (hours['3'] ?? 0));
    expect(days['1']!).toBeGreaterThan(1.5 * days['0']!);
    // People act in office hours.
    const handled = events.filter(
      ({ type, time }) => type === 'wage.alert.handled' && Date.parse(time) < ANCHOR - 30 * DAY_MS,
    );
    expect(handled.filter(({ time }) => Number(time.slice(11, 13)) < 8)).toEqual([]);
  });

  const anchors = [
    ...Array.from(
      { length: 12 },
      (_, i) => `2026-11-${String(16 + (i % 7)).padStart(2, '0')}T${String(i * 2).padStart(2, '0')}:07:00+08:00`,
    ),
    '2027-01-01T00:20:00+08:00',
    '2026-01-01T03:00:00+08:00',
    '2026-01-01T23:59:59+08:00',
    '2024-02-29T12:00:00+08:00',
    '2028-02-29T00:30:00+08:00',
    '2026-02-17T09:00:00+08:00',
    '2026-02-20T03:00:00+08:00',
    '2026-02-10T15:00:00+08:00',
    '2026-11-23T00:15:00+08:00',
    '2026-11-22T04:00:00+08:00',
    '2027-02-06T00:20:00+08:00',
    '2026-07-01T00:10:00+08:00',
  ];
  it.each(anchors)('leave no window empty at %s', (text) => {
    const anchor = Date.parse(text);
    const own = [...generateHistory({ pack, seed: 5, anchor })];
    const state = [...fold(own).values()];
    expect(totals(state)).toEqual(PUBLISHED);
    const today = Date.parse(`${text.slice(0, 10)}T00:00:00+08:00`);
    const since = (from: number) => ({
      raised: state.filter(({ raisedAt }) => raisedAt >= from).length,
      audited: state.filter(({ verdictAt }) => verdictAt !== undefined && verdictAt >= from).length,
      closed: state.filter(({ closedAt }) => closedAt !== undefined && closedAt >= from).length,
      recovered: state.flatMap(({ recoveries }) => recoveries).filter(({ at }) => at >= from).length,
      tiers: new Set(state.filter(({ raisedAt }) => raisedAt >= from).map(({ tier }) => tier)).size,
    });
    expect(since(today).raised).toBeGreaterThanOrEqual(1);
    if (anchor - today >= 2 * HOUR_MS) {
      expect(since(today).raised).toBeGreaterThanOrEqual(9);
      expect(since(today).audited).toBeGreaterThanOrEqual(3);
      expect(since(today).closed).toBeGreaterThanOrEqual(3);
    }
    const day = since(anchor - DAY_MS);
    expect(day.raised).toBeGreaterThanOrEqual(30);
    expect(day.audited).toBeGreaterThanOrEqual(10);
    expect(day.closed).toBeGreaterThanOrEqual(10);
    expect(day.recovered).toBeGreaterThanOrEqual(1);
    expect(day.tiers).toBe(3);
    expect(since(anchor - 7 * DAY_MS).raised).toBeGreaterThanOrEqual(100);
    expect(since(anchor - 7 * DAY_MS).recovered).toBeGreaterThanOrEqual(3);
    expect(since(anchor - 30 * DAY_MS).raised).toBeGreaterThanOrEqual(330);
    expect(since(anchor - HOUR_MS).raised).toBeGreaterThanOrEqual(8);
    // No hour of the day before is a heap: not everything was squeezed to the end.
    const closedByHour = count(
      state.filter(({ closedAt }) => closedAt !== undefined && closedAt > anchor - DAY_MS),
      ({ closedAt }) => String(Math.floor(closedAt! / HOUR_MS)),
    );
    expect(Math.max(...Object.values(closedByHour))).toBeLessThan(40);
    const overdue = state.filter((alert) => isOverdue(alert, anchor)).length;
    expect(overdue).toBeGreaterThanOrEqual(3);
    expect(overdue).toBeLessThanOrEqual(15);
  });
});
