import { Ajv } from 'ajv';
import type { Socket } from 'socket.io';
import {
  ReportSchema,
  type ClientEvents,
  type Command,
  type Report,
  type ServerEvents,
} from '../../contract/protocol.ts';
import type { Displays } from '../access/displays/displays.ts';
import type { DisplayTokens } from '../access/displays/displayTokens.ts';
import type { DisplayStatus } from '../access/displays/displayView.ts';
import { whenAsked } from '../../common/whenAsked.ts';
import { TRUSTED } from '../../common/trustedSchemas.ts';

/** A screen that is quiet is still here: said again so often, ms. Well below the time after which it counts as offline. */
const KEEP_MS = 15_000;
/** Reports closer than this are thrown away, ms. */
const REPORT_GAP_MS = 1_000;
/** A display that did not renew is asked again after so long, ms. */
const ASK_MS = 3_600_000;

type Line = Pick<Socket<ClientEvents, ServerEvents>, 'on' | 'emit'>;

interface Connected {
  line: Line;
  id: string;
  status: DisplayStatus;
  asked: number;
  reported: number;
}

/** The lines to paired displays of this process: tells them what to do, and keeps what they say of themselves. */
export class DisplayLines {
  private readonly displays: Displays;
  private readonly tokens: DisplayTokens;
  private readonly now: () => number;
  private readonly connected = new Map<Line, Connected>();
  private readonly stopListening: () => void;
  private readonly timer: NodeJS.Timeout;

  constructor(displays: Displays, tokens: DisplayTokens, now: () => number) {
    this.displays = displays;
    this.tokens = tokens;
    this.now = now;
    this.stopListening = displays.onCommand((display, command) => {
      for (const { id, line } of this.connected.values()) if (id === display) line.emit('command', command);
    });
    this.timer = setInterval(() => {
      for (const one of this.connected.values()) this.keep(one);
    }, KEEP_MS);
    this.timer.unref();
  }

  /** @param from its address */
  join(line: Line, id: string, from: string): void {
    // A wall that shows one town has two lines; what is known of the display is one thing, whichever line tells it.
    const known = [...this.connected.values()].find((other) => other.id === id)?.status;
    const one: Connected = {
      line,
      id,
      status: known ?? { since: this.now(), from },
      asked: -Infinity,
      reported: -Infinity,
    };
    this.connected.set(line, one);
    line.on('report', (report: unknown) => {
      const at = performance.now();
      if (at - one.reported < REPORT_GAP_MS || !validReport()(report)) return;
      one.reported = at;
      one.status.report = { ...report, at: this.now() };
      this.keep(one);
    });
    line.on('disconnect', () => {
      this.connected.delete(line);
      const others = [...this.connected.values()].some((other) => other.id === id);
      if (!others) this.displays.keepOffline(id, one.status).catch(() => undefined);
    });
    const shown = this.displays.assignment(id);
    if (shown) line.emit('command', { kind: 'show', ...shown } satisfies Command);
    this.keep(one);
  }

  close(): void {
    clearInterval(this.timer);
    this.stopListening();
  }

  private keep(one: Connected): void {
    // Whether it is online is for people to look at; while Redis does not answer, nobody can.
    this.displays.keepOnline(one.id, one.status).catch(() => undefined);
    if (this.tokens.due(one.id) && performance.now() - one.asked > ASK_MS) {
      one.asked = performance.now();
      one.line.emit('command', { kind: 'renew' });
    }
  }
}

const validReport = whenAsked(() => new Ajv(TRUSTED).compile<Report>(ReportSchema));
