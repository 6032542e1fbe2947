import { expect, it } from 'vitest';
import { messageOf } from '../../../server/casework/connectors/cloudEvent.ts';
import { signedHeaders, urlFault } from '../../../server/casework/connectors/webhook.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

it.each([
  ['https://platform.example.cn/in', 'platform.example.cn:443', true],
  ['https://platform.example.cn:443/in', 'platform.example.cn:443', true],
  ['http://platform.example.cn/in', 'platform.example.cn:80', true],
  ['https://platform.example.cn/in', 'platform.example.cn', true],
  ['https://platform.example.cn:8443/in', 'platform.example.cn:8443', true],
  ['https://platform.example.cn:8443/in', 'platform.example.cn:443', false],
  ['http://platform.example.cn/in', 'platform.example.cn:443', false],
  ['https://platform.example.cn.other.cn/in', 'platform.example.cn', false],
])('an address %s with %s allowed', (url, host, isAllowed) => {
  expect(urlFault(url, [host]) === undefined).toBe(isAllowed);
});

/** The `webhook-id` under which an event goes out. */
const idOf = (source: string, id: string) => {
  const event = { type: 'wage.alert.amended', time: 1_800_000_000_000, source, id, data: { workers: 1 } } as const;
  const message = messageOf('330110', { alertId: 'A', event });
  expect(message.id).toBe(id);
  return signedHeaders(message, [SECRET], new Date(1_800_000_000_000))['webhook-id']!;
};

it('gives each event an id of its own, whoever has made it, and the same again the same', () => {
  const all = [
    idOf('urn:bank', '1'),
    idOf('urn:water', '1'),
    idOf('urn:wagewatch:desk', '1'),
    idOf('urn:wagewatch:desk', '编号'),
    idOf('urn:wagewatch:desk', '%E7%BC%96%E5%8F%B7'),
  ];
  expect(new Set(all).size).toBe(all.length);
  for (const id of all) expect(id).toMatch(/^[\x21-\x7e]+$/);
  expect(idOf('urn:bank', '1')).toBe(all[0]);
  expect(all[2]).toBe('1');
});
