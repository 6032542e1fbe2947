import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { CHANNELS, TIERS, type EventType } from '../../../contract/codes.ts';
import { EVENT_DATA, type EventData, type WageEvent } from '../../../contract/events.ts';
import type { AlertBrief } from '../../../contract/frame.ts';
import type { RulePack } from '../../../contract/rulePack.ts';
import { DAY_MS, isoDate, parseRfc3339 } from '../../../common/regionTime.ts';
import { crisisFacts, tellsWorkers, workersWithin, type Crisis } from '../../../demo/crisis.ts';
import { observed, type Fact } from '../../../demo/facts.ts';
import { feedSchedule } from '../../../demo/feed.ts';
import { planHistory } from '../../../demo/history.ts';
import { noticeSchedule } from '../../../demo/notices.ts';
import { Random } from '../../../demo/random.ts';
import { Register } from '../../../demo/register.ts';
import { signalScenario } from '../../../demo/signalScenario.ts';
import { Distress, MONTHS } from '../../../demo/strain.ts';
import { isUscc } from '../../../demo/uscc.ts';
import { behindOpen, pastYear, presentState, type Watched } from '../../../demo/year.ts';
import { compilePack } from '../../../server/signals/assess/compilePack.ts';
import { runPackTests } from '../../../server/signals/packs/packTests.ts';
import { count, pack, squares, wrong } from './support.ts';

const ANCHOR = Date.parse('2026-11-21T10:00:00+08:00');
const options = { pack, seed: 1, anchor: ANCHOR, boundaries: squares() };
const rules = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../assets/rules/330110.json'), 'utf8'),
) as RulePack;

function watchedAt(scale: number, seed = 1): Watched {
  const plan = planHistory({ ...options, seed });
  const register = new Register(plan.world, { scale, boundaries: options.boundaries });
  return { plan, register, distress: new Distress(register) };
}

const ajv = new Ajv({ strict: false });
const validators = Object.fromEntries(Object.entries(EVENT_DATA).map(([type, schema]) => [type, ajv.compile(schema)]));
const isValid = ({ type, data }: WageEvent<EventType>) => validators[type]!(data);

/** What the shipped rules make of each list of observations, by the tests that packs carry. */
function tiersOf(lists: readonly (readonly WageEvent<'wage.signal.observed'>[])[]): string[] {
  const compiled = compilePack(rules, {});
  if (!compiled.ok) throw new Error('the shipped rules do not compile');
  const tests = lists.map((events, i) => ({
    name: String(i),
    day: isoDate(ANCHOR),
    events: events as unknown as Record<string, unknown>[],
    expect: { tier: null },
  }));
  return runPackTests({ ...compiled.pack, source: { ...rules, tests } }).map(({ ok, problems }) =>
    ok ? 'none' : (/"(\w+)"/.exec(problems.join())?.[1] ?? problems.join()),
  );
}

let small: Watched;
beforeAll(() => {
  small = watchedAt(0.03);
});

describe('the register', () => {
  it('has the published numbers, every one with a name and a code of its own, plainly fictitious', () => {
    const { register } = watchedAt(1);
    expect([register.employers, register.sites.length]).toEqual([260_000, 713]);
    expect(new Set(register.sites.map(({ bank }) => bank)).size).toBe(43);
    expect(new Set(register.sites.map(({ project }) => project.id)).size).toBe(713);
    const names = new Set<string>();
    const codes = new Set<string>();
    const faulty: string[] = [];
    for (let n = 1; n <= register.employers; n++) {
      const { enterprise } = register.employer(n);
      names.add(enterprise.name);
      codes.add(enterprise.uscc!);
      // Every tenth: the code itself is tested with the history.
      if (!/^某.+有限公司$/.test(enterprise.name) || (n % 10 === 0 && !isUscc(enterprise.uscc!)))
        faulty.push(enterprise.name);
    }
    expect(faulty).toEqual([]);
    expect([names.size, codes.size]).toEqual([260_000, 260_000]);
  });

  it('is valid, in all towns and in many industries, and each time the same', () => {
    const all = [...small.register.registrations(ANCHOR)];
    expect(wrong(all, isValid)).toEqual([]);
    expect(all).toEqual([...watchedAt(0.03).register.registrations(ANCHOR)]);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    const employers = all.filter(({ data }) => data.kind === 'enterprise');
    const sites = all.filter(({ data }) => data.kind === 'project');
    expect(Object.keys(count(employers, ({ data }) => data.town)).length).toBe(pack.towns.length);
    const industries = count(employers, ({ data }) => data.industry!);
    expect(Object.keys(industries).length).toBeGreaterThan(12);
    expect(industries.F!).toBeGreaterThan(industries.E!);
    expect(wrong(sites, ({ data }) => /^某/.test(data.project!.name) && data.industry === 'E')).toEqual([]);
    // Every contractor is an employer.
    const codes = new Set(employers.map(({ data }) => data.enterprise.uscc));
    expect(wrong(sites, ({ data }) => codes.has(data.enterprise.uscc))).toEqual([]);
  });

  it('has whom the alerts are about, at any scale', () => {
    for (const scale of [0.001, 1]) {
      const { plan, register } = watchedAt(scale);
      const projects = new Map(register.sites.map((site) => [site.project.id, site]));
      for (let n = 0; n < plan.raisedAt.length; n += 7) {
        const presence = plan.world.presences[plan.life(n).core.presence]!;
        const number = plan.world.homes.findIndex(
          (home) => plan.world.presences[home]!.enterprise.uscc === presence.enterprise.uscc,
        );
        expect(register.employer(number + 1).enterprise).toEqual(presence.enterprise);
        for (const { project } of presence.sites)
          if (project) expect(projects.get(project.id)).toMatchObject({ project, town: presence.town });
      }
    }
  });
});

