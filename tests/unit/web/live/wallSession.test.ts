import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Frame } from '../../../../contract/frame.ts';
import { diffMergePatch } from '../../../../common/mergePatch.ts';
import type { Patch, Refusal, Report, Watch, WatchAck } from '../../../../contract/protocol.ts';
import type { SourceStatus } from '../../../../web/live/frameSource.ts';
import { WallSession, type LiveSocket, type SocketHandlers } from '../../../../web/live/wallSession.ts';
import { FakeTimers } from '../../../support/fakeTimers.ts';
import { fixture } from '../../../support/webFixtures.ts';

const base = fixture({ variant: 'empty' }).frame;
const frameOf = (scope: string, seq: number, raised: number): Frame => ({
  ...base,
  scope,
  seq,
  totals: { ...base.totals, raised },
});

class FakeServer implements LiveSocket {
  handlers!: SocketHandlers;
  attempts = 0;
  up = false;
  reachable = true;
  refusal: Refusal | undefined;
  watches: { request: Watch; ack: (answer: WatchAck) => void }[] = [];
  connect() {
    this.attempts++;
    if (!this.reachable) {
      this.handlers.disconnected();
      return;
    }
    if (this.refusal) {
      this.handlers.refused(this.refusal);
      this.handlers.disconnected();
      return;
    }
    this.up = true;
    this.handlers.connected();
  }
  disconnect() {
    this.up = false;
  }
  watch(request: Watch, ack: (answer: WatchAck) => void) {
    this.watches.push({ request, ack });
  }
  reports: Report[] = [];
  report(report: Report) {
    this.reports.push(report);
  }
  lose() {
    this.up = false;
    this.handlers.disconnected();
  }
  answer(frame: Frame) {
    this.watches.at(-1)!.ack({ frame });
  }
  beat() {
    this.handlers.beat({ at: '2026-11-21T18:24:07+08:00', lag: 0, build: 'a' });
  }
}

let timers: FakeTimers;
let server: FakeServer;
let session: WallSession;
let frame: Frame | undefined;
let status: SourceStatus | undefined;

beforeEach(() => {
  timers = new FakeTimers();
  server = new FakeServer();
  frame = status = undefined;
  session = new WallSession(
    (handlers) => {
      server.handlers = handlers;
      return server;
    },
    { scope: '330110', window: '30d' },
    timers,
    {
      frame: (f) => {
        frame = f;
      },
      status: (s) => {
        status = s;
      },
      alert: () => {},
      beat: () => {},
      command: () => {},
    },
  );
});

const patchOf = (before: Frame, after: Frame): Patch => ({
  scope: after.scope,
  window: after.window,
  seq: after.seq,
  prev: before.seq,
  at: after.at,
  patch: diffMergePatch(before, after)!,
});

describe('a session that is not let in', () => {
  it('says why, and goes on as soon as it is let in', () => {
    server.refusal = { code: 'not-allowed', detail: 'a page of another site cannot use this session' };
    session.start();
    expect(status).toMatchObject({ link: 'connecting', problem: server.refusal });
    server.refusal = undefined;
    timers.pass(60_000);
    server.answer(frameOf('330110', 1, 5));
    expect(status).toEqual({ link: 'live', silent: false });
  });

  it('does not keep the reason when the network fails instead', () => {
    server.refusal = { code: 'not-allowed', detail: 'no' };
    session.start();
    server.refusal = undefined;
    server.reachable = false;
    timers.pass(2_000);
    expect(status).not.toHaveProperty('problem');
  });
});

