import type { Frame } from '../../../../contract/frame.ts';
import type { AlertState } from '../../../../server/alerts/state.ts';
import { dayOf, hourOf, minuteOf, stamp } from '../../aggregations/support/civilTime.ts';
import { windowAt } from '../../aggregations/support/oracle.ts';
import { largest, type Equation } from './linear.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * Somebody who has one frame of a display, and knows how days, windows, steps and the period before cut the same alerts
 * raised: each in a span of time, a town and a tier. How large may what is withheld be, by every linear combination of what is shown?
 * Finds every count of alerts raised, also of a part of a day in a town, that must be small.
 */
export function daysFoundOut(alerts: readonly AlertState[], frame: Frame, shown: Frame, least: number): string[] {
  const now = Date.parse(frame.at);
  const rules = windowAt(frame.window, now);
  const towns = Object.keys(frame.byTown);
  const tiers = Object.keys(frame.byTier);
  const cells = new Map<string, { value: number; known: boolean }>();
  const equations: Equation[] = [];
  const cell = (name: string, value: number, given?: number, zeroIsKnown = false) => {
    cells.set(name, { value, known: given !== undefined && (given !== 0 || zeroIsKnown) });
    return name;
  };
  const sum = (whole: string, parts: readonly string[]) =>
    equations.push({ terms: [[whole, -1], ...parts.map((part) => [part, 1] as const)], is: 0 });

  /** The span in which a moment lies: no figure of the frame cuts it. */
  const spanOf = (t: number) => {
    const s = rules.bucket(t);
    const day = dayOf(t) > dayOf(now) - 30 * DAY ? stamp(dayOf(t)).slice(0, 10) : 'older';
    const step = rules.main(s) ? stamp(rules.step(s)) : '';
    return `${day}|${step}|${rules.previous?.(s) ? 'before' : ''}`;
  };
  // Older than the days there may always be something, unless the counts say that there is not.
  const young = alerts.every(({ raisedAt }) => dayOf(raisedAt) > dayOf(now) - 30 * DAY);
  const spans = new Set<string>();
  for (let t = minuteOf(now); t > now - 50 * HOUR; t -= MINUTE) spans.add(spanOf(t));
  for (let t = hourOf(now); t > now - (young ? 29 : 70) * DAY; t -= HOUR) spans.add(spanOf(t));
  for (const { raisedAt } of alerts) spans.add(spanOf(raisedAt));
  if (!young) spans.add(spanOf(now - 1_500 * DAY));

  const values = new Map<string, number>();
  for (const { facts, raisedAt } of alerts) {
    const key = `${spanOf(raisedAt)}|${facts.town}|${facts.tier}`;
    values.set(key, (values.get(key) ?? 0) + 1);
  }
  const atoms = [...spans].flatMap((span) =>
    towns.flatMap((town) =>
      tiers.map((tier) => {
        const [day, step, before] = span.split('|');
        const name = `atom ${span}|${town}|${tier}`;
        cell(name, values.get(`${span}|${town}|${tier}`) ?? 0);
        return { name, day, step, before, town, tier, span };
      }),
    ),
  );
  type Atom = (typeof atoms)[number];
  const figure = (name: string, test: (atom: Atom) => boolean, given: number | undefined, zeroIsKnown = false) => {
    const parts = atoms.filter(test).map((atom) => atom.name);
    cell(
      name,
      parts.reduce((total, part) => total + cells.get(part)!.value, 0),
      given,
      zeroIsKnown,
    );
    sum(name, parts);
  };

  figure('raised', ({ step }) => step !== '', shown.totals.raised);
  if (frame.compare.previous) figure('before', ({ before }) => before !== '', shown.compare.previous?.raised);
  for (const tier of tiers)
    figure(`tier ${tier}`, (atom) => atom.step !== '' && atom.tier === tier, shown.byTier[tier]?.raised);
  const steps = [...new Set(atoms.map(({ step }) => step!))].filter((step) => step !== '');
  for (const step of steps)
    for (const tier of tiers)
      figure(
        `step ${step} ${tier}`,
        (atom) => atom.step === step && atom.tier === tier,
        shown.series[step]?.tiers[tier as 'red'],
      );
  const dates = [...new Set(atoms.map(({ day }) => day!))].filter((day) => day !== 'older');
  for (const town of towns) {
    const given = shown.byTown[town];
    figure(`town ${town}`, (atom) => atom.step !== '' && atom.town === town, given?.raised);
    for (const date of dates)
      figure(
        `day ${date} ${town}`,
        (atom) => atom.day === date && atom.town === town,
        given?.days && (given.days[date] ?? 0),
        true,
      );
    for (const span of spans)
      figure(`part ${span} ${town}`, (atom) => atom.span === span && atom.town === town, undefined);
    const ever = figureOf(alerts, town);
    cell(`open ${town}`, ever.open, given?.open);
    cell(`closed ${town}`, ever.raised - ever.open);
    equations.push({
      terms: [
        ...atoms.filter((atom) => atom.town === town).map((atom) => [atom.name, 1] as const),
        [`open ${town}`, -1],
        [`closed ${town}`, -1],
      ],
      is: 0,
    });
  }
  for (const date of dates) figure(`day ${date}`, (atom) => atom.day === date, undefined);
  // With those open, all that were ever closed are all that were ever raised.
  cell('open', frame.totals.open, shown.totals.open);
  cell('closed', frame.byStage!.closed!, shown.byStage?.closed);
  for (const of of ['open', 'closed'])
    sum(
      of,
      towns.map((town) => `${of} ${town}`),
    );
  const small = [...cells].filter(([name, { value }]) => !name.startsWith('atom') && value > 0 && value < least);
  const told = small.filter(([, { known }]) => known).map(([name]) => `${name} is shown`);
  const most = largest(
    equations,
    cells,
    small.map(([name]) => name),
  );
  return [
    ...told,
    ...[...most].filter(([, max]) => max < least - 1e-6).map(([name, max]) => `${name} is at most ${max}`),
  ];
}

function figureOf(alerts: readonly AlertState[], town: string): { raised: number; open: number } {
  const here = alerts.filter(({ facts }) => facts.town === town);
  return { raised: here.length, open: here.filter(({ stage }) => stage !== 'closed').length };
}
