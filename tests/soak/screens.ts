import { io, type Socket } from 'socket.io-client';
import { WINDOWS, type WindowName } from '../../contract/codes.ts';
import type { Frame } from '../../contract/frame.ts';
import { applyMergePatch } from '../../common/mergePatch.ts';
import type { ClientEvents, Patch, ServerEvents } from '../../contract/protocol.ts';

/** A screen without a picture: it follows its frame as contract §5 says, and asks again when it sees a gap. */
export class Screen {
  readonly scope: string;
  readonly window: WindowName;
  frame: Frame | undefined;
  patches = 0;
  gaps = 0;
  /** Connections lost that it had not ended itself. */
  losses = 0;
  lag = 0;
  private held: Patch[] = [];
  private readonly socket: Socket<ServerEvents, ClientEvents>;

  constructor(url: string, scope: string, window: WindowName) {
    this.scope = scope;
    this.window = window;
    this.socket = io(`${url}/wall`, { transports: ['websocket'], forceNew: true });
    this.socket.on('connect', () => void this.watch());
    this.socket.on('disconnect', (reason) => {
      if (reason !== 'io client disconnect') this.losses++;
    });
    this.socket.on('beat', ({ lag }) => {
      this.lag = lag;
    });
    this.socket.on('patch', (patch) => {
      // Node may hand over an answer and what follows it before the answer has been looked at.
      if (this.frame) this.apply(patch);
      else this.held.push(patch);
    });
  }

  private apply(patch: Patch): void {
    const { frame } = this;
    // One that was on its way when the frame was given is in it.
    if (!frame || patch.seq <= frame.seq) return;
    this.patches++;
    if (patch.prev === frame.seq) {
      this.frame = applyMergePatch(frame, patch.patch);
      return;
    }
    this.gaps++;
    void this.watch();
  }

  private async watch(): Promise<void> {
    this.frame = undefined;
    this.held = [];
    const answer = await this.socket.emitWithAck('watch', { scope: this.scope, window: this.window });
    if (!('frame' in answer)) return;
    this.frame = answer.frame;
    for (const patch of this.held.splice(0)) this.apply(patch);
  }

  /** Goes away and comes again, as after a reload. */
  again(): void {
    this.frame = undefined;
    this.socket.disconnect().connect();
  }

  close(): void {
    this.socket.disconnect();
  }
}

/** Screens of all windows, most of the region and some of its towns. */
export function openScreens(url: string, count: number, region: string, towns: readonly string[]): Screen[] {
  return Array.from(
    { length: count },
    (_, i) =>
      new Screen(url, i % 3 === 2 ? towns[i % towns.length]! : region, i % 2 ? WINDOWS[i % WINDOWS.length]! : 'all'),
  );
}
