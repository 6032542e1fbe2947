import type { Beat, Command, Refusal, Report } from '../../contract/protocol.ts';
import type { Follow, FollowAck, InkChange, Present, PresentAck, Presentation } from '../../contract/presenting.ts';
import { BEAT_MS } from '../../contract/pushTiming.ts';
import { Line, type Timers } from './line.ts';

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

/** A room is waiting: pauses stay short, so that all are in step again within two seconds; two beats and a half make a dead line. */
const LIMITS = { retryBaseMs: 250, retryCapMs: 800, connectMs: 3_000, deadMs: 2.5 * BEAT_MS, wakeMs: 300 };
/** An answer that has not come by then will not: the line is dead. */
const ACK_MS = 1_500;

/**
 * A page's line about one briefing: follows it again each time that the line has come up, and never gives up. All I/O and time are
 * handed in.
 */
export class BriefingLine {
  private readonly socket: BriefingSocket;
  private readonly timers: Timers;
  private readonly request: Follow;
  private readonly listener: BriefingListener;
  private readonly line: Line;
  private joined = false;
  private link: BriefingLink = 'connecting';
  /** Counts attempts: the ack of any but the last follow is ignored. */
  private follows = 0;
  private cancelAck = () => {};

  constructor(open: OpenBriefingSocket, request: Follow, timers: Timers, listener: BriefingListener) {
    this.timers = timers;
    this.request = request;
    this.listener = listener;
    this.socket = open({
      connected: () => this.line.connected(),
      disconnected: () => this.line.disconnected(),
      refused: ({ detail }) => {
        if (!this.line.hasEnded) listener.joined({ problem: { code: 'not-allowed', detail } });
      },
      presentation: (presentation) => {
        this.line.heard();
        listener.presentation(presentation);
      },
      ink: (change) => {
        this.line.heard();
        listener.ink(change);
      },
      beat: (beat) => {
        this.line.heard();
        listener.beat(beat);
      },
      command: (command) => {
        if (!this.line.hasEnded) listener.command(command);
      },
    });
    this.line = new Line(this.socket, timers, LIMITS, { up: () => this.follow(), down: () => this.onDown() });
  }

  start(): void {
    this.line.attempt();
  }

  /** For good. */
  end(): void {
    this.line.end();
    this.cancelAck();
  }

  /** The network or the page came back: the line may look alive and be long dead. */
  wake(): void {
    if (this.line.isUp) this.follow();
    else this.line.wake();
  }

  /** Undefined where it is not known whether it has arrived: it may be sent again. */
  present(request: Present): Promise<PresentAck | undefined> {
    if (!this.joined) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const cancel = this.timers.after(ACK_MS, () => {
        resolve(undefined);
        this.line.drop();
      });
      this.socket.present(request, (answer) => {
        cancel();
        resolve(answer);
      });
    });
  }

  report(report: Report): void {
    if (this.line.isUp) this.socket.report(report);
  }

  private follow(): void {
    const id = ++this.follows;
    this.cancelAck();
    this.cancelAck = this.timers.after(ACK_MS, () => this.line.drop());
    this.socket.follow(this.request, (answer) => {
      if (id !== this.follows || !this.line.isUp) return;
      this.cancelAck();
      this.line.heard();
      this.joined = !('problem' in answer);
      if (this.joined) {
        this.line.isOfUse();
        this.setLink('live');
      }
      this.listener.joined(answer);
    });
  }

  private onDown(): void {
    this.joined = false;
    this.follows++;
    this.cancelAck();
    this.setLink('lost');
  }

  private setLink(link: BriefingLink): void {
    if (link === this.link) return;
    this.link = link;
    this.listener.link(link);
  }
}
