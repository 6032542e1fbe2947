import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';
import type { AlertBrief, Frame } from '../../contract/frame.ts';
import type { AlertDetail, AlertList, RecordedEvent } from '../../contract/rest.ts';
import type { StoredEvent } from '../../server/alerts/state.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { freePort } from '../../testing/freePort.ts';
import { startRaw, type RawRedis } from '../../testing/rawRedis.ts';
import { verify } from '../support/accounting.ts';
import { writeSitePack } from '../support/casework.ts';
import { event as cloudEvent, raised } from '../support/events.ts';
import { BATCH, freshDataDir, startServer, until, type RunningServer } from '../support/server.ts';
import { CLOCK, DISPATCH, isSentTo, keyOf, ModelAlert } from './modelAlert.ts';
import { accessFile, BRIGADE, OTHER_UNIT, SECRETS, TOWN_UNIT, type Name, type Who, WHO, personOf } from './people.ts';

/** The running program of the model: a Redis, a process that people and platforms ask, one that counts and keeps the clock. */

const LEASE_MS = '400';
const WITH_CLOCK = `--import ${join(PROJECT_ROOT, 'tests/support/clock.mjs')}`;
/** A Monday; no holiday is near. */
const START = Date.parse('2026-11-16T09:00:00+08:00');
/** How long before that casework is on: the clock leaves alone what began before, and is set back by more than an hour in some runs. */
const ON_BEFORE_MS = 3 * 24 * 60 * 60_000;
export type Part = 'front' | 'back';

export interface Answer {
  status: number;
  body: Record<string, unknown> & { rule?: string; alert?: AlertDetail };
}

export class World {
  readonly dir = freshDataDir();
  readonly alerts = new Map<string, ModelAlert>();
  /** Who is who in events. */
  readonly people = new Map<string, Who>();
  readonly idOf = {} as Record<Who, string>;
  private skew = START - ON_BEFORE_MS - Date.now();
  private redis!: RawRedis;
  private readonly servers = {} as Record<Part, RunningServer>;
  private last = 0;
  private readonly letters = new Set<string>();

  async start(): Promise<void> {
    writeSitePack(this.dir);
    writeFileSync(join(this.dir, 'access.json'), accessFile());
    this.writeClock();
    this.redis = await startRaw({ port: await freePort(), args: ['--appendonly', 'yes', '--appendfsync', 'always'] });
    await Promise.all([this.begin('front'), this.begin('back')]);
    await until('the clock runs', async () =>
      /^wagewatch_clock_cases\{/m.test(await (await fetch(`${this.servers.back.url}/metrics`)).text()),
    );
    await this.jump(ON_BEFORE_MS);
    await this.getToKnow();
  }

  async stop(): Promise<void> {
    await Promise.allSettled(Object.values(this.servers).map((server) => server.kill('SIGKILL')));
    await this.redis.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }

  now(): number {
    return Date.now() + this.skew;
  }

  nextId(prefix: string): string {
    return `${prefix}${++this.last}`;
  }

  /** No two letters have the same number. */
  letterIsNew(number: string): void {
    expect([...this.letters]).not.toContain(number);
    this.letters.add(number);
  }

  private env(part: Part): Record<string, string> {
    return {
      ...this.toolEnv(this.redis),
      ACCESS_FILE: join(this.dir, 'access.json'),
      ROLES: part === 'front' ? 'ingest,push' : 'worker',
    };
  }

  private toolEnv(redis: RawRedis): Record<string, string> {
    return {
      REDIS_URL: `redis://127.0.0.1:${redis.port}`,
      DATA_DIR: this.dir,
      LEASE_MS,
      CLOCK_FILE: join(this.dir, 'clock'),
      NODE_OPTIONS: WITH_CLOCK,
    };
  }

  /** What the process that is asked has written last. */
  output(): string {
    return this.servers.front.output().slice(-3_000);
  }

  private async begin(part: Part): Promise<void> {
    this.servers[part] = await startServer(this.env(part));
    if (part === 'front') await until('it shows something', async () => (await this.frame('330110')) !== undefined);
  }

  /** Kills a process after some ms, and starts it again. */
  async kill(part: Part, afterMs = 0): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    await this.servers[part].kill('SIGKILL');
    await this.begin(part);
  }

