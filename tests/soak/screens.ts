import { io, type Socket } from 'socket.io-client';
import { WINDOWS, type WindowName } from '../../contract/codes.ts';
import type { Frame } from '../../contract/frame.ts';
import { applyMergePatch } from '../../contract/mergePatch.ts';
import type { ClientEvents, ServerEvents } from '../../contract/protocol.ts';

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
  private readonly socket: Socket<ServerEvents, ClientEvents>;

  constructor(url: string, scope: string, window: WindowName) {
    this.scope = scope;
    this.window = window;
    this.socket = io(`${url}/wall`, { transports: ['websocket'], forceNew: true });
    this.socket.on('connect', () => void this.watch());
    this.socket.on('disconnect', (reason) => { if (reason !== 'io client disconnect') this.losses++; });
    this.socket.on('beat', ({ lag }) => { this.lag = lag; });
    this.socket.on('patch', (patch) => {
      if (!this.frame) return;
      this.patches++;
      if (patch.prev !== this.frame.seq) {
        // One that was on its way when the frame was given is no gap.
        if (patch.seq <= this.frame.seq) return;
        this.gaps++;
        this.frame = undefined;
        void this.watch();
        return;
      }
      this.frame = applyMergePatch(this.frame, patch.patch);
    });
  }

  private async watch(): Promise<void> {
    const answer = await this.socket.emitWithAck('watch', { scope: this.scope, window: this.window });
    if ('frame' in answer) this.frame = answer.frame;
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
  return Array.from({ length: count }, (_, i) => new Screen(url, i % 3 === 2 ? towns[i % towns.length]! : region, i % 2 ? WINDOWS[i % WINDOWS.length]! : 'all'));
}
