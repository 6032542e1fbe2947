import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readConnectorsFile } from '../../../server/casework/connectors/connectorsFile.ts';
import { SettingError } from '../../../server/platform/settings.ts';
import { loadPack } from '../../support/packs.ts';

const dir = mkdtempSync(join(tmpdir(), 'wagewatch-connectors-file-'));
afterAll(() => rmSync(dir, { recursive: true }));
const path = join(dir, 'connectors.json');
const pack = loadPack('330110');
const NOW = 1_800_000_000_000;
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const webhook = {
  region: '330110',
  platform: 'tri-colour',
  kind: 'webhook',
  url: 'https://platform.example.cn/in',
  secret: SECRET,
};
const read = (value: unknown) => {
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  return readConnectorsFile(path, (region) => (region === '330110' ? pack : undefined), ['platform.example.cn'], NOW);
};
const problemsOf = (value: unknown): string => {
  try {
    read(value);
  } catch (error) {
    expect(error).toBeInstanceOf(SettingError);
    return (error as SettingError).message;
  }
  return '';
};

it('reads webhooks and files', () => {
  const file = { region: '330110', platform: 'other:court', kind: 'file' };
  expect(read({ connectors: [{ ...webhook, previous: SECRET }, file] })).toEqual([
    {
      region: '330110',
      platform: 'tri-colour',
      setting: { kind: 'webhook', url: webhook.url },
      secrets: { current: SECRET, previous: SECRET, previousUntil: NOW + 86_400_000 },
    },
    { region: '330110', platform: 'other:court', setting: { kind: 'file' } },
  ]);
});

const message = {
  region: '330110',
  platform: 'message',
  kind: 'message',
  url: webhook.url,
  secret: SECRET,
  text: '{tier}预警{alert}',
  headers: { 'X-Key': '{key}' },
  key: 'k-1',
  kinds: ['red'],
  quiet: { from: '22:00', to: '07:00' },
};

it('reads a gateway for messages, whose key is no setting', () => {
  const { kind, url, text, headers, kinds, quiet, key } = message;
  expect(read({ connectors: [message] })).toEqual([
    {
      region: '330110',
      platform: 'message',
      setting: { kind, url, text, headers, kinds, quiet },
      secrets: { current: SECRET, key },
    },
  ]);
});

it.each([
  [
    'an unknown placeholder',
    { connectors: [{ ...message, text: '{x}' }] },
    '/connectors/0/text has {x} at character 1',
  ],
  ['no key where one is asked for', { connectors: [{ ...message, key: undefined }] }, '/connectors/0/key is missing'],
  ['a key with white space', { connectors: [{ ...message, key: 'a b' }] }, '/connectors/0/key must be 1 to 500'],
  ['no such kind of entries', { connectors: [{ ...message, kinds: ['pigeon'] }] }, '/connectors/0/kinds/0'],
  ['quiet hours at no time', { connectors: [{ ...message, quiet: { from: '25:00', to: '07:00' } }] }, '/quiet/from'],
  [
    'messages for a platform',
    { connectors: [{ ...message, platform: 'tri-colour' }] },
    '/connectors/0/kind message is',
  ],
  ['a webhook for people', { connectors: [{ ...webhook, platform: 'message' }] }, '/connectors/0/kind webhook is not'],
  ['a webhook with a text', { connectors: [{ ...webhook, text: 'a' }] }, '/connectors/0/text is given'],
  ['a webhook with a key', { connectors: [{ ...webhook, key: 'a' }] }, '/connectors/0/key is given'],
  ['no JSON', '{', 'cannot be read as JSON'],
  ['an unknown field', { connectors: [{ ...webhook, urls: 1 }] }, '/connectors/0'],
  ['another region', { connectors: [{ ...webhook, region: '330111' }] }, '/connectors/0/region 330111'],
  ['another platform', { connectors: [{ ...webhook, platform: 'other:nobody' }] }, '/connectors/0/platform'],
  ['two of a platform', { connectors: [webhook, webhook] }, '/connectors/1 is there twice'],
  ['no secret', { connectors: [{ ...webhook, secret: undefined }] }, '/connectors/0/secret is missing'],
  ['a host that is not allowed', { connectors: [{ ...webhook, url: 'http://a.cn' }] }, '/connectors/0/url names'],
  ['no address', { connectors: [{ ...webhook, url: undefined }] }, '/connectors/0/url is missing'],
  ['a file with a secret', { connectors: [{ ...webhook, kind: 'file' }] }, '/connectors/0/secret is given'],
])('refuses %s', (_, value, told) => {
  expect(problemsOf(value)).toContain(told);
});

it('tells no secret', () => {
  expect(problemsOf({ connectors: [{ ...webhook, secret: 'hush-hush' }] })).toMatch(/secret must be whsec_/);
  expect(problemsOf({ connectors: [{ ...webhook, secret: 'hush-hush' }] })).not.toContain('hush');
});
