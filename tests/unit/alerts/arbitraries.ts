import fc from 'fast-check';
import { ALERT_EVENT_TYPES } from '../../../contract/codes.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import type { StoredEvent } from '../../../server/alerts/state.ts';

const BASE = Date.UTC(2026, 10, 1);
const towns = ['330110001', '330110010', '330110100'];
const facts = {
  tier: fc.constantFrom('red', 'orange', 'yellow'),
  town: fc.constantFrom(...towns),
  industry: fc.constantFrom('C', 'E', 'H'),
  channel: fc.constantFrom('water', 'petition', 'wage-account'),
  enterprise: fc.constantFrom(
    { name: '某甲有限公司' },
    { name: '某乙有限公司', uscc: '91330110MA0000001X' },
    { name: '某乙有限公司', uscc: ' 91330110ｍａ0000001x\u3000' },
    { name: '某丙有限公司', uscc: '\u3000' },
  ),
  workers: fc.integer({ min: 0, max: 500 }),
  amountFen: fc.integer({ min: 0, max: 1e9 }),
};
/** Some of them outside the region. */
const location = fc.record({ lng: fc.constantFrom(120.05, 120.28, 0), lat: fc.constantFrom(30.37, 30.42, 0) });
/** Times collide often, so that ranks, sources and ids decide. */
const time = fc.integer({ min: 0, max: 12 }).map((hours) => BASE + hours * 3_600_000 * 31);

const data = {
  'wage.alert.raised': fc.record(
    { ...facts, location },
    { requiredKeys: ['tier', 'town', 'industry', 'channel', 'enterprise', 'workers', 'amountFen'] },
  ),
  'wage.alert.amended': fc.record(
    { ...facts, location, project: fc.constant({ id: 'p1', name: '某地块' }), reason: fc.constant('核实') },
    { requiredKeys: [] },
  ),
  'wage.alert.dispatched': fc.record(
    {
      platform: fc.constantFrom('four-platforms', 'tri-colour', 'other'),
      unit: fc.constantFrom('甲队', '乙队', 'jia', ' 甲　队'),
      // Some as they were stored before terms were bounded.
      dueAt: fc.oneof(
        { weight: 4, arbitrary: time.map(toRfc3339) },
        fc.constantFrom(
          '9999-12-31T23:59:59Z',
          '0001-01-01T00:00:00Z',
          '2100-12-31T23:59:59+08:00',
          '2101-01-01T00:00:00+08:00',
        ),
      ),
    },
    { requiredKeys: ['platform', 'unit'] },
  ),
  'wage.alert.accepted': fc.record(
    { unit: fc.constantFrom('甲队', '丙队'), person: fc.constantFrom('p1', 'p2') },
    { requiredKeys: ['unit'] },
  ),
  'wage.alert.handled': fc.record({ outcome: fc.constant('已约谈') }),
  'wage.alert.audited': fc.record({ verdict: fc.constantFrom('effective', 'false-alarm', 'returned') }),
  'wage.alert.closed': fc.constant({}),
  'wage.wages.recovered': fc.record({
    amountFen: fc.integer({ min: 0, max: 1e8 }),
    workers: fc.integer({ min: 0, max: 50 }),
  }),
  'wage.case.noted': fc.constant({ text: '某笔记' }),
  'wage.case.assigned': fc.record(
    { unit: fc.constant('甲队'), person: fc.constantFrom('p1', 'p3') },
    { requiredKeys: ['unit'] },
  ),
  'wage.case.extended': fc.record({ dueAt: time.map(toRfc3339), reason: fc.constant('某理由') }),
  'wage.case.urged': fc.constant({}),
  'wage.case.supervised': fc.constant({ level: 'notice', text: '某事由' }),
  'wage.case.answered': fc.constant({ text: '某回复' }),
} as const;

const MAKERS = [
  { actor: 'p1' },
  { platform: 'tri-colour' },
  { platform: 'four-platforms', actor: 'p2' },
  { platform: 'other' },
  { platform: 'other:jia', platformname: '甲队' },
  { platform: 'other:yi', platformname: '乙 队' },
  // Of a unit that the pack did not name.
  { platform: 'other:jia' },
] as const;

const oneEvent = fc.constantFrom(...ALERT_EVENT_TYPES).chain((type) =>
  fc.record(
    {
      type: fc.constant(type),
      time,
      source: fc.constantFrom('s1', 's2'),
      id: fc.integer({ min: 0, max: 1e6 }).map(String),
      data: data[type] as fc.Arbitrary<object>,
      by: fc.constantFrom(...MAKERS),
    },
    { requiredKeys: ['type', 'time', 'source', 'id', 'data'] },
  ),
) as fc.Arbitrary<StoredEvent>;

/** The distinct events of one alert; often, but not always, with a `raised` among them. */
export const alertEvents = fc.uniqueArray(oneEvent, {
  minLength: 1,
  maxLength: 12,
  selector: ({ source, id }) => `${source} ${id}`,
});
/** The same with the one clock: terms by stage, in all forms. */
export const CLOCK_TERMS = {
  red: { dispatch: '30m', accept: '2h', handle: '2wd', audit: '1wd', close: '2wd' },
  orange: { dispatch: '1h', accept: '1d', handle: '10d', audit: '2wd', close: '3wd' },
  yellow: { dispatch: '4h', accept: '2wd', handle: '15wd', audit: '3wd', close: '5wd' },
};
export const RULES = {
  terms: { red: 86_400_000, orange: 3 * 86_400_000, yellow: 7 * 86_400_000 },
  box: [119.9, 30.2, 120.3, 30.6] as [number, number, number, number],
};