describe('the year', () => {
  it('is valid, of the last 365 days, each observation once, and each time the same', () => {
    const year = [...pastYear(small, ANCHOR)];
    expect(wrong(year, isValid)).toEqual([]);
    expect(wrong(year, ({ data }) => rules.indicators[data.indicator] !== undefined)).toEqual([]);
    const times = year.map(({ time }) => parseRfc3339(time)!);
    // What led to the oldest alerts was some days before them.
    expect(wrong(times, (time) => time <= ANCHOR && time > ANCHOR - (365 + 26) * DAY_MS)).toEqual([]);
    expect(new Set(year.map(({ source, id }) => `${source} ${id}`)).size).toBe(year.length);
    expect(year).toEqual([...pastYear(watchedAt(0.03), ANCHOR)]);
    expect(year).not.toEqual([...pastYear(watchedAt(0.05, 2), ANCHOR)]);
  });

  it('comes from every channel, and of wages from every bank', () => {
    const year = [...pastYear(watchedAt(1), ANCHOR)];
    expect(year.length).toBeGreaterThan(30_000);
    expect(year.length).toBeLessThan(60_000);
    const channels = count(year, ({ data }) => rules.indicators[data.indicator]!.channel);
    expect(Object.keys(channels).sort()).toEqual([...CHANNELS].sort());
    expect(Object.keys(count(year, ({ source }) => source)).filter((source) => source.includes(':bank-')).length).toBe(
      43,
    );
  });

  it('hides a distress that lasts: who is badly off is rather so in the next month than others are', () => {
    const { distress } = watchedAt(0.5);
    const [bad, others] = [
      [0, 0],
      [0, 0],
    ] as [[number, number], [number, number]];
    for (const { key } of distress.subjects)
      for (let month = 1; month <= MONTHS; month++) {
        const group = distress.state(key, month - 1) > 0.6 ? bad : others;
        group[0]++;
        if (distress.state(key, month) > 0.6) group[1]++;
      }
    expect(bad[1] / bad[0]).toBeGreaterThan(2 * (others[1] / others[0]));
  });

  it('leaves nobody with a tier: what holds now is a watch list, and no alert', () => {
    const watched = watchedAt(0.2);
    const bySubject = new Map<string, WageEvent<'wage.signal.observed'>[]>();
    for (const event of presentState(watched, ANCHOR)) {
      const key = event.data.project?.id ?? event.data.enterprise!.uscc!;
      bySubject.set(key, [...(bySubject.get(key) ?? []), event]);
    }
    expect(bySubject.size).toBeGreaterThan(300);
    expect(count(tiersOf([...bySubject.values()]), (tier) => tier)).toEqual({ none: bySubject.size });
  });

  it('stands behind the open alerts, each subject once, at no graver a tier than theirs', () => {
    const open = small.plan.open.map((n) => {
      const raised = small.plan.steps(n)[0]!.data as EventData['wage.alert.raised'];
      return { ...raised, raisedAt: '' } as unknown as AlertBrief;
    });
    const events = behindOpen(small, open, ANCHOR);
    expect(wrong(events, isValid)).toEqual([]);
    const keyOf = ({ enterprise, project }: { enterprise?: { uscc?: string }; project?: { id: string } }) =>
      project?.id ?? enterprise!.uscc!;
    for (const alert of open) {
      const own = events.filter(({ data }) => keyOf(data) === keyOf(alert));
      const first = open.find((other) => keyOf(other) === keyOf(alert))!;
      expect(tiersOf([own]), first.channel).toEqual([first.tier]);
    }
  });

  it('nor does what sources say later', () => {
    const schedule = noticeSchedule({ ...small }, ANCHOR);
    const events = Array.from({ length: 1500 }, () => schedule.next().value).flatMap(({ at, events: of }) =>
      of(ANCHOR + Math.floor(at)),
    );
    expect(wrong(events, isValid)).toEqual([]);
    expect(events.length).toBeGreaterThan(500);
    const bySubject = new Map<string, WageEvent<'wage.signal.observed'>[]>();
    for (const event of events) {
      const key = event.data.project?.id ?? event.data.enterprise!.uscc!;
      bySubject.set(key, [...(bySubject.get(key) ?? []), event]);
    }
    expect(Object.keys(count(tiersOf([...bySubject.values()]), (tier) => tier))).toEqual(['none']);
  });

  it('keeps hardships of one subject below a tier by the figures of the rules', () => {
    const { strains, most } = signalScenario();
    expect(most).toBeLessThan(40);
    for (const { indicator, channel, to, points } of [...strains.enterprise, ...strains.project]) {
      const rule = rules.indicators[indicator]!;
      expect(rule.channel, indicator).toBe(channel);
      const reached = rule.points.filter(([threshold]) => to >= threshold).at(-1)![1];
      expect(reached, indicator).toBe(points);
    }
  });
});

