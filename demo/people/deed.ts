import { unitFor, unitOf } from '../../common/units.ts';
import { toRfc3339, DAY_MS } from '../../common/regionTime.ts';
import type { GivenAction } from '../../contract/casework.ts';
import { STAGES, type AlertEventType, type Outcome, type Stage } from '../../contract/codes.ts';
import type { RegionPack } from '../../contract/region.ts';
import type { AlertDetail } from '../../contract/rest.ts';
import type { Step } from '../lifePlan.ts';
import type { DemoPerson } from './staff.ts';

/** A step of a life that somebody is to do. */
export interface Task {
  step: Step;
  /** How many steps of its type the life has up to it: as many events there are once it is done. */
  nth: number;
  /** Of a `handled`: what it comes to. */
  outcome?: Outcome;
}

/** What somebody does about an alert now. */
export interface Deed {
  who: DemoPerson['role'];
  given: GivenAction;
  /** It is not the step itself, but what must come before it. */
  before?: true;
}

/** What the clock and the program write is nobody's step. */
const OWN = /^urn:wagewatch:(clock|signals)$/;
/** An extension of the demonstration, so many days. */
const EXTENDED_MS = 3 * DAY_MS;

/**
 * What there is to do for a step about an alert as it is; undefined where it is done already, or has been overtaken. Whoever else has
 * acted on the alert, the demonstration goes on from how it stands. Pure.
 */
export function deedFor(
  { step, nth, outcome }: Task,
  alert: AlertDetail,
  pack: Pick<RegionPack, 'units' | 'dispatch'>,
  now: number,
): Deed | undefined {
  const { stage } = alert;
  if (isDone(alert, step.type, nth)) return undefined;
  const passed = (...stages: Stage[]) => !stages.includes(stage);
  switch (step.type) {
    case 'wage.alert.raised':
      return undefined;
    case 'wage.alert.amended': {
      const { tier, town, workers, amountFen, reason = '' } = step.data;
      const facts = { tier, town, workers, amountFen };
      const known = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
      return stage === 'closed' ? undefined : officer({ action: 'amend', fields: { ...known, reason } });
    }
    case 'wage.alert.dispatched':
      return stage === 'raised' ? dispatching(alert, pack, step.data) : undefined;
    case 'wage.alert.accepted':
      if (passed('raised', 'dispatched')) return undefined;
      return stage === 'raised' ? before(alert, pack) : handler({ action: 'accept', fields: {} });
    case 'wage.alert.handled': {
      if (passed('raised', 'dispatched', 'accepted')) return undefined;
      if (stage === 'raised') return before(alert, pack);
      const { outcome: said, note } = step.data;
      const fields = { outcome: outcome ?? 'other', note: [said, note].filter(Boolean).join('；') };
      return handler({ action: 'handle', fields });
    }
    case 'wage.alert.audited': {
      if (stage === 'audited' || stage === 'closed') return undefined;
      if (stage !== 'handled') return before(alert, pack);
      const { verdict, note } = step.data;
      return officer({ action: 'audit', fields: { verdict, ...(note === undefined ? {} : { note }) } });
    }
    case 'wage.wages.recovered': {
      if (stage === 'raised') return before(alert, pack);
      const { amountFen, workers } = step.data;
      return handler({ action: 'recover', fields: { amountFen, workers } });
    }
    case 'wage.alert.closed': {
      if (stage === 'closed') return undefined;
      if (stage !== 'audited') return before(alert, pack);
      const { resolution } = step.data;
      return officer({ action: 'close', fields: resolution === undefined ? {} : { resolution } });
    }
    case 'wage.case.noted':
      return stage === 'closed' ? undefined : handler({ action: 'note', fields: { text: step.data.text } });
    case 'wage.case.extended': {
      if (passed('dispatched', 'accepted')) return undefined;
      const dueAt = toRfc3339(Math.max(now, alert.dueAt === undefined ? now : Date.parse(alert.dueAt)) + EXTENDED_MS);
      return officer({ action: 'extend', fields: { dueAt, reason: step.data.reason } });
    }
    case 'wage.case.urged':
      if (passed('dispatched', 'accepted')) return undefined;
      return officer({ action: 'urge', fields: step.data.text === undefined ? {} : { text: step.data.text } });
    case 'wage.case.supervised': {
      if (passed('dispatched', 'accepted')) return undefined;
      const { level, text } = step.data;
      return { who: 'leader', given: { action: 'supervise', fields: { level, text } } };
    }
    case 'wage.case.answered':
      return alert.supervised ? handler({ action: 'answer', fields: { text: step.data.text } }) : undefined;
    case 'wage.case.assigned':
      return undefined;
  }
}

/** Where a step is about an alert that somebody else has moved back: the next thing on the way to it. */
function before(alert: AlertDetail, pack: Pick<RegionPack, 'units' | 'dispatch'>): Deed | undefined {
  const next = STAGES.indexOf(alert.stage);
  const deeds: (Deed | undefined)[] = [
    dispatching(alert, pack),
    handler({ action: 'accept', fields: {} }),
    handler({ action: 'handle', fields: { outcome: 'other' } }),
    officer({ action: 'audit', fields: { verdict: 'effective' } }),
  ];
  const deed = deeds[next];
  return deed && { ...deed, before: true };
}

function dispatching(
  { tier, town }: Pick<AlertDetail, 'tier' | 'town'>,
  pack: Pick<RegionPack, 'units' | 'dispatch'>,
  drawn?: { platform: string; unit: string },
): Deed | undefined {
  const rule = pack.dispatch?.[tier];
  const unit = unitFor(pack, tier, town)?.name['zh-CN'];
  const to = rule && unit !== undefined ? { platform: rule.platform, unit } : drawn;
  // A unit that the pack does not have takes nothing.
  if (!to || (pack.units && !unitOf(pack, to.unit))) return undefined;
  return officer({ action: 'dispatch', fields: to as GivenAction<'dispatch'>['fields'] });
}

function isDone({ events }: AlertDetail, type: AlertEventType, nth: number): boolean {
  let there = 0;
  for (const event of events) if (event.type === type && !OWN.test(event.source)) there++;
  return there >= nth;
}

const officer = (given: GivenAction): Deed => ({ who: 'officer', given });
const handler = (given: GivenAction): Deed => ({ who: 'handler', given });
