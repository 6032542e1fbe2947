import { expect, it } from 'vitest';
import { messages } from '../i18n/texts.ts';
import { problemWords } from '../../../../web/shell/connectorWords.ts';

it.each([
  ['it answered 410: it wants nothing any more', 'gone'],
  ['it answered 307: redirects are not followed', 'redirect'],
  ['it answered 503', 'answered'],
  ['ECONNREFUSED', 'refused'],
  ['ENOTFOUND', 'unknownHost'],
  ['no answer within 10000 ms', 'slow'],
  ['its secret is not here: give it a new one', 'noSecret'],
  ['its key is not here: give it anew', 'noKey'],
  ['its address names the host a, which is not in CONNECTOR_HOSTS: none is allowed', 'host'],
  ['batch-1-0-2.ndjson has not been acknowledged', 'unacknowledged'],
] as const)('says %s in words', (problem, key) => {
  expect(problemWords(problem)?.key).toBe(key);
  for (const { connectors } of Object.values(messages)) expect(connectors.causes[key]).not.toBe('');
});

it('says what it does not know as it is', () => {
  expect(problemWords('EPROTO')).toBeUndefined();
});
