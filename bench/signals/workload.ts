import { usccCheck } from '../../common/identity.ts';
import { DAY_MS, dayOf, dayText, toRfc3339 } from '../../common/regionTime.ts';
import type { RegionPack } from '../../contract/region.ts';
import type { RulePack } from '../../contract/rulePack.ts';

/** Fictitious employers, what is observed of them, and rules for it: as NDJSON, a buffer for each thousand. */

const LINES = 1_000;
const CHANNELS = [
  'water',
  'electricity',
  'social-insurance',
  'petition',
  'litigation',
  'tax',
  'hotline',
  'grid',
] as const;
/** Of each channel, a state and an event. */
const codeOf = (channel: string, kind: 'state' | 'event') => `${channel}.${kind}`;

export function benchRules(region: string): RulePack {
  const text = { 'zh-CN': '{value}', en: '{value}' };
  const both = CHANNELS.flatMap((channel) => [
    [
      codeOf(channel, 'state'),
      {
        channel,
        kind: 'state' as const,
        measure: 'value' as const,
        unit: 'day',
        validDays: 60,
        points: [
          [15, 5],
          [60, 20],
        ] as [number, number][],
        text,
      },
    ],
    [
      codeOf(channel, 'event'),
      {
        channel,
        kind: 'event' as const,
        measure: 'count' as const,
        unit: 'case',
        windowDays: 60,
        owed: true,
        points: [
          [1, 5],
          [4, 20],
        ] as [number, number][],
        text,
      },
    ],
  ]);
  return {
    region,
    version: 'bench.1',
    name: text,
    watch: 20,
    channels: Object.fromEntries(CHANNELS.map((channel) => [channel, { cap: 30, everyDays: 35 }])),
    indicators: Object.fromEntries(both) as RulePack['indicators'],
    // Of a million observations of 260,000 employers come alerts about one employer in a hundred: Yuhang had 3,446 in all (domain.md).
    tiers: [
      { id: 'R1', tier: 'red', name: text, when: ['score', '>=', 110] },
      {
        id: 'Y1',
        tier: 'yellow',
        name: text,
        when: {
          all: [
            ['score', '>=', 90],
            ['channels', '>=', 4],
          ],
        },
      },
    ],
  };
}

/** Of the n-th employer. */
export const usccOf = (n: number): string => {
  const first = `91330110${String(n).padStart(9, '0')}`;
  return first + usccCheck(first);
};
const nameOf = (n: number) => `某${n}号机械制造有限公司`;

function inBuffers(count: number, event: (i: number) => object): Buffer[] {
  const buffers: Buffer[] = [];
  for (let at = 0; at < count; at += LINES) {
    let text = '';
    for (let i = at; i < Math.min(count, at + LINES); i++)
      text += `${JSON.stringify({ specversion: '1.0', ...event(i) })}\n`;
    buffers.push(Buffer.from(text));
  }
  return buffers;
}

export function registrations({ code, towns }: RegionPack, subjects: number, now: number): Buffer[] {
  return inBuffers(subjects, (n) => ({
    id: `r${n}`,
    source: 'urn:bench:register',
    type: 'wage.subject.registered',
    time: toRfc3339(now - 1_000 * DAY_MS),
    data: {
      region: code,
      kind: 'enterprise',
      enterprise: { uscc: usccOf(n), name: nameOf(n) },
      town: towns[n % towns.length]!.code,
      industry: 'CEFHI'[n % 5],
      headcount: 5 + (n % 300),
      location: { lng: 119.9 + (n % 1_000) / 5_000, lat: 30.3 + (n % 777) / 7_000 },
      address: `某路${n % 900}号`,
      status: 'active',
    },
  }));
}

/**
 * Observations of the last 50 days about employers drawn at random, ids whole numbers, none with a text. States end with today, so that
 * midnight changes nearly everybody.
 */
export function observations(
  { code }: RegionPack,
  subjects: number,
  count: number,
  { firstId, seed, now }: { firstId: number; seed: number; now: number },
): Buffer[] {
  let state = seed >>> 0;
  const below = (n: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * n);
  };
  const today = dayText(dayOf(now));
  return inBuffers(count, (i) => {
    const channel = CHANNELS[below(CHANNELS.length)]!;
    const kind = below(4) ? 'state' : 'event';
    return {
      id: String(firstId + i),
      source: `urn:bench:${channel}`,
      type: 'wage.signal.observed',
      time: toRfc3339(now - Math.floor(below(50 * 86_400)) * 1_000),
      data: {
        region: code,
        indicator: codeOf(channel, kind),
        enterprise: { uscc: usccOf(below(subjects)) },
        value: kind === 'state' ? 1 + below(90) : undefined,
        until: kind === 'state' ? today : undefined,
        workers: below(3) ? undefined : 1 + below(30),
      },
    };
  });
}
