import { beforeEach, describe, expect, it } from 'vitest';
import type { Follow, FollowAck, Present, PresentAck, Presentation } from '../../../../contract/presenting.ts';
import { BEAT_MS } from '../../../../contract/pushTiming.ts';
import {
  BriefingLine,
  type BriefingLink,
  type BriefingSocket,
  type BriefingSocketHandlers,
} from '../../../../web/live/briefingLine.ts';
import { FakeTimers } from '../../../support/fakeTimers.ts';

const ID = '330110-0f3a5c7e9b1d2f4a6c';
const presentation: Presentation = {
  briefing: ID,
  scope: '330110',
  seq: 1,
  on: true,
  presenter: { id: 'a', name: '某甲' },
  page: 'map',
  black: false,
  began: '2026-11-28T09:00:00+08:00',
  edited: 0,
};

class FakeServer implements BriefingSocket {
  handlers!: BriefingSocketHandlers;
  attempts = 0;
  reachable = true;
  /** Takes connections and messages, and says nothing. */
  mute = false;
  up = false;
  follows: ((answer: FollowAck) => void)[] = [];
  presents: Present[] = [];
  connect() {
    this.attempts++;
    if (!this.reachable) this.handlers.disconnected();
    else if (!this.mute) {
      this.up = true;
      this.handlers.connected();
    }
  }
  disconnect() {
    this.up = false;
  }
  follow(_request: Follow, ack: (answer: FollowAck) => void) {
    this.follows.push(ack);
    if (!this.mute) ack({ presentation, strokes: [], you: 'a' });
  }
  present(request: Present, ack: (answer: PresentAck) => void) {
    this.presents.push(request);
    if (!this.mute) ack({ presentation });
  }
  report() {}
  beat() {
    this.handlers.beat({ at: '2026-11-28T09:00:00+08:00', lag: 0, build: 'a' });
  }
}

let timers: FakeTimers;
let server: FakeServer;
let line: BriefingLine;
let joined: FollowAck[];
let links: BriefingLink[];
const command: Present = { briefing: ID, do: 'show', page: 'map' };

beforeEach(() => {
  timers = new FakeTimers();
  server = new FakeServer();
  joined = [];
  links = [];
  line = new BriefingLine(
    (handlers) => {
      server.handlers = handlers;
      return server;
    },
    { briefing: ID },
    timers,
    {
      joined: (answer) => joined.push(answer),
      presentation: () => undefined,
      ink: () => undefined,
      beat: () => undefined,
      command: () => undefined,
      link: (link) => links.push(link),
    },
  );
  line.start();
});

describe('the line about a briefing', () => {
  it('follows each time that it comes up, within a second however long nobody answered', () => {
    expect(joined).toHaveLength(1);
    server.reachable = false;
    server.up = false;
    server.handlers.disconnected();
    timers.pass(600_000);
    expect(links).toEqual(['live', 'lost']);
    expect(server.attempts).toBeLessThan(2_000);
    server.reachable = true;
    timers.pass(1_000);
    expect([joined.length, links.at(-1)]).toEqual([2, 'live']);
  });

  it('notices a line that is dead though open: by missing beats, or as soon as it is woken', () => {
    for (let i = 0; i < 10; i++) {
      timers.pass(BEAT_MS);
      server.beat();
    }
    expect(server.attempts).toBe(1);
    server.mute = true;
    timers.pass(3 * BEAT_MS);
    expect([server.attempts > 1, links.at(-1)]).toEqual([true, 'lost']);
    server.mute = false;
    timers.pass(4_000);
    expect(links.at(-1)).toBe('live');

    server.mute = true;
    line.wake();
    timers.pass(1_500);
    expect(links.at(-1)).toBe('lost');
    server.mute = false;
    line.wake();
    timers.pass(500);
    line.wake();
    expect(links.at(-1)).toBe('live');
  });

  it('says of a message whether it has arrived, as far as that is known', async () => {
    expect(await line.present(command)).toEqual({ presentation });
    server.mute = true;
    const unanswered = line.present(command);
    timers.pass(1_500);
    expect(await unanswered).toBeUndefined();
    // The line is down: nothing is sent that may be too late.
    const sent = server.presents.length;
    expect(await line.present(command)).toBeUndefined();
    expect(server.presents).toHaveLength(sent);
  });

  it('takes no answer of a line that has gone', () => {
    server.mute = true;
    line.wake();
    const late = server.follows.at(-1)!;
    timers.pass(1_500);
    const n = joined.length;
    late({ presentation, strokes: [] });
    expect(joined).toHaveLength(n);
  });

  it('has ended once it is left', () => {
    line.end();
    server.handlers.disconnected();
    line.wake();
    timers.pass(60_000);
    expect([server.attempts, timers.pending, links]).toEqual([1, 0, ['live']]);
  });
});
