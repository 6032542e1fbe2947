// Messages to people and nothing else, in a process that can be killed: node messengerProcess.mjs REDIS_PORT URL SECRET
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { loadRegionPacks } from '../../dist/server/region/packs.js';
import { createRedis } from '../../dist/server/platform/redis/connect.js';
import { createMessageStore } from '../../dist/server/casework/connectors/messages/messageStore.js';
import { Messenger, sendToGateway } from '../../dist/server/casework/connectors/messages/messenger.js';

const [port, url, secret] = process.argv.slice(2);
const log = pino({ level: 'silent' });
const redis = createRedis({ kind: 'single', host: '127.0.0.1', port: Number(port), db: 0 }, { role: 'commands', log });
const pack = loadRegionPacks({ assetsDir: 'assets/geo', dataDir: '/nonexistent', codes: ['330110'] }).get('330110');
const setting = {
  kind: 'message',
  text: '{kind}:{alert}',
  digest: '{lines}',
  line: '{kind}:{alert}',
  url,
  body: { to: '{to}', text: '{text}', id: '{id}', count: '{count}' },
  phones: { officers: '0571-1', leaders: '0571-2' },
};
const documents = { read: (ids) => Promise.resolve(ids.map(() => null)) };
const messenger = new Messenger({
  setting,
  store: createMessageStore(redis, '330110'),
  now: Date.now,
  waits: Array.from({ length: 40 }, () => 20),
  send: (message) => sendToGateway(message, { setting, pack, documents, now: Date.now() }, [secret], undefined, 1_000),
  onGone: () => Promise.resolve(true),
});
process.stdout.write('up\n');
for (;;) {
  await messenger.pass();
  await sleep(5);
}
