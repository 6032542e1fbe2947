import type { Namespace, Socket } from 'socket.io';
import type { ClientEvents, ServerEvents } from '../../contract/protocol.ts';
import type { Principal } from '../platform/http/principal.ts';

/** Packets that may wait for one screen; past that it is passed over until its queue is empty (invariant 7). */
const MAX_QUEUED = 8;

/** What is known of a connected screen. */
export interface ScreenData {
  principal: Principal;
  from: string;
  watches: { since: number; n: number };
  /** The scope that it watches in full. */
  scope: string | undefined;
}
type NoEvents = Record<string, never>;
export type ScreenSocket = Socket<ClientEvents, ServerEvents, NoEvents, ScreenData>;
export type ScreenNamespace = Namespace<ClientEvents, ServerEvents, NoEvents, ScreenData>;

/** What a feature says over the lines of screens besides, with events and rooms of its own (contract/protocol.ts). */
export interface LineService {
  /** @param screens those of this process */
  open(screens: Screens): void;
  /** A screen was let in. Messages of somebody who is let in no longer end with their line. */
  connected(socket: ScreenSocket): void;
}

/** The screens that are connected to this process, by the rooms that they are in. */
export class Screens {
  private readonly wall: ScreenNamespace;

  constructor(wall: ScreenNamespace) {
    this.wall = wall;
  }

  count(room: string): number {
    return this.wall.adapter.rooms.get(room)?.size ?? 0;
  }

  /** Sends an event to a room but for the screens in `except`. */
  send<E extends keyof ServerEvents>(room: string, except: string[], event: E, ...args: Parameters<ServerEvents[E]>) {
    this.wall
      .to(room)
      .except(except)
      .emit(event, ...args);
  }

  /** Sends an event to one screen, if it is in the room and nothing waits for it; returns false while something waits. */
  sendWhenEmpty<E extends keyof ServerEvents>(
    id: string,
    room: string,
    event: E,
    ...args: Parameters<ServerEvents[E]>
  ): boolean {
    if (this.queued(id) > 0) return false;
    if (this.wall.adapter.rooms.get(room)?.has(id)) this.wall.sockets.get(id)?.emit(event, ...args);
    return true;
  }

  /** Screens of a room whose queue is too long: they miss this message, see the gap and ask again. */
  slowIn(room: string, most = MAX_QUEUED): string[] {
    return [...(this.wall.adapter.rooms.get(room) ?? [])].filter((id) => this.queued(id) > most);
  }

  /** Ends screens of a room for which more than `most` packets wait: they come back, and begin anew. */
  endSlow(room: string, most: number): void {
    for (const id of this.slowIn(room, most)) this.wall.sockets.get(id)?.disconnect(true);
  }

  /** Packets that wait for a screen. */
  private queued(id: string): number {
    const connection = this.wall.sockets.get(id)?.conn as { writeBuffer?: unknown[] } | undefined;
    return connection?.writeBuffer?.length ?? 0;
  }
}
