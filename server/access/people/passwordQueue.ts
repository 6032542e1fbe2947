import { networkOf } from '../../platform/http/address.ts';
import { AccessError } from '../accessError.ts';

/** At the same time; each takes a thread that files and names also need. */
const AT_ONCE = 2;
/** Waiting from one address (of IPv6: one /64). */
const PER_ADDRESS = 4;
/** Waiting from all addresses that nobody has signed in from lately, and from all others. */
const STRANGERS = 512;
const KNOWN = 128;
/** While known ones wait, a stranger comes after so many of them. */
const TURNS = 3;

/** Who asks for the work. */
export interface Asker {
  address: string;
  /** Whether that address is one that the person has signed in from lately, or they were let in already. */
  known: boolean;
}

/** Waiting work, by address: each address in turn gets one of its own done. */
class Lane {
  length = 0;
  private readonly most: number;
  private readonly waiting = new Map<string, (() => void)[]>();

  constructor(most: number) {
    this.most = most;
  }

  /** @returns false when the address, or the lane, has as many as may wait */
  add(address: string, start: () => void): boolean {
    const own = this.waiting.get(address);
    if (this.length >= this.most || (own?.length ?? 0) >= PER_ADDRESS) return false;
    if (own) own.push(start);
    else this.waiting.set(address, [start]);
    this.length++;
    return true;
  }

  take(): (() => void) | undefined {
    const [first] = this.waiting;
    if (!first) return undefined;
    const [address, own] = first;
    const start = own.shift();
    this.length--;
    // To the end of the row, which maps keep in the order of their filling.
    this.waiting.delete(address);
    if (own.length) this.waiting.set(address, own);
    return start;
  }
}

/**
 * Does costly work for whoever asks, in shares: no number of strangers keeps an address from its turn that somebody has
 * signed in from lately, and no address takes more than its share from another.
 */
export class PasswordQueue {
  private running = 0;
  private turn = 0;
  private readonly strangers = new Lane(STRANGERS);
  private readonly known = new Lane(KNOWN);

  /** @throws AccessError 503 when too many wait: then nothing has been done */
  async run<T>({ address, known }: Asker, work: () => Promise<T>): Promise<T> {
    if (this.running >= AT_ONCE) {
      await new Promise<void>((resolve, reject) => {
        if (!(known ? this.known : this.strangers).add(networkOf(address), resolve))
          reject(new AccessError(503, 'too many are signing in at this moment; try again', { retryMs: 2_000 }));
      });
    } else {
      this.running++;
    }
    try {
      return await work();
    } finally {
      // Whoever comes next takes over the place of this one.
      const next = this.next();
      if (next) next();
      else this.running--;
    }
  }

  private next(): (() => void) | undefined {
    const strangersTurn = this.strangers.length > 0 && ++this.turn % (TURNS + 1) === 0;
    const [first, second] = strangersTurn ? [this.strangers, this.known] : [this.known, this.strangers];
    return first.take() ?? second.take();
  }
}
