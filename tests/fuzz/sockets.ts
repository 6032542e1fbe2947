import fc from 'fast-check';
import { io, type Socket } from 'socket.io-client';
import { openRawSocket } from '../../testing/rawSocket.ts';
import { WINDOWS } from '../../contract/codes.ts';
import { WatchSchema } from '../../contract/protocol.ts';
import type { RegionPack } from '../../contract/region.ts';
import { mutate, mutateText, mutationArbitrary, toText, type Mutation } from './mutate.ts';
import { schemaArbitrary, type JsonSchema } from './schemaArbitrary.ts';

/** Messages to the namespace `/wall` (contract §5): through the real client, and as bytes that no client would send. */
export interface MessageCase {
  request: unknown;
  spoilt: Mutation[];
  more: number;
}
export interface PacketCase {
  packets: { text: string; spoilt: Mutation[]; opcode: number }[];
}

const ANSWER_MS = 20_000;
const LEFT_MS = 500;
/** Larger ones end the connection, which the raw lane tries. */
const MOST = 3_500;

export function messageArbitrary(pack: RegionPack): fc.Arbitrary<MessageCase> {
  const scope = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(pack.code, ...pack.towns.map(({ code }) => code)) },
    { weight: 1, arbitrary: fc.constantFrom('110000', '330110999', '3301') },
  );
  return fc.record({
    request: schemaArbitrary(WatchSchema as unknown as JsonSchema, { scope }),
    spoilt: fc.array(mutationArbitrary, { maxLength: 2 }),
    more: fc.nat(7),
  });
}

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The rule in words: `{scope, window}` and nothing else, both known. */
function allowed(request: unknown, pack: RegionPack): boolean {
  if (!isFields(request) || Object.keys(request).sort().join() !== 'scope,window') return false;
  const { scope, window } = request;
  return (
    (scope === pack.code || pack.towns.some(({ code }) => code === scope)) &&
    (WINDOWS as readonly unknown[]).includes(window)
  );
}

export interface Messenger {
  try(one: MessageCase): Promise<string | undefined>;
  close(): void;
}

export async function openMessenger(url: string, pack: RegionPack): Promise<Messenger> {
  const socket: Socket = io(`${url}/wall`, { transports: ['websocket'], forceNew: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return {
    async try({ request, spoilt, more }) {
      const text = toText(spoilt.reduce(mutate, request));
      if (text.length > MOST) return undefined;
      const value: unknown = JSON.parse(text);
      // Events that do not exist, arguments that nobody expects, bytes, no acknowledgement: all to be ignored.
      if (more === 1) socket.emit('watch', value);
      if (more === 2) socket.emit(typeof value === 'string' && value ? `x${value.slice(0, 40)}` : 'alert', value);
      if (more === 3) socket.emit('watch', Buffer.from(text), () => undefined);
      if (more === 4) socket.emit('patch', value, value, () => undefined);
      const ask = () =>
        socket.timeout(ANSWER_MS).emitWithAck('watch', value) as Promise<{
          frame?: { scope: string; window: string };
          problem?: { code: string; detail: string };
        }>;
      // On a machine that has stood still the connection may have timed out; what ends it is found the second time.
      const answer = await ask().catch(() => ask());
      if (allowed(value, pack)) {
        const { scope, window } = value as { scope: string; window: string };
        return answer.frame?.scope === scope && answer.frame.window === window
          ? undefined
          : `no frame for ${text}: ${JSON.stringify(answer).slice(0, 200)}`;
      }
      return answer.problem?.code && answer.problem.detail && !answer.frame
        ? undefined
        : `no refusal of ${text.slice(0, 200)}: ${JSON.stringify(answer).slice(0, 200)}`;
    },
    close: () => {
      socket.disconnect();
    },
  };
}

const PACKETS = [
  '42/wall,7["watch",{"scope":"330110","window":"24h"}]',
  '42/wall,["watch",{"scope":"330110010","window":"all"}]',
  '40/wall,{"token":"x"}',
  '40/wall,',
  '40',
  '41/wall,',
  '42["watch",{}]',
  '43/wall,1[{}]',
  '44/wall,{"message":"x"}',
  '451-/wall,["watch",{"_placeholder":true,"num":0}]',
  '461-/wall,1[{"_placeholder":true,"num":99}]',
  '45999999-/wall,["watch"]',
  '2',
  '3',
  '2probe',
  '5',
  '6',
  '1',
  '0{"sid":"x"}',
  '42/wall,9007199254740993["watch",{}]',
  '42/wall,1["connect"]',
  '42/wall,1["disconnect"]',
  '42/wall,1[1,2]',
  '42/wall,1{"a":1}',
  '49',
  'b4AAAA',
  '',
];

export const packetArbitrary: fc.Arbitrary<PacketCase> = fc.record({
  packets: fc.array(
    fc.record({
      text: fc.constantFrom(...PACKETS),
      spoilt: fc.array(mutationArbitrary, { maxLength: 3 }),
      opcode: fc.oneof(
        { weight: 12, arbitrary: fc.constant(1) },
        { weight: 1, arbitrary: fc.constantFrom(0, 2, 3, 8, 9, 10, 15) },
      ),
    }),
    { minLength: 1, maxLength: 12 },
  ),
});

/** Sends packets over one connection: afterwards it either answers a good one or has been closed. */
export async function tryPackets(url: string, { packets }: PacketCase): Promise<string | undefined> {
  let answered = false;
  let last = '';
  const raw = await openRawSocket(url, (payload) => {
    last = payload.toString('utf8', 0, 300);
    if (last.startsWith('43/wall,4711[')) answered = true;
  });
  try {
    raw.send('40/wall,');
    for (const { text, spoilt, opcode } of packets) raw.send(spoilt.reduce(mutateText, text), opcode);
    const good = '42/wall,4711["watch",{"scope":"330110","window":"24h"}]';
    raw.send(good);
    const started = Date.now();
    let again = false;
    while (!raw.closed() && !answered) {
      if (!again && Date.now() > started + LEFT_MS) {
        // It may have left the namespace: then it can join again.
        again = true;
        raw.send('40/wall,');
        raw.send(good);
      }
      if (Date.now() > started + ANSWER_MS) return `neither answered nor closed: ${JSON.stringify(last)}`;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return undefined;
  } finally {
    raw.tcp.destroy();
  }
}
