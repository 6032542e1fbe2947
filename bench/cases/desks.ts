import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionOutcomes } from '../../contract/casework.ts';
import type { AlertDetail } from '../../contract/rest.ts';
import type { RegionPack } from '../../contract/region.ts';
import { sharedNow } from '../screens/clock.ts';

/** Cases that are worked on side by side; fewer than a frame's `latest` holds, so that a screen shows each of them to its end. */
const LIVING = 40;
const SLICE_MS = 5;
let runs = 0;

/** An action of a life, and what a screen shows of the alert afterwards, as a patch has it. */
interface Step {
  action: string;
  fields: object;
  shows?: readonly [field: string, value: unknown];
}
/** After it has been raised, and dispatched by the program in the same commit: whoever handles it does not audit it. */
const STEPS: readonly Step[] = [
  { action: 'accept', fields: {}, shows: ['stage', 'accepted'] },
  { action: 'note', fields: { text: '已电话联系项目负责人，约定明日上门核实' } },
  { action: 'handle', fields: { outcome: 'paid-in-full' }, shows: ['stage', 'handled'] },
  { action: 'recover', fields: { amountFen: 50_000, workers: 3 }, shows: ['recoveredFen', 50_000] },
  { action: 'audit', fields: { verdict: 'effective' }, shows: ['stage', 'audited'] },
  { action: 'close', fields: {}, shows: ['stage', 'closed'] },
];

interface Place {
  /** The alert that is worked on; undefined before one is raised. */
  alert: AlertDetail | undefined;
  step: number;
  /** One action of an alert after the other. */
  last: Promise<void>;
}

/** An action that was answered, times by the shared clock, ms. */
export interface Done {
  action: string;
  alertId: string;
  /** When it was due: one that had to wait for another has waited for the server. */
  dueAt: number;
  answeredAt: number;
  /** 200; 202 where it was not counted in time; else what was refused. */
  status: number;
  shows: Step['shows'];
}

export interface DesksOptions {
  url: string;
  pack: RegionPack;
  /** Texts of the tokens of officers. */
  officers: readonly string[];
  rate: number;
  seconds: number;
  /** Told of each action before it is sent. */
  onSent: (alertId: string, shows: Step['shows'], dueAt: number) => void;
}

/**
 * So many actions a second by officers, at times that do not wait for answers: lives of cases side by side, from `raise` to `close`, one action of each in turn.
 * @returns all of them
 */
export async function actAtPace(options: DesksOptions): Promise<Done[]> {
  const { rate, seconds } = options;
  const places = Array.from({ length: LIVING }, (): Place => ({ alert: undefined, step: 0, last: Promise.resolve() }));
  const run = `${process.pid}-${++runs}`;
  const done: Done[] = [];
  let failed: Error | undefined;
  const started = sharedNow();
  for (let n = 0; n < rate * seconds && !failed; n++) {
    const dueAt = started + (n * 1000) / rate;
    while (sharedNow() < dueAt) await sleep(Math.min(SLICE_MS, Math.max(1, dueAt - sharedNow())));
    const place = places[n % LIVING]!;
    place.last = place.last
      .then(async () => {
        done.push(await act(place, n, dueAt, `${run}-${n}`, options));
      })
      .catch((error: unknown) => {
        failed ??= error instanceof Error ? error : new Error(String(error));
      });
  }
  await Promise.all(places.map(({ last }) => last));
  if (failed) throw failed;
  return done;
}

async function act(place: Place, n: number, dueAt: number, name: string, options: DesksOptions): Promise<Done> {
  const { url, pack, officers, onSent } = options;
  const post = async (path: string, who: number, body: object): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${url}/api/v1/alerts${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${officers[who % officers.length]!}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };
  const { alert } = place;
  if (!alert) {
    const raise = {
      action: 'raise',
      town: pack.towns[n % pack.towns.length]!.code,
      tier: n % 3 ? 'yellow' : 'orange',
      industry: 'E',
      channel: 'petition',
      enterprise: { name: `某${name}号建筑有限公司` },
      workers: 3,
      amountFen: 100_000,
    };
    const answer = await post('/actions', n, { actions: [raise] });
    const [outcome] = (answer.body as ActionOutcomes).outcomes ?? [];
    const answeredAt = sharedNow();
    if (outcome?.status !== 200 && outcome?.status !== 202) throw new Error(`raise: ${JSON.stringify(answer)}`);
    place.alert = outcome.alert;
    place.step = 0;
    const { status, alertId = '' } = outcome;
    return { action: 'raise', alertId, dueAt, answeredAt, status, shows: undefined };
  }
  const { action, fields, shows } = STEPS[place.step]!;
  const { alertId, stage, eventsTotal } = alert;
  onSent(alertId, shows, dueAt);
  // A case is one officer's, and its audit another's.
  const who = (n % LIVING) + (action === 'audit' ? 1 : 0);
  const { status, body } = await post(`/${encodeURIComponent(alertId)}/actions`, who, {
    action,
    expect: { stage, events: eventsTotal },
    ...fields,
  });
  const answeredAt = sharedNow();
  if (status !== 200 && status !== 202) throw new Error(`${action}: ${status} ${JSON.stringify(body)}`);
  place.step++;
  // What is not counted yet is not known: another case takes its place.
  place.alert = status === 200 && place.step < STEPS.length ? (body as AlertDetail) : undefined;
  return { action, alertId, dueAt, answeredAt, status, shows };
}
