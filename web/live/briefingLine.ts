import type { Beat, Command, Refusal, Report } from '../../contract/protocol.ts';
import type { Follow, FollowAck, InkChange, Present, PresentAck, Presentation } from '../../contract/presenting.ts';
import { BEAT_MS } from '../../contract/pushTiming.ts';
import { Backoff } from '../http/backoff.ts';
import type { Timers } from './wallSession.ts';

/** What the line needs of a socket; `socketIo.ts` makes one, tests make their own. */
export interface BriefingSocket {
  connect(): void;
  disconnect(): void;
  follow(request: Follow, ack: (answer: FollowAck) => void): void;
  present(request: Present, ack: (answer: PresentAck) => void): void;
  report(report: Report): void;
}
/** What a socket tells. `disconnected` also means: an attempt to connect failed. */
export interface BriefingSocketHandlers {
  connected(): void;
  disconnected(): void;
  refused(problem: Refusal): void;
  presentation(presentation: Presentation): void;
  ink(change: InkChange): void;
  beat(beat: Beat): void;
  command(command: Command): void;
}
export type OpenBriefingSocket = (handlers: BriefingSocketHandlers) => BriefingSocket;

/** What a line tells its page. */
export interface BriefingListener {
  /** Each time that the line has come up: how all of it stands, what was missed included. */
  joined(answer: FollowAck): void;
  presentation(presentation: Presentation): void;
  ink(change: InkChange): void;
  beat(beat: Beat): void;
  command(command: Command): void;
  link(link: BriefingLink): void;
}
export type BriefingLink = 'connecting' | 'live' | 'lost';

/** A room is waiting: pauses stay short, so that all are in step again within two seconds. */
const RETRY_BASE_MS = 250;
const RETRY_CAP_MS = 800;
/** An attempt that has not succeeded by then is given up. */
const CONNECT_MS = 3_000;
/** An answer that has not come by then will not: the line is dead. */
const ACK_MS = 1_500;
/** Two beats and a half were missed. */
const DEAD_MS = 2.5 * BEAT_MS;
const WAKE_MS = 300;

/**
 * A page's line about one briefing: follows it again each time that the line has come up, and never gives up. All I/O and time are
 * handed in.
 */
export class BriefingLine {
  private readonly socket: BriefingSocket;
  private readonly timers: Timers;
  private readonly request: Follow;
  private readonly listener: BriefingListener;
  private readonly retry: Backoff;
  private line: 'down' | 'trying' | 'up' | 'ended' = 'down';
  private joined = false;
  private link: BriefingLink = 'connecting';
  /** Counts attempts: the ack of any but the last follow is ignored. */
  private follows = 0;
  private lastAttempt = -Infinity;
  private cancelRetry = () => {};
  private cancelAck = () => {};
  private cancelDead = () => {};

  constructor(open: OpenBriefingSocket, request: Follow, timers: Timers, listener: BriefingListener) {
    this.timers = timers;
    this.request = request;
    this.listener = listener;
    this.retry = new Backoff(RETRY_BASE_MS, RETRY_CAP_MS, () => timers.random());
    this.socket = open({
      connected: () => this.onConnected(),
      disconnected: () => this.onDisconnected(),
      refused: ({ detail }) => {
        if (this.line !== 'ended') listener.joined({ problem: { code: 'not-allowed', detail } });
      },
      presentation: (presentation) => {
        this.noteHeard();
        listener.presentation(presentation);
      },
      ink: (change) => {
        this.noteHeard();
        listener.ink(change);
      },
      beat: (beat) => {
        this.noteHeard();
        listener.beat(beat);
      },
      command: (command) => {
        if (this.line !== 'ended') listener.command(command);
      },
    });
  }

  start(): void {
    this.attempt();
  }

  /** For good. */
  end(): void {
    this.line = 'ended';
    this.cancelRetry();
    this.cancelAck();
    this.cancelDead();
    this.socket.disconnect();
  }

  /** The network or the page came back: the line may look alive and be long dead. */
  wake(): void {
    if (this.line === 'ended') return;
    if (this.line === 'up') this.follow();
    else if (this.timers.now() - this.lastAttempt >= WAKE_MS) this.attempt();
  }

  /** Undefined where it is not known whether it has arrived: it may be sent again. */
  present(request: Present): Promise<PresentAck | undefined> {
    if (!this.joined) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const cancel = this.timers.after(ACK_MS, () => {
        resolve(undefined);
        this.drop();
      });
      this.socket.present(request, (answer) => {
        cancel();
        resolve(answer);
      });
    });
  }

  report(report: Report): void {
    if (this.line === 'up') this.socket.report(report);
  }

  private attempt(): void {
    this.cancelRetry();
    if (this.line === 'trying') this.socket.disconnect();
    this.line = 'trying';
    this.lastAttempt = this.timers.now();
    this.cancelRetry = this.timers.after(CONNECT_MS, () => {
      this.socket.disconnect();
      this.onDisconnected();
    });
    this.socket.connect();
  }

  private onConnected(): void {
    if (this.line === 'ended') return;
    this.line = 'up';
    this.cancelRetry();
    this.noteHeard();
    this.follow();
  }

  private follow(): void {
    const id = ++this.follows;
    this.cancelAck();
    this.cancelAck = this.timers.after(ACK_MS, () => this.drop());
    this.socket.follow(this.request, (answer) => {
      if (id !== this.follows || this.line !== 'up') return;
      this.cancelAck();
      this.noteHeard();
      this.joined = !('problem' in answer);
      if (this.joined) {
        this.retry.reset();
        this.setLink('live');
      }
      this.listener.joined(answer);
    });
  }

  private onDisconnected(): void {
    // A dropped line and a failed attempt may be told twice.
    if (this.line === 'ended' || this.line === 'down') return;
    this.line = 'down';
    this.joined = false;
    this.follows++;
    this.cancelAck();
    this.cancelDead();
    this.cancelRetry();
    this.cancelRetry = this.timers.after(this.retry.next(), () => this.attempt());
    this.setLink('lost');
  }

  /** Closes a line that is dead though open, and makes a new one at once. */
  private drop(): void {
    if (this.line !== 'up') return;
    this.socket.disconnect();
    this.onDisconnected();
    this.attempt();
  }

  private setLink(link: BriefingLink): void {
    if (link === this.link) return;
    this.link = link;
    this.listener.link(link);
  }

  private noteHeard(): void {
    this.cancelDead();
    this.cancelDead = this.timers.after(DEAD_MS, () => this.drop());
  }
}
