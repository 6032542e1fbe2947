import { hash } from 'node:crypto';
import type { GivenAction } from '../../../contract/casework.ts';
import { DESK_ALERTS } from '../../../contract/alertLimits.ts';
import { isRegionCode } from '../../../common/divisions.ts';
import { enterpriseKey, normalEnterprise, normalName } from '../../../common/identity.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import type { Enterprise } from '../../../contract/fields.ts';
import type { AlertBrief } from '../../../contract/frame.ts';
import { foldAlert } from '../../alerts/fold.ts';
import { toBrief, toRow } from '../../alerts/row.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import type { Region } from '../../region/region.ts';
import type { Intake } from '../../streams/intake/intake.ts';
import { raiseRefusal, type FieldRules } from '../rules/fieldRefusal.ts';
import { toEvent } from '../rules/toEvent.ts';
import type { Asker } from './asker.ts';
import type { Prepared } from './prepared.ts';
import type { DeskStore, Lock } from './deskStore.ts';
import { isOpenAlready, refused } from './outcome.ts';

/** Open alerts of an employer that are shown to whoever would raise another one. */
const SHOWN = 20;
/** So many whose name has the employer's in it are looked through for those that are it. */
const MOST_NAMED = 200;

interface RaiseParts {
  intake: Pick<Intake, 'refusal'>;
  store: (region: string) => DeskStore;
  now: () => number;
  region: Region;
  /** Id of the event. */
  event: string;
  asker: Asker;
  rules: FieldRules;
}

/** Checks an alert that somebody raises by hand; where one of the same employer is open, it is shown first. */
export async function prepareRaise(
  { given, duplicate = false }: { given: GivenAction<'raise'>; duplicate?: boolean | undefined },
  parts: RaiseParts,
): Promise<Prepared> {
  const { region, asker, event, now } = parts;
  const refusal = raiseRefusal(given.fields, parts.rules);
  if (refusal) return { problem: refused(refusal) };
  // The rule above has looked already; whoever answers must have asked.
  asker.mayRead(given.fields.town);
  const enterprise = normalEnterprise(given.fields.enterprise);
  const hashOf = (text: string) => hash('sha256', text, 'base64url');
  const employer = hashOf(enterpriseKey(enterprise));
  // Whoever knows the name alone means the same employer.
  const names = [...new Set([employer, hashOf(normalName(enterprise.name))])];
  const store = parts.store(region.code);
  const lock = await lockAll(store, names, event);
  if (!lock) return { problem: BEING_RAISED() };
  try {
    const latest = duplicate ? [] : await Promise.all(names.map((name) => store.latest(name)));
    const alerts = duplicate ? [] : await openAlertsOf(enterprise, latest, parts);
    if (alerts.length) {
      const { uscc, name } = enterprise;
      await asker.trail('alerts.list', region.code, { ...(uscc === undefined ? {} : { uscc }), q: name, open: true });
      await lock.release();
      return { problem: isOpenAlready(alerts) };
    }
    const alertId = await store.number(toRfc3339(now()).slice(0, 4), event);
    const frame = { id: event, alertId, region: region.code, actor: asker.named, now: now() };
    const made = toEvent(given, undefined, frame);
    const fault = parts.intake.refusal(made);
    if (fault !== undefined) {
      await lock.release();
      return { problem: refused({ status: 422, rule: 'event', detail: fault }) };
    }
    const { tier, town, channel } = given.fields;
    return {
      region,
      alertId,
      event: made as { id: string },
      action: 'raise',
      detail: { event, tier, town, channel },
      lock,
      counted: async () => {
        await Promise.all(names.map((name) => store.keepLatest(name, alertId)));
      },
    };
  } catch (error) {
    await lock.release().catch(() => undefined);
    throw error;
  }
}

/** Locks an employer under each of its names, so that whoever knows another one of them waits, too. */
async function lockAll(store: DeskStore, names: readonly string[], event: string): Promise<Lock | undefined> {
  const held: Lock[] = [];
  const each = async (work: (lock: Lock) => Promise<void>) => {
    await Promise.all(held.map(work));
  };
  try {
    for (const name of names) {
      const lock = await store.lock(`employer:${name}`, event);
      if (!lock) {
        await each((one) => one.release());
        return undefined;
      }
      held.push(lock);
    }
  } catch (error) {
    await each((one) => one.release()).catch(() => undefined);
    throw error;
  }
  return { written: (entry) => each((one) => one.written(entry)), release: () => each((one) => one.release()) };
}

const BEING_RAISED = () =>
  new HttpProblem(
    409,
    'Another action is on its way',
    'somebody is raising an alert of this employer at this moment: look for it, and decide anew',
  );

/**
 * The open alerts of an employer: those of the same uscc, and where an alert or whoever raises this one knows the name alone, those of the
 * same name.
 * @param latest ones that were raised here a moment ago: the lists of this process may not have them yet
 */
async function openAlertsOf(
  employer: Enterprise,
  latest: readonly (string | undefined)[],
  { region, asker, event, now }: RaiseParts,
): Promise<AlertBrief[]> {
  const view = region.view();
  if (!view) throw new HttpProblem(503, 'Not ready', 'the figures are still being loaded');
  const moment = now();
  // Where somebody's scope is a town, others' alerts take none of the places.
  const { role, scope: theirs } = asker.actor;
  const scope = role !== 'admin' && !isRegionCode(theirs) ? theirs : region.code;
  const { uscc, name } = employer;
  const coded = uscc === undefined ? [] : view.lists.query({ scope, uscc, open: true, limit: SHOWN }, moment).rows;
  const named = view.lists
    .query({ scope, q: name, open: true, limit: MOST_NAMED }, moment)
    .rows.filter((row) => isSameName(row.enterprise, employer));
  const briefs = [...new Map([...coded, ...named].map((row) => [row.alertId, row])).values()]
    .slice(0, SHOWN)
    .map((row) => toBrief(row, moment));
  for (const one of new Set(latest)) {
    if (one === undefined || briefs.some(({ alertId }) => alertId === one)) continue;
    const events = await region.events(one);
    const state = events && foldAlert(one, events, region.rules());
    if (!state || state.stage === 'closed') continue;
    const { enterprise } = state.facts;
    if (isSameName(enterprise, employer) || (uscc !== undefined && enterprise.uscc === uscc))
      briefs.unshift(toBrief({ ...toRow(state), region: region.code }, moment));
  }
  // One that this very request has raised before it could answer is no other one.
  const own = await ownAlert(region, briefs, event);
  return briefs.filter(({ alertId, town }) => alertId !== own && asker.mayRead(town));
}

function isSameName(one: Enterprise, { uscc, name }: Enterprise): boolean {
  return normalName(one.name) === normalName(name) && (one.uscc === undefined || uscc === undefined);
}

async function ownAlert(region: Region, briefs: readonly AlertBrief[], event: string): Promise<string | undefined> {
  for (const { alertId } of briefs) {
    if (!alertId.startsWith(DESK_ALERTS)) continue;
    const events = await region.events(alertId);
    if (events?.some(({ id }) => id === event)) return alertId;
  }
  return undefined;
}