describe('a crisis', () => {
  const tiers = ['red', 'orange', 'yellow'] as const;
  const kinds = CHANNELS.flatMap((channel) =>
    tiers.flatMap((tier) => [false, true].map((site) => ({ tier, channel, site }))),
  );
  const factsOf = (kind: (typeof kinds)[number], n: number): Fact[] => {
    const random = new Random(n);
    const workers = workersWithin(kind, random.int(1, 40));
    const crisis: Crisis = { ...kind, workers, amountFen: workers * 650_000, arrearsDays: random.int(5, 200) };
    return crisisFacts(crisis, random);
  };
  const events = (facts: Fact[]) =>
    facts.map((fact, i) => observed('330110', { uscc: '91330110XXXX000199' }, fact, String(i), ANCHOR));

  it('comes to its tier by the shipped rules, whatever its channel', () => {
    for (const kind of kinds) {
      const lists = Array.from({ length: 20 }, (_, n) => events(factsOf(kind, n)));
      expect(wrong(lists.flat(), isValid), JSON.stringify(kind)).toEqual([]);
      expect(
        count(tiersOf(lists), (tier) => tier),
        JSON.stringify(kind),
      ).toEqual({ [kind.tier]: 20 });
    }
  });

  it('says how many are owed where, and only where, it is expected to', () => {
    for (const kind of kinds) {
      const owing = factsOf(kind, 3).some(({ indicator, workers }) => workers && rules.indicators[indicator]!.owed);
      expect(owing, JSON.stringify(kind)).toBe(tellsWorkers(kind));
    }
  });

  it('is what each new alert of the feed begins with, at the tier that it would have been raised with', () => {
    const schedule = feedSchedule(small.plan, -1, true);
    const lives = new Map<number, { crisis: Crisis; tier: string }>();
    while (lives.size < 400) {
      const { life, step, event } = schedule.next().value;
      if (!life || step !== 0) continue;
      const raised = event(ANCHOR) as WageEvent<'wage.alert.raised'>;
      lives.set(life.k, { crisis: life.crisis, tier: raised.data.tier });
    }
    const found = tiersOf([...lives].map(([k, { crisis }]) => events(crisisFacts(crisis, new Random(k)))));
    expect(found).toEqual([...lives.values()].map(({ tier }) => tier));
    expect(Object.keys(count(found, (tier) => tier)).sort()).toEqual(TIERS.filter((tier) => tier !== 'blue').sort());
  });

  it('gives an alert that goes under another id the same life', () => {
    const schedule = feedSchedule(small.plan, -1, true);
    let item = schedule.next().value;
    while (!item.life || item.step !== 2) item = schedule.next().value;
    const [own, other] = [item.event(ANCHOR), item.event(ANCHOR, 1, 'SG-2026-7')];
    expect(other.data.alertId).toBe('SG-2026-7');
    expect(other.id).toBe('SG-2026-7-3');
    expect({ ...other.data, alertId: own.data.alertId }).toEqual(own.data);
  });
});
