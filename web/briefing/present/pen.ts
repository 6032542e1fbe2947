import type { BriefingPage } from '../../../contract/briefingLimits.ts';
import type { InkCommand, Place, PresentAck, PresentDo, PresentRefusal, Stroke } from '../../../contract/presenting.ts';
import { MAX_CHUNK_POINTS, MAX_STROKE_POINTS, POINTER_MS } from '../../../contract/presentLimits.ts';
import { withInk } from './ink.ts';

/** Points closer than this add nothing that anybody sees, in 10,000ths. */
const CLOSE = 12;

interface Drawn {
  briefing: string;
  page: BriefingPage;
  stroke: string;
  points: number[];
  /** Points that the server is known to have. */
  sent: number;
}

export interface Pen {
  down(briefing: string, page: BriefingPage, place: Place): void;
  move(place: Place): void;
  up(): void;
  /** Takes away at once what is shown here, and then everywhere. */
  erase(command: PresentDo<'erase'>): void;
  /** The line has come up again: what was not sent is. */
  again(): void;
}

/**
 * Strokes as they are drawn: here at once, then in parts to the server, in order, each part until it is known to have arrived.
 * @param pause waits between two parts, ms
 */
export function createPen(parts: {
  send: (command: InkCommand) => Promise<PresentAck | undefined>;
  strokes: { value: Stroke[] };
  full: (problem: PresentRefusal) => void;
  pause?: (ms: number) => Promise<void>;
}): Pen {
  const { send, strokes, full, pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms)) } = parts;
  /** Strokes and erasures that are not all sent, in order; the last may still grow. */
  let waiting: (Drawn | PresentDo<'erase'>)[] = [];
  let growing: Drawn | undefined;
  let pumping = false;

  const echo = ({ briefing, page, stroke, points }: Drawn) => {
    strokes.value = withInk(strokes.value, { briefing, page, stroke, from: 0, points });
  };

  const remove = (done: Drawn | PresentDo<'erase'>) => {
    waiting = waiting.filter((one) => one !== done);
  };

  async function pump(): Promise<void> {
    if (pumping) return;
    pumping = true;
    try {
      for (let first = waiting[0]; first; first = waiting[0]) {
        if ('do' in first) {
          if (!(await send(first))) return;
          remove(first);
          continue;
        }
        const { briefing, page, stroke, points, sent } = first;
        if (sent === points.length / 2) {
          if (first === growing) return;
          remove(first);
          continue;
        }
        const part = points.slice(2 * sent, 2 * (sent + MAX_CHUNK_POINTS));
        const answer = await send({ briefing, do: 'draw', page, stroke, from: sent, points: part });
        if (!answer) return;
        if ('problem' in answer) {
          // The server lacks what it had: once more from the beginning, or not at all.
          if (answer.problem.code === 'bad-request' && sent > 0) first.sent = 0;
          else {
            remove(first);
            if (growing === first) growing = undefined;
            strokes.value = withInk(strokes.value, { briefing, erased: { stroke } });
            full(answer.problem);
          }
          continue;
        }
        first.sent = sent + part.length / 2;
        await pause(POINTER_MS);
      }
    } finally {
      pumping = false;
    }
  }

  function begin(briefing: string, page: BriefingPage, { x, y }: Place): void {
    const stroke = Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => byte.toString(16).padStart(2, '0'));
    growing = { briefing, page, stroke: stroke.join(''), points: [x, y], sent: 0 };
    waiting.push(growing);
    echo(growing);
    void pump();
  }

  return {
    down: begin,
    move(place) {
      if (!growing) return;
      const { points, briefing, page } = growing;
      const [x = 0, y = 0] = points.slice(-2);
      if (Math.abs(place.x - x) < CLOSE && Math.abs(place.y - y) < CLOSE) return;
      points.push(place.x, place.y);
      echo(growing);
      // A line without end is several strokes.
      if (points.length / 2 >= MAX_STROKE_POINTS) begin(briefing, page, place);
      void pump();
    },
    up() {
      growing = undefined;
      void pump();
    },
    erase(command) {
      growing = undefined;
      const { what, briefing } = command;
      const gone = (one: Drawn) => ('stroke' in what ? one.stroke === what.stroke : one.page === what.page);
      waiting = [...waiting.filter((one) => 'do' in one || !gone(one)), command];
      strokes.value = withInk(strokes.value, { briefing, erased: what });
      void pump();
    },
    again() {
      for (const one of waiting) {
        if ('do' in one) strokes.value = withInk(strokes.value, { briefing: one.briefing, erased: one.what });
        else echo(one);
      }
      void pump();
    },
  };
}
