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

it.each([
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
