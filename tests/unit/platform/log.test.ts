import { expect, it } from 'vitest';
import { createLogger } from '../../../server/platform/log.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
/** As the Redis client makes them. */
const replyError = () =>
  Object.assign(new Error('READONLY You can not write against a read only replica.'), {
    command: { name: 'hset', args: ['{connector-secrets}:secrets', SECRET] },
  });

it.each<[string, () => Record<string, unknown> | Error]>([
  ['under err', () => ({ err: replyError() })],
  ['under error', () => ({ error: replyError() })],
  ['by itself', replyError],
  [
    'within a transaction that failed',
    () => ({ error: Object.assign(new Error('EXECABORT'), { previousErrors: [replyError()] }) }),
  ],
  ['of several', () => ({ error: new AggregateError([replyError()], 'none of them') })],
  ['as a cause', () => ({ err: new Error('it could not be written', { cause: replyError() }) })],
])('tells of an error of Redis which command it was, and nothing of what was written: %s', (_, told) => {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const log = createLogger('info', { write });
  log.error(told(), 'failed');
  log.child({ region: '330110' }).error(told(), 'failed');
  expect(lines).toHaveLength(2);
  for (const line of lines) {
    expect(line).not.toContain(SECRET);
    expect(line).toMatch(/READONLY|EXECABORT/);
    if (!line.includes('could not be written')) expect(line).toContain('hset');
    expect(line).toContain('log.test.ts');
  }
});
