import { hash } from 'node:crypto';
import type { GivenAction } from '../../../contract/casework.ts';
import { DESK_ALERTS } from '../../../contract/alertLimits.ts';
import { isRegionCode } from '../../../common/divisions.ts';
import { enterpriseKey, normalEnterprise } from '../../../common/identity.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
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
import type { DeskStore } from './deskStore.ts';
import { isOpenAlready, refused } from './outcome.ts';

/** Open alerts of an employer that are shown to whoever would raise another one. */
const SHOWN = 20;

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
  const employer = hash('sha256', enterpriseKey(enterprise), 'base64url');
  const store = parts.store(region.code);
  const lock = await store.lock(`employer:${employer}`, event);
  if (!lock) return { problem: BEING_RAISED() };
  try {
    const key = enterprise.uscc ?? enterprise.name;
    const alerts = duplicate ? [] : await openAlertsOf(key, await store.latest(employer), parts);
    if (alerts.length) {
      await asker.trail('alerts.list', region.code, { uscc: key, open: true });
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
      counted: () => store.keepLatest(employer, alertId),
    };
  } catch (error) {
    await lock.release().catch(() => undefined);
    throw error;
  }
}

const BEING_RAISED = () =>
  new HttpProblem(
    409,
    'Another action is on its way',
    'somebody is raising an alert of this employer at this moment: look for it, and decide anew',
  );

/** @param latest one that was raised here a moment ago: the lists of this process may not have it yet */
async function openAlertsOf(
  employer: string,
  latest: string | undefined,
  { region, asker, event, now }: RaiseParts,
): Promise<AlertBrief[]> {
  const view = region.view();
  if (!view) throw new HttpProblem(503, 'Not ready', 'the figures are still being loaded');
  const moment = now();
  // Where somebody's scope is a town, others' alerts take none of the places.
  const { role, scope: theirs } = asker.actor;
  const scope = role !== 'admin' && !isRegionCode(theirs) ? theirs : region.code;
  const { rows } = view.lists.query({ scope, uscc: employer, open: true, limit: SHOWN }, moment);
  const briefs = rows.map((row) => toBrief(row, moment));
  if (latest !== undefined && !briefs.some(({ alertId }) => alertId === latest)) {
    const events = await region.events(latest);
    const state = events && foldAlert(latest, events, region.rules());
    if (state && state.stage !== 'closed') briefs.unshift(toBrief({ ...toRow(state), region: region.code }, moment));
  }
  // One that this very request has raised before it could answer is no other one.
  const own = await ownAlert(region, briefs, event);
  return briefs.filter(({ alertId, town }) => alertId !== own && asker.mayRead(town));
}

async function ownAlert(region: Region, briefs: readonly AlertBrief[], event: string): Promise<string | undefined> {
  for (const { alertId } of briefs) {
    if (!alertId.startsWith(DESK_ALERTS)) continue;
    const events = await region.events(alertId);
    if (events?.some(({ id }) => id === event)) return alertId;
  }
  return undefined;
}