  private writeClock(): void {
    writeFileSync(join(this.dir, 'clock'), String(this.skew));
  }

  /** Sets the clock of all processes forth or back. */
  async jump(ms: number): Promise<void> {
    this.skew += ms;
    this.writeClock();
    await until('the clock is set', async () => {
      const frame = await this.frame('330110');
      return frame !== undefined && Math.abs(Date.parse(frame.at) - this.now()) < 20_000;
    });
  }

  async call(who: Name, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${this.servers.front.url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${SECRETS[who]}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  }

  async upload(who: Name, alertId: string, content: Buffer, name: string): Promise<Answer> {
    const path = `/api/v1/alerts/${alertId}/attachments?region=330110&name=${encodeURIComponent(name)}`;
    const response = await fetch(`${this.servers.front.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SECRETS[who]}`, 'content-type': 'application/octet-stream' },
      body: content as BodyInit,
    });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  }

  async frame(scope: string): Promise<Frame | undefined> {
    const { status, body } = await this.call('admin', `/api/v1/snapshot?window=all&scope=${scope}`);
    return status === 200 ? (body as unknown as Frame) : undefined;
  }

  async detail(id: string): Promise<AlertDetail | undefined> {
    const { status, body } = await this.call('admin', `/api/v1/alerts/${id}`);
    return status === 200 ? (body as unknown as AlertDetail) : undefined;
  }

  /** Sends events from outside until they are taken. */
  async send(who: Name, events: object[]): Promise<void> {
    await until('events are taken', async () => {
      const { status, body } = await this.call(who, '/api/v1/events', events, { 'content-type': BATCH });
      if (status === 422 || status === 400) throw new Error(`refused: ${JSON.stringify(body)}`);
      return status === 202;
    });
  }

  /**
   * Reads an alert until all that the model knows of it is there, and holds it against the model. Events that are new are what the clock
   * may say of it, and nothing else.
   */
  async settle(alert: ModelAlert): Promise<AlertDetail> {
    const detail = await this.read(alert);
    const known = new Set(alert.events.map(keyOf));
    for (const event of detail.events) {
      if (known.has(keyOf(event))) continue;
      const stored = storedOf(event);
      const legal = event.source === CLOCK && event.type === 'wage.case.urged' && alert.isDueUrge(stored);
      expect({ event, legal }).toEqual({ event, legal: true });
      alert.add(stored);
    }
    this.compare(alert, detail);
    return detail;
  }

  /** Once `event` is counted, what the program dispatches of it by itself must be there, and nothing else. */
  async counted(alert: ModelAlert, event: StoredEvent): Promise<void> {
    const now = this.now();
    const detail = await this.read(alert);
    const due = alert.dispatchedAfter(event, now);
    const known = new Set(alert.events.map(keyOf));
    const made = detail.events.filter((one) => one.source === DISPATCH && !known.has(keyOf(one)));
    expect(made.map(({ id, time }) => ({ id, time: Date.parse(time) }))).toEqual(
      due ? [{ id: due.id, time: due.time }] : [],
    );
    if (!due) return;
    const stored = storedOf(made[0]!);
    expect([made[0]!.data, isSentTo(stored, due)]).toEqual([made[0]!.data, true]);
    expect(made[0]!.data).not.toHaveProperty('dueAt');
    alert.add(stored);
  }

  private async read(alert: ModelAlert): Promise<AlertDetail> {
    return until(`all of ${alert.id} is counted`, async () => {
      const detail = await this.detail(alert.id).catch(() => undefined);
      const there = new Set(detail?.events.map(keyOf));
      return detail && alert.events.every((event) => there.has(keyOf(event))) ? detail : false;
    });
  }

  private compare(alert: ModelAlert, detail: AlertDetail): void {
    const { state, effective, events } = alert;
    const open = state.stage !== 'closed';
    const expected = {
      stage: state.stage,
      platform: state.platform,
      unit: state.unit,
      person: state.person,
      verdict: state.verdict,
      supervised: state.supervised,
      dueAt: open ? state.dueAt : undefined,
      tier: state.facts.tier,
      town: state.facts.town,
      workers: state.facts.workers,
      recoveredFen: state.recoveries.reduce((sum, { amountFen }) => sum + amountFen, 0),
      eventsTotal: events.length,
      without: events
        .filter((event) => !effective.has(keyOf(event)))
        .map(keyOf)
        .sort(),
    };
    const {
      stage,
      platform,
      unit,
      person,
      verdict,
      supervised,
      dueAt,
      tier,
      town,
      workers,
      recoveredFen,
      eventsTotal,
    } = detail;
    const without = detail.events
      .filter(({ effect }) => effect === false)
      .map(keyOf)
      .sort();
    expect({ id: alert.id, ...facts(detail, without) }).toEqual({ id: alert.id, ...expected });
    function facts(_: AlertDetail, idle: string[]) {
      return {
        stage,
        platform,
        unit,
        person,
        verdict,
        supervised,
        dueAt: dueAt === undefined ? undefined : Date.parse(dueAt),
        tier,
        town,
        workers,
        recoveredFen,
        eventsTotal,
        without: idle,
      };
    }
  }

  /** Raises an alert from outside. */
  async raise(
    sender: 'trusted' | 'marked',
    data: { tier: string; town: string; enterprise: string },
  ): Promise<ModelAlert> {
    const id = this.nextId(sender === 'marked' ? 'MK-' : 'TR-');
    const at = this.now();
    const event = raised(
      at,
      { alertId: id, tier: data.tier as 'red', town: data.town, enterprise: { name: data.enterprise } },
      { id: `${id}-raised`, source: `urn:${sender === 'marked' ? 'marked' : 'source'}` },
    );
    await this.send(sender, [event]);
    const alert = new ModelAlert(id, sender === 'marked', fromCloud(event));
    this.alerts.set(id, alert);
    await this.counted(alert, alert.events[0]!);
    await this.settle(alert);
    return alert;
  }

  /** Learns how events name everybody who can act: each writes a note once. */
  private async getToKnow(): Promise<void> {
    for (const who of WHO) {
      const person = personOf(who);
      if (person.role === 'display') continue;
      const { unit, scope } = person;
      const town = scope.length === 9 ? scope : unit === OTHER_UNIT ? '330110001' : '330110010';
      const alert = await this.raise('trusted', { tier: 'yellow', town, enterprise: `某${who}公司` });
      if (person.role === 'handler') {
        const platform = unit === BRIGADE ? 'tri-colour' : 'four-platforms';
        const at = this.now();
        const sent = cloudEvent(
          'wage.alert.dispatched',
          at,
          { alertId: alert.id, platform, unit: unit ?? TOWN_UNIT },
          { source: 'urn:source' },
        );
        await this.send('trusted', [sent]);
        alert.add(fromCloud(sent));
        await this.settle(alert);
      }
      const { stage } = alert.state;
      const path = `/api/v1/alerts/${alert.id}/actions`;
      const expectation = { stage, events: alert.events.length };
      const { status, body } = await this.call(who, path, { action: 'note', expect: expectation, text: '某笔记' });
      expect([who, status]).toEqual([who, 200]);
      const made = (body as unknown as AlertDetail).events.at(-1)!;
      expect((body as unknown as AlertDetail).people).toMatchObject({ [made.actor!]: who });
      this.idOf[who] = made.actor!;
      this.people.set(made.actor!, who);
      alert.add(storedOf(made));
      await this.settle(alert);
    }
    expect(this.people.size).toBe(WHO.length - 1);
  }

  /** The gauges of a scope must become what the model says. */
  async figures(scope: string): Promise<void> {
    const expectedAt = (now: number) => {
      const states = [...this.alerts.values()]
        .map(({ state }) => state)
        .filter(({ facts }) => facts.town.startsWith(scope));
      const open = states.filter(({ stage }) => stage !== 'closed');
      const stages = ['raised', 'dispatched', 'accepted', 'handled', 'audited'] as const;
      const late = open.filter(({ dueAt }) => now > dueAt);
      return {
        raised: states.length,
        open: open.length,
        overdue: late.length,
        supervised: open.filter(({ supervised }) => supervised).length,
        byStage: stages.map((stage) => open.filter((one) => one.stage === stage).length),
        overdueByStage: stages.map((stage) => late.filter((one) => one.stage === stage).length),
      };
    };
    const seen = async () => {
      const frame = await this.frame(scope);
      if (!frame) return undefined;
      const { totals, byStage, overdueByStage } = frame;
      const stages = ['raised', 'dispatched', 'accepted', 'handled', 'audited'] as const;
      const shown = {
        raised: totals.raised,
        open: totals.open,
        overdue: totals.overdue,
        supervised: totals.supervised,
        byStage: stages.map((stage) => byStage![stage]),
        overdueByStage: stages.map((stage) => overdueByStage![stage] ?? 0),
      };
      return { shown, expected: expectedAt(Date.parse(frame.at)) };
    };
    const same = async () => {
      const both = await seen();
      return both && JSON.stringify(both.shown) === JSON.stringify(both.expected);
    };
    await until('the figures are right', same, 10_000).catch(() => undefined);
    const both = await seen();
    expect(both!.shown).toEqual(both!.expected);
  }

  /** All alerts as lists show them. */
  async briefs(who: Name, server: RunningServer = this.servers.front): Promise<AlertBrief[]> {
    const all: AlertBrief[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const response = await fetch(`${server.url}/api/v1/alerts?limit=200${query}`, {
        headers: { authorization: `Bearer ${SECRETS[who]}` },
      });
      expect(response.status).toBe(200);
      const page = (await response.json()) as AlertList;
      all.push(...page.items);
      ({ cursor } = page);
    }
    return all;
  }

  /** `npm run verify` finds no difference, and a second server gives the same alerts for the same events in another order. */
  async accounts(shuffle: <T>(items: T[]) => T[]): Promise<void> {
    const { code, output } = await verify(this.toolEnv(this.redis));
    expect({ code, output }).toMatchObject({ code: 0 });
    const file = join(this.dir, 'all.ndjson.gz');
    await runTool('export', this.toolEnv(this.redis), '--file', file);
    const lines = gunzipSync(readFileSync(file)).toString().trim().split('\n');
    const shuffled = join(this.dir, 'shuffled.ndjson');
    writeFileSync(shuffled, shuffle(lines).join('\n'));
    const other = await startRaw({ port: await freePort() });
    try {
      await runTool('rebuild', this.toolEnv(other), '--from', shuffled, '--yes');
      const second = await startServer({ ...this.env('front'), ...this.toolEnv(other) });
      try {
        const first = await this.briefs('admin');
        expect(first).toHaveLength(this.alerts.size);
        let again: AlertBrief[] = [];
        await until('it shows them', async () => {
          again = await this.briefs('admin', second).catch(() => []);
          return again.length === first.length;
        });
        const byId = (briefs: AlertBrief[]) => Object.fromEntries(briefs.map((brief) => [brief.alertId, brief]));
        expect(byId(again)).toEqual(byId(first));
      } finally {
        await second.kill('SIGKILL');
      }
    } finally {
      await other.stop();
    }
  }
}

async function runTool(name: string, env: Record<string, string>, ...args: string[]): Promise<void> {
  await promisify(execFile)(process.execPath, [join(PROJECT_ROOT, `dist/tools/${name}.js`), ...args], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
  });
}

/** An event as the model keeps it. */
export function storedOf({ type, time, source, id, data, actor, platform }: RecordedEvent): StoredEvent {
  const by = { ...(actor === undefined ? {} : { actor }), ...(platform === undefined ? {} : { platform }) };
  return { type, time: Date.parse(time), source, id, data, ...(Object.keys(by).length ? { by } : {}) } as StoredEvent;
}

/** One that was sent from outside. */
export function fromCloud(sent: object, platform?: string): StoredEvent {
  const { type, time, source, id, data } = sent as RecordedEvent & { data: Record<string, unknown> };
  const rest = Object.fromEntries(Object.entries(data).filter(([name]) => name !== 'alertId' && name !== 'region'));
  return {
    type,
    time: Date.parse(time),
    source,
    id,
    data: rest,
    ...(platform === undefined ? {} : { by: { platform } }),
  } as unknown as StoredEvent;
}