describe('a session', () => {
  it('gets a frame, then follows patches', () => {
    session.start();
    const first = frameOf('330110', 1, 10),
      second = frameOf('330110', 2, 11);
    const withWindow = { ...first, window: '30d' as const },
      next = { ...second, window: '30d' as const };
    server.answer(withWindow);
    expect(status).toEqual({ link: 'live', silent: false });
    server.handlers.patch(patchOf(withWindow, next));
    expect(frame).toEqual(next);
    expect(server.watches).toHaveLength(1);
  });

  it('watches again after a gap, once, and ignores duplicates', () => {
    session.start();
    const frames = [1, 2, 3, 4].map((seq) => ({ ...frameOf('330110', seq, seq), window: '30d' as const }));
    server.answer(frames[0]!);
    server.handlers.patch(patchOf(frames[2]!, frames[3]!));
    server.handlers.patch(patchOf(frames[2]!, frames[3]!));
    timers.pass(300);
    expect(server.watches).toHaveLength(2);
    server.answer(frames[3]!);
    server.handlers.patch(patchOf(frames[2]!, frames[3]!));
    timers.pass(5_000);
    expect(server.watches).toHaveLength(2);
    expect(frame).toEqual(frames[3]);
  });

  it('keeps the old frame while another scope is on its way, and ignores the late answer of an abandoned one', () => {
    session.start();
    server.answer({ ...frameOf('330110', 1, 10), window: '30d' });
    session.setWatch({ scope: '330110001', window: '30d' });
    session.setWatch({ scope: '330110002', window: '30d' });
    expect(frame!.scope).toBe('330110');
    const [, abandoned, wanted] = server.watches;
    abandoned!.ack({ frame: { ...frameOf('330110001', 5, 1), window: '30d' } });
    expect(frame!.scope).toBe('330110');
    wanted!.ack({ frame: { ...frameOf('330110002', 9, 2), window: '30d' } });
    expect(frame!.scope).toBe('330110002');
  });

  it('says it is reconnecting at once and silent after six seconds, and never gives up', () => {
    session.start();
    server.answer({ ...frameOf('330110', 1, 10), window: '30d' });
    server.reachable = false;
    server.lose();
    expect(status).toEqual({ link: 'reconnecting', silent: false });
    timers.pass(5_999);
    expect(status!.silent).toBe(false);
    timers.pass(1);
    expect(status).toEqual({ link: 'reconnecting', silent: true });
    const before = server.attempts;
    timers.pass(24 * 3_600_000);
    // Pauses are capped: at least one attempt in every 15 s, however long the outage.
    expect(server.attempts - before).toBeGreaterThanOrEqual((24 * 3600) / 15);
    expect(server.attempts - before).toBeLessThan((24 * 3600) / 5);
    server.reachable = true;
    timers.pass(15_000);
    server.answer({ ...frameOf('330110', 1, 12), window: '30d' });
    expect(status).toEqual({ link: 'live', silent: false });
    expect(frame!.totals.raised).toBe(12);
  });

  it('tries at once when the network comes back, without being hammered by wake-up calls', () => {
    server.reachable = false;
    session.start();
    timers.pass(120_000);
    const before = server.attempts;
    server.reachable = true;
    session.wake();
    session.wake();
    session.wake();
    expect(server.attempts).toBe(before + 1);
    expect(server.up).toBe(true);
  });

  it('drops a link that is open but dead', () => {
    session.start();
    server.answer({ ...frameOf('330110', 1, 10), window: '30d' });
    timers.pass(11_999);
    expect(server.attempts).toBe(1);
    expect(status!.silent).toBe(true);
    timers.pass(1);
    expect(server.attempts).toBe(2);
    expect(server.watches).toHaveLength(2);
  });

  it('stays live on beats alone', () => {
    session.start();
    server.answer({ ...frameOf('330110', 1, 10), window: '30d' });
    for (let i = 0; i < 1000; i++) {
      timers.pass(2_000);
      server.beat();
    }
    expect(status).toEqual({ link: 'live', silent: false });
    expect(server.attempts).toBe(1);
  });

  it('asks again when refused or not answered, and shows the refusal', () => {
    session.start();
    server.watches[0]!.ack({ problem: { code: 'not-ready', detail: 'starting' } });
    expect(status!.problem?.code).toBe('not-ready');
    timers.pass(1_000);
    expect(server.watches).toHaveLength(2);
    timers.pass(5_000);
    expect(server.watches).toHaveLength(3);
    server.answer({ ...frameOf('330110', 1, 10), window: '30d' });
    expect(status).toEqual({ link: 'live', silent: false });
  });

  it('leaves no timer behind when it ends', () => {
    session.start();
    server.answer({ ...frameOf('330110', 1, 10), window: '30d' });
    server.lose();
    session.end();
    timers.pass(60_000);
    expect(timers.pending).toBe(0);
    expect(server.attempts).toBe(1);
  });
});

describe('whatever the line does to patches', () => {
  const delivery = fc.constantFrom('deliver', 'lose', 'twice', 'swap', 'cut', 'answerLate');
  it('ends at the last frame', () => {
    fc.assert(
      fc.property(fc.array(delivery, { minLength: 1, maxLength: 60, size: 'max' }), (fates) => {
        const clock = new FakeTimers();
        const line = new FakeServer();
        let seen: Frame | undefined;
        const client = new WallSession(
          (handlers) => {
            line.handlers = handlers;
            return line;
          },
          { scope: '330110', window: '30d' },
          clock,
          {
            frame: (f) => {
              seen = f;
            },
            status: () => {},
            alert: () => {},
            beat: () => {},
            command: () => {},
          },
        );
        let truth: Frame = { ...frameOf('330110', 1, 0), window: '30d' };
        let answered = 0;
        const answerAll = () => {
          while (answered < line.watches.length) line.watches[answered++]!.ack({ frame: truth });
        };
        const step = (): Patch => {
          const next: Frame = {
            ...truth,
            seq: truth.seq + 1,
            totals: { ...truth.totals, raised: truth.seq * 3 },
            heat: { [`cell${truth.seq % 3}`]: truth.seq },
          };
          const patch = patchOf(truth, next);
          truth = next;
          return patch;
        };
        client.start();
        answerAll();
        for (const fate of fates) {
          if (fate === 'cut') {
            line.lose();
            clock.pass(20_000);
            answerAll();
            continue;
          }
          const patch = step();
          if (fate === 'deliver') line.handlers.patch(patch);
          if (fate === 'twice') {
            line.handlers.patch(patch);
            line.handlers.patch(patch);
          }
          if (fate === 'swap') {
            const later = step();
            line.handlers.patch(later);
            line.handlers.patch(patch);
          }
          clock.pass(100);
          if (fate !== 'answerLate') answerAll();
        }
        // One more in order: from here a gap is noticed at the latest.
        line.handlers.patch(step());
        clock.pass(1_000);
        answerAll();
        clock.pass(1_000);
        answerAll();
        expect(seen).toEqual(truth);
      }),
      { numRuns: 300 },
    );
  });
});
