import fc from 'fast-check';
import { expect } from 'vitest';
import { DEFAULT_LADDER } from '../../common/ladder.ts';
import type { AlertEventType } from '../../contract/codes.ts';
import type { AlertDetail } from '../../contract/rest.ts';
import type { Inbox, Supervision, Supervisions } from '../../contract/supervision.ts';
import { event as cloudEvent } from '../support/events.ts';
import { until } from '../support/server.ts';
import { walkRungs } from '../unit/casework/walkRungs.ts';
import { act, actBoth, actSeveral, actWhileKilled, raiseByHand, took, upload, type Deed } from './acting.ts';
import { forbidden, sees, VERBS, type Fields } from './law.ts';
import { CLOCK, type ModelAlert } from './modelAlert.ts';
import { OTHER_TOWN, personOf, SENDERS, TOWN, WHO, type Sender, type Who } from './people.ts';
import { fromCloud, storedOf, type Part, type World } from './world.ts';

/** What may happen, as commands of fast-check: each is done to the running program and to the model. */

export interface Model {
  /** Those of this run. */
  alerts: ModelAlert[];
  /** Tells the employers of runs apart. */
  run: string;
}
type Command = fc.AsyncCommand<Model, World>;
/** Numbers from which a command chooses when it runs. */
type Dice = readonly number[];

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const pick = <T>(list: readonly T[], die: number | undefined): T => list[die! % list.length]!;
const WHERE = [
  ['tri-colour', 'brigade'],
  ['tri-colour', '余杭区　劳动保障监察大队'],
  ['four-platforms', 'town-010'],
  ['four-platforms', 'town-001'],
  ['tri-colour', 'housing'],
  ['other', 'court'],
  ['four-platforms', 'brigade'],
  ['tri-colour', '某不存在中队'],
] as const;

/** What a verb carries: often what will do, sometimes what will not. */
function fieldsOf(verb: string, alert: ModelAlert, dice: Dice, world: World): Fields {
  const [platform, unit] = pick(WHERE, dice[0]);
  const soon = (choices: readonly (number | undefined)[]) => {
    const ahead = pick(choices, dice[1]);
    return ahead === undefined ? undefined : new Date(Math.floor((world.now() + ahead) / 1000) * 1000).toISOString();
  };
  const dueAt = soon([undefined, undefined, undefined, HOUR, 3 * DAY, 30 * DAY, -HOUR]);
  const { colleague, townHandler, leader, officer, handler } = world.idOf;
  const person = pick([undefined, undefined, colleague, handler, officer, townHandler, leader, 'nobody'], dice[2]);
  const text = `某说明${dice[3]}`;
  const own = [...alert.files.keys()];
  const foreign = [...world.alerts.values()].filter((one) => one !== alert).flatMap((one) => [...one.files.keys()]);
  const unknown = `sha256:${String(dice[3]).padStart(64, '0')}`;
  const files = own.length > 0 && dice[4]! % 4 ? [pick(own, dice[4])] : [pick([...foreign, unknown], dice[4])];
  const attachments = dice[5]! % 3 === 0 ? files : undefined;
  const given = ((): Record<string, unknown> => {
    switch (verb) {
      case 'dispatch':
      case 'transfer':
        return { platform, unit, dueAt, note: dice[3]! % 2 ? text : undefined };
      case 'accept':
        return { person, unit: pick([undefined, undefined, undefined, unit], dice[4]) };
      case 'handle':
        return {
          outcome: pick(['paid-in-full', 'plan-agreed', 'case-filed', 'no-arrears', '已约谈'], dice[0]),
          attachments,
        };
      case 'recover':
        return { amountFen: dice[0]! * 100, workers: dice[1]! % 20 };
      case 'audit':
        return {
          verdict: pick(['returned', 'effective', 'false-alarm', 'returned'], dice[0]),
          note: dice[1]! % 3 ? text : undefined,
        };
      case 'close':
        return { resolution: dice[0]! % 2 ? text : undefined };
      case 'reopen':
        return {
          why: text,
          ...pick([{}, {}, { platform, unit }, { platform, unit }, { platform }, { unit }], dice[2]),
          dueAt,
        };
      case 'amend':
        return {
          reason: text,
          workers: dice[1]! % 2 ? dice[1] : undefined,
          tier: pick([undefined, 'red', 'orange', 'yellow', 'red', 'blue'], dice[2]),
          town: pick([undefined, undefined, undefined, TOWN, OTHER_TOWN, '330110999'], dice[4]),
        };
      case 'assign':
        return { person: person ?? colleague };
      case 'extend':
        return { dueAt: soon([2 * DAY, 5 * DAY, 20 * DAY, 2 * HOUR, -HOUR]), reason: text };
      case 'urge':
        return { text: dice[0]! % 2 ? text : undefined };
      case 'supervise':
        return { level: pick(['notice', 'talk', 'circular'], dice[0]), text, dueAt };
      case 'attach':
        return { attachments: files, text: dice[0]! % 2 ? text : undefined };
      case 'note':
        return { text, attachments };
      default:
        return { text };
    }
  })();
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** What leads on from a stage comes more often than what does not. */
const LEADS = ['dispatch', 'transfer', 'accept', 'handle', 'audit', 'close', 'reopen', 'extend', 'transfer', 'audit'];

/** Something that somebody may do, as far as that does not depend on what it carries; or anything. */
function deedOf(world: World, alert: ModelAlert, dice: Dice, lawful: boolean): Deed {
  const expects = lawful ? 'right' : pick(['right', 'right', 'stage', 'events'] as const, dice[7]);
  if (!lawful) {
    const verb = pick(VERBS, dice[5]);
    return { who: pick(WHO, dice[6]), verb, fields: fieldsOf(verb, alert, dice, world), expects };
  }
  const { standing } = alert;
  const may = (who: Who, verb: string) =>
    personOf(who).role !== 'display' &&
    sees(personOf(who), standing.state) &&
    forbidden(verb, world.idOf[who], personOf(who), standing).length === 0;
  const pairs = [...LEADS, ...VERBS].flatMap((verb) =>
    WHO.filter((who) => may(who, verb)).map((who) => ({ who, verb })),
  );
  // All verbs alike, however many may do them.
  const verbs = [...LEADS, ...VERBS].filter((verb) => pairs.some((pair) => pair.verb === verb));
  const verb = pick(verbs, dice[5]);
  const who = pick([...new Set(pairs.filter((pair) => pair.verb === verb).map((pair) => pair.who))], dice[6]);
  return { who, verb, fields: fieldsOf(verb, alert, dice, world), expects };
}

abstract class Step implements Command {
  protected readonly dice: Dice;
  constructor(dice: Dice) {
    this.dice = dice;
  }
  check({ alerts }: Readonly<Model>): boolean {
    return alerts.length > 0;
  }
  abstract run(model: Model, world: World): Promise<void>;
  protected alert({ alerts }: Model): ModelAlert {
    return pick(alerts, this.dice[8]);
  }
  /** What was done, once it is known. */
  protected told = '';
  toString(): string {
    return `${this.constructor.name}(${this.told || this.dice.join(' ')})`;
  }
  protected tell(alert: ModelAlert, deed: Deed): Deed {
    const { who, verb, fields, expects } = deed;
    this.told = `${alert.id} (${alert.state.stage}): ${who} ${verb} ${JSON.stringify(fields)} expects ${expects}`;
    return deed;
  }
}

class Act extends Step {
  private readonly lawful: boolean;
  constructor(dice: Dice, lawful: boolean) {
    super(dice);
    this.lawful = lawful;
  }
  async run(model: Model, world: World): Promise<void> {
    const alert = this.alert(model);
    await act(world, alert, this.tell(alert, deedOf(world, alert, this.dice, this.lawful)));
  }
}

class ActBoth extends Step {
  async run(model: Model, world: World): Promise<void> {
    const alert = this.alert(model);
    const first = this.tell(alert, deedOf(world, alert, this.dice, true));
    const told = this.told;
    const second = this.tell(
      alert,
      deedOf(
        world,
        alert,
        [...this.dice].reverse().map((die) => die + 1),
        true,
      ),
    );
    this.told = `${told} | ${this.told}`;
    await actBoth(world, alert, [first, second]);
  }
}

class ActSeveral extends Step {
  async run(model: Model, world: World): Promise<void> {
    const { alerts } = model;
    const who = pick(WHO, this.dice[6]);
    const given = [0, 1, 2].map((i) => {
      const dice = this.dice.map((die) => die + i * 7);
      const alert = pick(alerts, dice[8]);
      return { alert, deed: { ...deedOf(world, alert, dice, i > 0), who } };
    });
    this.told = `${who}: ${given.map(({ alert, deed }) => `${alert.id} ${deed.verb} ${JSON.stringify(deed.fields)}`).join(', ')}`;
    await actSeveral(world, given, who);
  }
}

class ActWhileKilled extends Step {
  async run(model: Model, world: World): Promise<void> {
    const alert = this.alert(model);
    const part: Part = pick(['front', 'back'], this.dice[7]);
    const deed = this.tell(alert, deedOf(world, alert, this.dice, true));
    this.told += ` while ${part} is killed`;
    await actWhileKilled(world, alert, deed, part, this.dice[2]! % 60);
  }
}

class Upload extends Step {
  async run(model: Model, world: World): Promise<void> {
    const alert = this.alert(model);
    const who = pick(WHO, this.dice[0]);
    const lies = this.dice[1]! % 5 === 0;
    this.told = `${who} to ${alert.id}${lies ? ', a lie' : ''}`;
    await upload(world, alert, who, lies);
  }
}

class RaiseByHand extends Step {
  override check(): boolean {
    return true;
  }
  async run(model: Model, world: World): Promise<void> {
    const who = pick(WHO, this.dice[0]);
    const facts = {
      town: pick([TOWN, OTHER_TOWN, OTHER_TOWN, TOWN, '330110999'], this.dice[1]),
      tier: pick(['red', 'yellow', 'orange', 'red', 'yellow', 'blue'], this.dice[2]),
      name: `某${model.run}第${this.dice[3]! % 2}公司`,
    };
    this.told = `${who} ${JSON.stringify(facts)}`;
    const raised = await raiseByHand(world, who, facts, this.dice[4]! % 2 === 0);
    if (raised) model.alerts.push(raised);
  }
}

const SENT = [
  'wage.alert.dispatched',
  'wage.alert.accepted',
  'wage.alert.handled',
  'wage.alert.audited',
  'wage.alert.closed',
  'wage.wages.recovered',
  'wage.case.noted',
  'wage.case.assigned',
  'wage.case.extended',
  'wage.case.supervised',
  'wage.case.answered',
  'wage.alert.amended',
  'wage.alert.amended',
] as const satisfies readonly AlertEventType[];

/** What comes from outside: of platforms also about what does not stand dispatched to them, some of it late, some twice. */
class Send extends Step {
  async run(model: Model, world: World): Promise<void> {
    const { dice } = this;
    const alert = this.alert(model);
    const sender: Sender = pick(['triColour', 'fourPlatforms', 'triColour', 'fourPlatforms', 'trusted'], dice[0]);
    const mayBe = sender === 'trusted' ? SENT : SENT.slice(0, 11);
    const type = pick(mayBe, dice[1]);
    const at = world.now() - pick([0, 0, 0, 0, 5 * 60_000, HOUR], dice[2]);
    const [platform, unit] = pick([...WHERE.slice(0, 6), ['other', '某外单位'] as const], dice[3]);
    const data = {
      alertId: alert.id,
      ...(type === 'wage.alert.dispatched' ? { platform, unit } : {}),
      ...(type === 'wage.alert.accepted' || type === 'wage.case.assigned' ? { unit, person: 'outside-1' } : {}),
      ...(type === 'wage.alert.audited' ? { verdict: pick(['effective', 'returned'] as const, dice[4]) } : {}),
      ...(type === 'wage.alert.amended' ? { tier: pick(['red', 'orange', 'yellow'] as const, dice[4]) } : {}),
      ...(type === 'wage.case.extended' ? { dueAt: new Date(at + (dice[4]! % 40) * DAY).toISOString() } : {}),
    };
    const grant = SENDERS[sender];
    const sent = cloudEvent(type, at, data, { id: world.nextId('out-'), source: grant.source });
    this.told = `${alert.id} (${alert.state.stage}): ${sender} ${type} ${JSON.stringify(data)} at ${sent.time}`;
    await world.settle(alert);
    await world.send(sender, [sent]);
    if (dice[5]! % 5 === 0) await world.send(sender, [sent]);
    await took(world, alert, fromCloud(sent, 'platform' in grant ? grant.platform : undefined));
  }
}

class Jump extends Step {
  override check(): boolean {
    return true;
  }
  async run(_: Model, world: World): Promise<void> {
    const minutes = pick([1, 16, 40, 125, 600, 1_440, 4_320, 11_520, -3, -30], this.dice[0]);
    this.told = `${minutes} minutes`;
    await world.jump(minutes * 60_000);
    for (const alert of world.alerts.values()) alert.forgetFiles();
    await world.figures('330110');
  }
}

class Kill extends Step {
  override check(): boolean {
    return true;
  }
  async run(_: Model, world: World): Promise<void> {
    const part: Part = pick(['front', 'back'], this.dice[0]);
    this.told = part;
    await world.kill(part);
  }
}

/** Looks at an alert as somebody: it is there or not, and what they may do is what the law says. */
async function look(world: World, alert: ModelAlert, who: Who): Promise<void> {
  await world.settle(alert);
  const { status, body } = await world.call(who, `/api/v1/alerts/${alert.id}`);
  const person = personOf(who);
  const { standing } = alert;
  const there = sees(person, standing.state);
  expect({ who, id: alert.id, status }).toEqual({ who, id: alert.id, status: there ? 200 : 404 });
  if (!there) return;
  const { actions } = body as unknown as AlertDetail;
  if (person.role === 'display') {
    expect(actions).toBeUndefined();
    return;
  }
  const may = VERBS.filter((verb) => forbidden(verb, world.idOf[who], person, standing).length === 0);
  expect({ who, id: alert.id, actions: [...actions!].sort() }).toEqual({ who, id: alert.id, actions: may.sort() });
}

class Look extends Step {
  async run(model: Model, world: World): Promise<void> {
    const alert = this.alert(model);
    const who = pick(WHO, this.dice[0]);
    this.told = `${who} at ${alert.id}`;
    await look(world, alert, who);
  }
}

/** A leader decides about a draft of the clock, if there is one. */
class Decide extends Step {
  async run(model: Model, world: World): Promise<void> {
    const { dice } = this;
    const { body } = await world.call('leader', '/api/v1/supervisions?limit=200');
    const own = new Map(model.alerts.map((alert) => [alert.id, alert]));
    const drafts = (body as unknown as Supervisions).items.filter(({ alertId }) => own.has(alertId));
    if (!drafts.length) return;
    const { id, alertId } = pick(drafts, dice[0]);
    const alert = own.get(alertId)!;
    await world.settle(alert);
    const known = alert.events.length;
    const { stage } = alert.state;
    const stale = dice[1]! % 4 === 0;
    const who = pick(['leader', 'admin', 'officer', 'handler'] as const, dice[2]);
    const drop = dice[3]! % 4 === 0;
    const decision = drop
      ? { do: 'drop', reason: '某理由' }
      : { do: 'issue', expect: { stage, events: known + (stale ? 1 : 0) } };
    this.told = `${who} ${alertId} (${stage}) ${JSON.stringify(decision)}`;
    const answer = await world.call(who, `/api/v1/supervisions/${id}`, decision);
    const told = { who, decision, stage, status: answer.status };
    if (who === 'officer' || who === 'handler') expect(told).toMatchObject({ status: 403 });
    else if (!drop && (stale || stage === 'closed')) expect(told).toMatchObject({ status: 409 });
    else if (answer.status === 409) {
      // The clock was faster.
      await world.settle(alert);
      expect(alert.events.length).toBeGreaterThan(known);
    } else {
      expect(told).toMatchObject({ status: 200 });
      const { level, issued, number } = answer.body as unknown as Supervision;
      if (!drop) {
        const made = await until('it is counted', async () => {
          const detail = await world.detail(alertId);
          return detail?.events.find((event) => event.source === CLOCK && event.id === `supervision/${id}`);
        });
        expect(made).toMatchObject({
          type: 'wage.case.supervised',
          actor: world.idOf[who],
          data: { level, text: issued, number },
        });
        world.letterIsNew(number!);
        await took(world, alert, storedOf(made));
      }
    }
    await world.settle(alert);
  }
}

const dice = fc.array(fc.nat(5_000), { minLength: 9, maxLength: 9 });
const step = (make: (dice: Dice) => Command) => dice.map(make);
/** fast-check takes all alike, so what is to come often is there more than once. */
export const COMMANDS: fc.Arbitrary<Command>[] = [
  ...Array.from({ length: 9 }, () => step((d) => new Act(d, true))),
  ...Array.from({ length: 3 }, () => step((d) => new Act(d, false))),
  ...Array.from({ length: 3 }, () => step((d) => new Send(d))),
  ...Array.from({ length: 2 }, () => step((d) => new Jump(d))),
  ...Array.from({ length: 2 }, () => step((d) => new Upload(d))),
  step((d) => new ActBoth(d)),
  step((d) => new ActSeveral(d)),
  step((d) => new RaiseByHand(d)),
  step((d) => new Look(d)),
  step((d) => new Decide(d)),
];
export const KILLS: fc.Arbitrary<Command>[] = [step((d) => new ActWhileKilled(d)), step((d) => new Kill(d))];

/** At the end of a run: everybody sees what is theirs, and the clock has said what it had to, once. */
export async function closing({ alerts }: Model, world: World): Promise<void> {
  for (const alert of alerts) for (const who of WHO) await look(world, alert, who);
  for (const who of WHO) {
    const person = personOf(who);
    const shown = async () => (await world.briefs(who)).map(({ alertId }) => alertId).sort();
    const theirs = [...world.alerts.values()]
      .filter(({ state }) => sees(person, state))
      .map(({ id }) => id)
      .sort();
    const same = async () => JSON.stringify(await shown()) === JSON.stringify(theirs);
    await until('lists are right', same, 10_000).catch(() => undefined);
    expect({ who, shown: await shown() }).toEqual({ who, shown: theirs });
    if (person.role === 'display') continue;
    const { items } = (await world.call(who, '/api/v1/inbox?limit=200')).body as unknown as Inbox;
    for (const { alertId, kind } of items) {
      expect({ who, alertId, theirs: sees(person, world.alerts.get(alertId)!.state) }).toMatchObject({ theirs: true });
      if (kind === 'draft') expect(['leader', 'admin']).toContain(person.role);
    }
  }
  for (const scope of ['330110', TOWN, OTHER_TOWN]) await world.figures(scope);
  for (const alert of alerts) await spoken(alert, world);
}

async function spoken(alert: ModelAlert, world: World): Promise<void> {
  const order = DEFAULT_LADDER.map(({ rung }) => rung);
  const said = async () => {
    const all = [];
    for (let after = '0-0', more = true; more;) {
      const page = (await world.call('admin', `/api/v1/inbox?limit=200&after=${after}`)).body as unknown as Inbox;
      all.push(...page.items);
      ({ after, more } = page);
    }
    return all.filter(({ alertId }) => alertId === alert.id);
  };
  const { state } = alert;
  if (state.stage !== 'closed') {
    const rungs = [...walkRungs(state.termFrom, state.dueAt, DEFAULT_LADDER)];
    const due = rungs.filter(([, at]) => world.now() - 60_000 > at).map(([rung]) => order.indexOf(rung));
    if (due.length)
      await until(`the clock has said of ${alert.id} (${state.stage}) what it had to`, async () =>
        (await said()).some(({ stage, rung = '' }) => stage === state.stage && order.indexOf(rung) >= Math.max(...due)),
      );
  }
  const entries = await said();
  const leads = (stage: string) =>
    alert.events.filter(
      ({ type, data }) =>
        type === `wage.alert.${stage}` || (stage === 'dispatched' && 'verdict' in data && data.verdict === 'returned'),
    ).length;
  for (const { stage, rung } of entries) {
    if (rung === undefined) continue;
    const times = entries.filter((entry) => entry.stage === stage && entry.rung === rung).length;
    expect({ id: alert.id, stage, rung, once: times <= leads(stage) }).toMatchObject({ once: true });
  }
}
